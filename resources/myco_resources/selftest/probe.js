// What a realm can know of the browser: a function of the realm's global object. The names of what
// it finds are those that the judgement asks for (myco_browser/selftest/judging.py).
(scope) => {
  const navigator = scope.navigator;
  const found = {};
  for (const key of ["userAgent", "platform", "vendor", "language", "deviceMemory", "webdriver",
    "hardwareConcurrency", "globalPrivacyControl", "maxTouchPoints"]) found[key] = navigator[key];
  found.languages = navigator.languages?.join();
  found.mobile = navigator.userAgentData?.mobile;
  found.brands = navigator.userAgentData?.brands.map((one) => one.brand + " " + one.version).join(", ");

  const absent = {
    battery: "getBattery" in navigator || "BatteryManager" in scope,
    network: "connection" in navigator || "NetworkInformation" in scope,
    keyboard: "keyboard" in navigator,
    midi: "requestMIDIAccess" in navigator,
    webgpu: "gpu" in navigator,
    hardware: ["usb", "hid", "serial", "bluetooth", "xr"].some((one) => one in navigator),
    speech: "speechSynthesis" in scope || "webkitSpeechRecognition" in scope,
    sharedWorker: "SharedWorker" in scope,
  };
  for (const [name, isThere] of Object.entries(absent)) found[name] = isThere;
  found.heap = scope.performance?.memory?.jsHeapSizeLimit;

  const options = scope.Intl.DateTimeFormat().resolvedOptions();
  found.zone = options.timeZone;
  found.locale = options.locale;
  found.offset = new scope.Date(2024, 6, 1).getTimezoneOffset();
  found.date = new scope.Date(0).toLocaleString();

  if (scope.OffscreenCanvas) {
    const canvas = new scope.OffscreenCanvas(220, 40);
    const pen = canvas.getContext("2d");
    pen.font = "16px Arial";
    pen.fillText("Sphinx of quartz \u{1f344} 0123", 2, 20);
    pen.font = "15px monospace";
    pen.fillText("judge my vow", 4, 36);
    let sum = 0;
    for (const byte of pen.getImageData(0, 0, 220, 40).data) sum = (sum * 31 + byte) % 4294967291;
    found.canvas = sum.toString(16);
    const gl = new scope.OffscreenCanvas(1, 1).getContext("webgl");
    const info = gl?.getExtension("WEBGL_debug_renderer_info");
    found.webgl = Boolean(gl);
    found.renderer = info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : "";
  }
  return found;
}

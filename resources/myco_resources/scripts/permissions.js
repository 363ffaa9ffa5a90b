// Takes features from pages that filters forbid them, in the world of the page, before its scripts.
// The functions then answer as the specifications say of a policy that forbids them.
(() => {
  "use strict";
  const { usual, pages } = __TABLE__;
  const { apply, defineProperty, getOwnPropertyDescriptor } = Reflect;
  // A frame without an address of its own has that of the page that made it.
  const address = () => {
    if (location.protocol !== "about:" && location.protocol !== "blob:") return location.href;
    try {
      return parent.location.href;
    } catch {
      return document.baseURI;
    }
  };
  const forbidden = new Set(pages[address().replace(/#.*$/, "")] ?? usual);
  if (!forbidden.size) return;

  const MESSAGE = "The feature is disabled in this document by permissions policy.";
  const error = (name) =>
    name === "TypeError" ? new TypeError(MESSAGE) : new DOMException(MESSAGE, name);
  const refuse = (name) => () => Promise.reject(error(name));
  const fail = (name) => () => {
    throw error(name);
  };
  const tellPosition = (args) => {
    const told = Object.create(GeolocationPositionError.prototype, {
      code: { value: 1, enumerable: true },
      message: { value: "Geolocation has been disabled in this document by permissions policy.", enumerable: true },
    });
    if (typeof args[1] === "function") setTimeout(args[1], 0, told);
    return undefined;
  };
  const part = (name) => (args) => args[0]?.[name];
  const media = (name) => ({
    "MediaDevices.getUserMedia": [refuse("NotAllowedError"), part(name)],
    "Navigator.webkitGetUserMedia": [(args) => {
      if (typeof args[2] === "function") setTimeout(args[2], 0, error("NotAllowedError"));
      return undefined;
    }, part(name)],
  });
  const credentials = (method, name) => ({
    [`CredentialsContainer.${method}`]: [refuse("NotAllowedError"), part(name)],
  });
  const denied = (...names) => Object.fromEntries(names.map((name) => [name, [refuse("NotAllowedError")]]));
  const motion = (...names) => Object.fromEntries(names.map((name) => [`new ${name}`, [fail("SecurityError")]]));

  // "Interface.method", "Interface/static method", "Interface?getter" (answers false), "new Interface".
  const ACTS = {
    accelerometer: motion("Accelerometer", "GravitySensor", "LinearAccelerationSensor"),
    camera: media("video"),
    "clipboard-read": denied("Clipboard.read", "Clipboard.readText"),
    "clipboard-write": denied("Clipboard.write", "Clipboard.writeText"),
    "display-capture": denied("MediaDevices.getDisplayMedia"),
    "encrypted-media": { "Navigator.requestMediaKeySystemAccess": [refuse("SecurityError")] },
    fullscreen: {
      "Document?fullscreenEnabled": [() => false],
      "Document?webkitFullscreenEnabled": [() => false],
      "Element.requestFullscreen": [refuse("TypeError")],
      "Element.webkitRequestFullscreen": [() => undefined],
    },
    gamepad: { "Navigator.getGamepads": [fail("SecurityError")] },
    geolocation: {
      "Geolocation.getCurrentPosition": [tellPosition],
      "Geolocation.watchPosition": [(args) => (tellPosition(args), 0)],
    },
    gyroscope: motion("Gyroscope", "AbsoluteOrientationSensor", "RelativeOrientationSensor"),
    "identity-credentials-get": credentials("get", "identity"),
    "idle-detection": denied("IdleDetector/requestPermission", "IdleDetector.start"),
    "keyboard-map": { "Keyboard.getLayoutMap": [refuse("SecurityError")] },
    magnetometer: motion("Magnetometer"),
    microphone: media("audio"),
    midi: { "Navigator.requestMIDIAccess": [refuse("SecurityError")] },
    "picture-in-picture": {
      "Document?pictureInPictureEnabled": [() => false],
      "HTMLVideoElement.requestPictureInPicture": [refuse("SecurityError")],
    },
    "publickey-credentials-create": credentials("create", "publicKey"),
    "publickey-credentials-get": credentials("get", "publicKey"),
    "screen-wake-lock": denied("WakeLock.request"),
    "storage-access": denied("Document.requestStorageAccess", "Document.requestStorageAccessFor"),
    "window-management": denied("window.getScreenDetails"),
  };

  // A proxy of a function looks native from outside.
  const replace = (path, act, isMeant = () => true) => {
    if (path.startsWith("new ")) {
      const name = path.slice(4);
      const target = window[name];
      if (target) defineProperty(window, name, { value: new Proxy(target, { construct: act }), configurable: true, writable: true });
      return;
    }
    const [, name, kind, member] = /^(\w+)([./?])(\w+)$/.exec(path);
    const owner = name === "window" ? window : kind === "/" ? window[name] : window[name]?.prototype;
    const before = owner && getOwnPropertyDescriptor(owner, member);
    if (!before) return;
    const field = kind === "?" ? "get" : "value";
    const call = (target, self, args) => (isMeant(args) ? act(args) : apply(target, self, args));
    defineProperty(owner, member, { ...before, [field]: new Proxy(before[field], { apply: call }) });
  };
  const sensors = new Set(["accelerometer", "gyroscope", "magnetometer"]);
  for (const feature of forbidden) {
    for (const [path, [act, isMeant]] of Object.entries(ACTS[feature] ?? {})) replace(path, act, isMeant);
    if (sensors.has(feature)) {
      for (const type of ["devicemotion", "deviceorientation", "deviceorientationabsolute"]) {
        addEventListener(type, (event) => event.stopImmediatePropagation(), true);
      }
    }
  }

  // What the page is told when it asks whether it may.
  const policy = window.FeaturePolicy?.prototype;
  const wrap = (owner, name, call) => {
    const target = owner?.[name];
    if (target) defineProperty(owner, name, { value: new Proxy(target, { apply: call }), configurable: true, writable: true, enumerable: true });
  };
  wrap(policy, "allowsFeature", (target, self, args) => !forbidden.has(String(args[0])) && apply(target, self, args));
  wrap(policy, "allowedFeatures", (target, self, args) => apply(target, self, args).filter((name) => !forbidden.has(name)));
  wrap(policy, "getAllowlistForFeature", (target, self, args) => (forbidden.has(String(args[0])) ? [] : apply(target, self, args)));
  wrap(window.Permissions?.prototype, "query", async (target, self, args) => {
    const found = await apply(target, self, args);
    if (forbidden.has(String(args[0]?.name))) defineProperty(found, "state", { value: "denied" });
    return found;
  });
})();

"""Pages that tell all that they can know of a browser, in every kind of realm there is."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from support.site import Answer, Site

# A function of a realm's global object; it names what tells machines apart, and nothing else.
DUMP = """(scope) => {
  const n = scope.navigator, found = {};
  for (const key of ['deviceMemory', 'hardwareConcurrency', 'globalPrivacyControl', 'userAgent',
      'platform', 'vendor', 'language', 'webdriver', 'doNotTrack', 'maxTouchPoints',
      'pdfViewerEnabled', 'productSub', 'cookieEnabled']) found[key] = n[key];
  found.languages = n.languages?.join();
  for (const key of ['connection', 'getBattery', 'keyboard', 'gpu', 'xr', 'usb', 'hid', 'serial',
      'bluetooth', 'webkitTemporaryStorage', 'storageBuckets', 'requestMIDIAccess'])
    found['has ' + key] = key in n;
  for (const key of ['SharedWorker', 'NetworkInformation', 'BatteryManager', 'speechSynthesis',
      'PaymentRequest', 'queryLocalFonts'])
    found['global ' + key] = key in scope;
  const options = scope.Intl.DateTimeFormat().resolvedOptions();
  found.zone = options.timeZone;
  found.locale = options.locale;
  found.offset = new scope.Date(2024, 6, 1).getTimezoneOffset();
  found.date = new scope.Date(0).toLocaleString();
  found.number = (1234567.891).toLocaleString();
  found.heap = scope.performance?.memory?.jsHeapSizeLimit;
  found.brands = JSON.stringify(n.userAgentData?.brands);
  found.mobile = n.userAgentData?.mobile;
  if (scope.OffscreenCanvas) {
    const canvas = new scope.OffscreenCanvas(200, 40), pen = canvas.getContext('2d');
    pen.font = '16px Arial'; pen.fillText('How vexingly quick \\u{1f600} daft', 2, 20);
    pen.font = '15px monospace'; pen.fillText('zebras jump', 4, 36);
    let sum = 0;
    for (const byte of pen.getImageData(0, 0, 200, 40).data) sum = (sum * 31 + byte) % 4294967291;
    found.canvas = sum;
    const gl = new scope.OffscreenCanvas(1, 1).getContext('webgl');
    const info = gl && gl.getExtension('WEBGL_debug_renderer_info');
    found.webgl = !!gl;
    found.renderer = info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : null;
  }
  return found;
}"""
# What only windows have.
WINDOW = """(scope) => {
  const s = scope.screen, found = {};
  for (const key of ['width', 'height', 'availLeft', 'availTop', 'colorDepth', 'pixelDepth',
      'isExtended']) found['screen ' + key] = s[key];
  found.orientation = s.orientation.type + s.orientation.angle;
  for (const key of ['innerWidth', 'outerWidth', 'innerHeight', 'outerHeight', 'screenX',
      'screenY', 'devicePixelRatio']) found[key] = scope[key];
  for (const query of ['(pointer: fine)', '(hover: hover)', '(prefers-color-scheme: light)',
      '(prefers-reduced-motion: reduce)', '(color-gamut: srgb)', '(any-pointer: coarse)'])
    found[query] = scope.matchMedia(query).matches;
  const sound = new scope.AudioContext();
  found.sound = [sound.sampleRate, sound.baseLatency, sound.outputLatency,
                 sound.destination.maxChannelCount].join();
  sound.close();
  return found;
}"""
_LATER = """async (scope) => {
  const found = {};
  // A realm without an origin of its own has no storage.
  found.quota = await scope.navigator.storage?.estimate().then(all => all.quota, () => undefined);
  const high = await scope.navigator.userAgentData?.getHighEntropyValues(
    ['architecture', 'bitness', 'model', 'platformVersion', 'fullVersionList', 'wow64']);
  found.high = JSON.stringify(high);
  if (scope.navigator.mediaDevices)
    found.devices = (await scope.navigator.mediaDevices.enumerateDevices()).length;
  return found;
}"""
_TELL = """async (realm, place) => {
  const dump = {...(DUMP)(self), ...await (LATER)(self)};
  await fetch(place + '/tell?' + encodeURIComponent(JSON.stringify([realm, dump])),
              {mode: 'no-cors'});
}""".replace("DUMP", DUMP).replace("LATER", _LATER)

_REALMS = """<title>waiting</title><link rel=icon href='data:,'><body><script>
const dump = __DUMP__, windowDump = __WINDOW__, later = __LATER__, tell = __TELL__;
const place = 'http://tell.example';
const say = (realm, found) =>
  fetch(place + '/tell?' + encodeURIComponent(JSON.stringify([realm, found])),
        {mode: 'no-cors'});
const frame = (set) => {
  const made = document.createElement('iframe');
  set(made);
  document.body.append(made);
  return made;
};
const direct = (realm, scope) => {
  try { say(realm, dump(scope)); } catch (error) { say(realm, {error: String(error)}); }
};
say('window only', windowDump(window));
later(window).then(found => say('top', {...dump(window), ...found}));
direct('about:blank at once', frame(f => {}).contentWindow);
direct('srcdoc at once', frame(f => f.srcdoc = '<p>x').contentWindow);
document.body.insertAdjacentHTML('beforeend', '<iframe name=inner></iframe>');
direct('inner html', window.inner);
const written = frame(f => {});
written.contentDocument.open();
written.contentDocument.write('<script>window.own = parent.dump ? 1 : 0<\\/script>');
written.contentDocument.close();
direct('document.write', written.contentWindow);
const object = document.createElement('object');
object.data = 'about:blank';
document.body.append(object);
if (object.contentWindow) direct('object', object.contentWindow);
const code = (realm) => `(${tell})(${JSON.stringify(realm)}, ${JSON.stringify(place)})`;
const body = (realm) => `<script>${code(realm)}<\\/script>`;
frame(f => f.srcdoc = body('srcdoc'));
frame(f => f.src = URL.createObjectURL(new Blob([body('blob')], {type: 'text/html'})));
frame(f => f.src = 'data:text/html,' + encodeURIComponent(body('data')));
frame(f => { f.sandbox = 'allow-scripts'; f.srcdoc = body('sandboxed'); });
frame(f => f.src = '/frame?same');
frame(f => f.src = 'http://other.example/frame?cross');
frame(f => { f.sandbox = 'allow-same-origin'; window.quiet = f; });
direct('sandboxed without scripts', window.quiet.contentWindow);
const address = (text) => URL.createObjectURL(new Blob([text], {type: 'text/javascript'}));
new Worker(address(code('worker, blob')));
new Worker('data:text/javascript,' + encodeURIComponent(code('worker, data')));
new Worker('/worker.js');
new Worker(address(code('worker, module')), {type: 'module'});
new Worker(address(`new Worker(${JSON.stringify(address(code('worker, nested')))})`));
if (navigator.serviceWorker)
  navigator.serviceWorker.register('/service.js').then(
    () => say('service worker', {registered: true}),
    () => say('service worker', {registered: false}));
document.title = 'told';
</script>
<button id=blank onclick="direct('popup, blank', window.open('about:blank'))">blank</button>
<button id=popup onclick="direct('popup, at once', window.open('/frame?popup'))">popup</button>"""

# What a pop-up reads at once, before anything of its own was loaded.
_POPUP = """;
const inner = document.createElement('iframe'), tell = __TELL__;
document.body.append(inner);
const dump = (__DUMP__)(inner.contentWindow), place = 'http://tell.example';
const text = JSON.stringify(['popup, frame at once', dump]);
fetch(place + '/tell?' + encodeURIComponent(text), {mode: 'no-cors'});
const code = `(${tell})('popup, worker', '${place}')`;
new Worker(URL.createObjectURL(new Blob([code], {type: 'text/javascript'})));
""".replace("__TELL__", _TELL).replace("__DUMP__", DUMP)
POPUPS = ("popup", "popup, blank", "popup, at once", "popup, frame at once", "popup, worker")

REALMS = (
    "top", "about:blank at once", "srcdoc at once", "inner html", "document.write", "srcdoc",
    "blob", "data", "sandboxed", "same", "cross", "sandboxed without scripts", "worker, blob",
    "worker, data", "worker, script", "worker, module", "worker, nested",
)  # fmt: skip


def serve_realms(site: Site) -> None:
    """Serves the page at localhost, a secure context, which tells at "/tell?…" what realms know."""
    page = _REALMS
    for name, text in (("DUMP", DUMP), ("WINDOW", WINDOW), ("LATER", _LATER), ("TELL", _TELL)):
        page = page.replace(f"__{name}__", text)
    site.page("localhost/", page)
    here = "http://tell.example"
    for host in ("localhost", "other.example"):
        for realm in ("same", "cross", "popup"):
            script = f"({_TELL})({json.dumps(realm)}, {json.dumps(here)})"
            more = _POPUP if realm == "popup" else ""
            site.page(f"{host}/frame?{realm}", f"<body><script>{script}{more}</script>")
    tell = f"({_TELL})('worker, script', {json.dumps(here)})"
    site.pages["localhost/worker.js"] = Answer(tell.encode(), "text/javascript")
    site.pages["localhost/service.js"] = Answer(b"1", "text/javascript")


def told(site: Site) -> dict[str, dict[str, Any]]:
    """What realms told the server so far."""
    found: dict[str, dict[str, Any]] = {}
    for place in tuple(site.arrived):
        if "/tell?" in place:
            realm, values = json.loads(unquote(place.partition("/tell?")[2]))
            found[realm] = values
    return found

// Makes the answers of a page's realm the same for every user, where no switch of the engine does.
//
// It runs as the first script of every document, and in realms that page scripts do not reach by
// way of the inspection bridge: frames that are read at once, and workers, before their own code.
// What can be removed is removed, which no page can tell from an engine without it; only the rest
// is answered by functions of ours. Both ways may meet in one realm: the second finds nothing left.
(() => {
  "use strict";
  const values = __VALUES__;
  // The pages of a site that the user opened see what is true, and so do the frames in them. The
  // page on top decides: such a site in a frame elsewhere is a site like any other.
  const isOpen = () => {
    if (!values.open.length || !globalThis.document) return false;
    const above = location.ancestorOrigins;
    return values.open.includes(above.length ? above[above.length - 1] : globalThis.origin);
  };

  // A proxy's text is "function () { [native code] }" in every realm, whatever stands behind it.
  const hidden = (target, traps = {}) => new Proxy(target, traps);
  const { apply, construct, getOwnPropertyDescriptor, defineProperty, deleteProperty, has } = Reflect;
  const then = Promise.prototype.then;

  // The descriptor of `name`, with its get, set or value replaced by what `change` makes of it.
  const replace = (owner, name, part, traps) => {
    const found = owner && getOwnPropertyDescriptor(owner, name);
    if (!found || !found[part] || !found.configurable) return;
    defineProperty(owner, name, { ...found, [part]: hidden(found[part], traps) });
  };
  // The true getter is asked first, so that a wrong receiver fails as it always did.
  const answer = (owner, name, value) =>
    replace(owner, name, "get", {
      apply: (getter, self, list) => {
        apply(getter, self, list);
        return typeof value === "function" ? value(self) : value;
      },
    });
  const method = (owner, name, act) =>
    replace(owner, name, "value", { apply: (native, self, list) => act(native, self, list) });
  const remove = (owner, ...names) => {
    if (owner) for (const name of names) deleteProperty(owner, name);
  };

  const install = (scope) => {
    const navigator = (scope.Navigator || scope.WorkerNavigator)?.prototype;
    if (!navigator || !has(navigator, "connection")) return;
    removeFacts(scope, navigator);
    answerStorage(scope, navigator);
    sayGlobalPrivacyControl(navigator);
    hideRenderer(scope);
    if (scope.Navigator) {
      answerScreen(scope);
      answerSound(scope);
      answerDevices(scope, navigator);
      answerKeys(scope);
      if (values.cookieDays) shortenCookies(scope);
      followWindows(scope);
    }
  };

  const removeFacts = (scope, navigator) => {
    remove(navigator, "deviceMemory", "connection", "getBattery", "keyboard", "gpu");
    remove(navigator, "requestMIDIAccess", "webkitTemporaryStorage", "webkitPersistentStorage");
    remove(scope, "NetworkInformation", "BatteryManager", "Keyboard", "KeyboardLayoutMap");
    if (!values.devices) {
      remove(navigator, "getGamepads");
      remove(scope, "Gamepad", "GamepadButton", "GamepadEvent", "GamepadHapticActuator");
    }
    remove(scope.Performance?.prototype, "memory");
    remove(scope.console, "memory");
  };

  // A worker that is paused before its first line has no storage yet: asked for later.
  const answerStorage = (scope, navigator) => {
    const estimate = (native, self, list) =>
      apply(then, apply(native, self, list), [(found) => ({ ...found, quota: values.quota })]);
    if (scope.StorageManager) {
      method(scope.StorageManager.prototype, "estimate", estimate);
      return;
    }
    let isDone = false;
    replace(navigator, "storage", "get", {
      apply: (getter, self, list) => {
        const storage = apply(getter, self, list);
        if (!isDone && storage) {
          isDone = true;
          method(Object.getPrototypeOf(storage), "estimate", estimate);
        }
        return storage;
      },
    });
  };

  const sayGlobalPrivacyControl = (navigator) => {
    const like = { get globalPrivacyControl() { return true; } };
    const { get } = getOwnPropertyDescriptor(like, "globalPrivacyControl");
    const found = { get: hidden(get), set: undefined, enumerable: true, configurable: true };
    defineProperty(navigator, "globalPrivacyControl", found);
  };

  // Without this extension the engine itself answers for the renderer with the same word everywhere.
  const hideRenderer = (scope) => {
    const name = "WEBGL_debug_renderer_info";
    for (const kind of ["WebGLRenderingContext", "WebGL2RenderingContext"]) {
      const context = scope[kind]?.prototype;
      method(context, "getExtension", (native, self, list) =>
        `${list[0]}`.toUpperCase() === name.toUpperCase() ? null : apply(native, self, list));
      method(context, "getSupportedExtensions", (native, self, list) => {
        const found = apply(native, self, list);
        return found && found.filter((one) => one !== name);
      });
    }
  };

  const answerScreen = (scope) => {
    answer(scope, "outerWidth", () => scope.innerWidth);
    answer(scope, "outerHeight", () => scope.innerHeight);
    for (const name of ["screenX", "screenY", "screenLeft", "screenTop"]) answer(scope, name, 0);
    const screen = scope.Screen?.prototype;
    for (const name of ["availLeft", "availTop"]) answer(screen, name, 0);
    for (const name of ["colorDepth", "pixelDepth"]) answer(screen, name, 24);
    answer(screen, "isExtended", false);
    answer(scope.ScreenOrientation?.prototype, "type", "landscape-primary");
    answer(scope.ScreenOrientation?.prototype, "angle", 0);
    answer(scope.Navigator.prototype, "maxTouchPoints", 0);
    if (!values.screen) return;
    for (const event of [scope.MouseEvent, scope.Touch]) {
      answer(event?.prototype, "screenX", (self) => self.clientX);
      answer(event?.prototype, "screenY", (self) => self.clientY);
    }
  };

  const answerSound = (scope) => {
    const native = scope.AudioContext;
    if (!native) return;
    const made = hidden(native, {
      construct: (target, list, wanted) => {
        const options = { sampleRate: values.sampleRate, ...list[0] };
        return construct(target, [options], wanted === made ? target : wanted);
      },
    });
    for (const name of ["AudioContext", "webkitAudioContext"]) {
      const found = getOwnPropertyDescriptor(scope, name);
      if (found?.value === native) defineProperty(scope, name, { ...found, value: made });
    }
    const link = getOwnPropertyDescriptor(native.prototype, "constructor");
    defineProperty(native.prototype, "constructor", { ...link, value: made });
    answer(native.prototype, "baseLatency", 0.01);
    answer(native.prototype, "outputLatency", 0);
    answer(scope.AudioDestinationNode?.prototype, "maxChannelCount", 2);
  };

  // The engine never settles this promise (QtWebEngine 6.11), and sign-in pages wait for it. What is
  // told is what holds for every session: security keys, and nothing built in. To be taken out
  // when the engine answers by itself.
  const answerKeys = (scope) =>
    method(scope.PublicKeyCredential, "getClientCapabilities", () => Promise.resolve({
      conditionalCreate: false, conditionalGet: false, hybridTransport: false,
      passkeyPlatformAuthenticator: false, relatedOrigins: false,
      signalAllAcceptedCredentials: false, signalCurrentUserDetails: false,
      signalUnknownCredential: false, userVerifyingPlatformAuthenticator: false,
    }));

  // Names are there only once the user let this site use a device: then it gets the true list.
  const answerDevices = (scope, navigator) => {
    method(scope.MediaDevices?.prototype, "enumerateDevices", (native, self, list) =>
      apply(then, apply(native, self, list), [
        (found) => (values.devices && found.some((one) => one.label) ? found : []),
      ]));
  };

  // What a script writes into a cookie lasts a few days; what a server sets lasts as it says.
  const shortenCookies = (scope) => {
    const longest = values.cookieDays * 86400;
    const limit = (text) => {
      const [pair, ...attributes] = `${text}`.split(";");
      let age = null;
      let expires = null;
      const kept = [];
      for (const attribute of attributes) {
        const [, name, value] = /^\s*([^=]*?)\s*(?:=(.*))?$/s.exec(attribute);
        if (/^max-age$/i.test(name) && /^-?\d+$/.test((value ?? "").trim())) age = Number(value);
        else if (/^expires$/i.test(name)) expires = Date.parse((value ?? "").trim());
        else kept.push(attribute);
      }
      if (age === null && expires !== null && !Number.isNaN(expires)) {
        age = Math.floor((expires - Date.now()) / 1000);
      }
      if (age === null) return `${text}`;
      return [pair, ...kept, ` max-age=${Math.min(age, longest)}`].join(";");
    };
    replace(scope.Document.prototype, "cookie", "set", {
      apply: (setter, self, list) => apply(setter, self, [limit(list[0])]),
    });
    method(scope.CookieStore?.prototype, "set", (native, self, list) => {
      const wish = list[0];
      if (list.length !== 1 || typeof wish !== "object" || wish === null) {
        return apply(native, self, list);
      }
      const latest = Date.now() + longest * 1000;
      const expires = wish.expires > latest ? latest : wish.expires;
      return apply(native, self, [{ ...wish, expires: expires ?? null }]);
    });
  };

  // A window that this page opens can be read at once, before its own scripts run.
  const followWindows = (scope) => {
    const follow = (native, self, list) => {
      const opened = apply(native, self, list);
      try {
        if (opened) install(opened);
      } catch {
        // Another site's window: its own scripts are prepared there.
      }
      return opened;
    };
    method(scope, "open", follow);
    method(scope.Document.prototype, "open", (native, self, list) =>
      list.length > 2 ? follow(native, self, list) : apply(native, self, list));
  };

  // A name that a page gives its window must not tell the next site where the user comes from.
  const forgetName = (scope) => {
    try {
      const arrival = scope.navigation?.activation;
      const isNew = arrival && (arrival.navigationType === "push" || arrival.navigationType === "replace");
      if (scope.top === scope && !scope.opener && isNew && !arrival.from) scope.name = "";
    } catch {
      // A frame that may not look at its top window is none.
    }
  };

  if (isOpen()) {
    const navigator = globalThis.Navigator?.prototype;
    if (navigator && !("globalPrivacyControl" in navigator)) sayGlobalPrivacyControl(navigator);
    answerKeys(globalThis);
  } else {
    install(globalThis);
  }
  if (globalThis.document) forgetName(globalThis);
})();

// The inspection bridge: runs in a hidden page in place of the engine's developer tools, or before
// them where the user opened them, and puts the identity into realms that page scripts do not reach.
//
// It asks for nothing but to run our script first: in new documents, in frames as they attach, in
// workers while they wait. What arrives is JSON with words that pages chose: parsed, never run.
(() => {
  "use strict";
  const { prefix, source, media, answerAgent, beside } = __CONFIG__;
  if (!beside) {
    window.stop();
    document.documentElement?.remove();
    // A process that was started ahead: it has no page to inspect yet.
    if (!("DevToolsHost" in window)) return;
  }

  const say = (word) => console.log(prefix + word);
  const toEngine = DevToolsHost.sendMessageToEmbedder.bind(DevToolsHost);
  // The tools count their own messages from one.
  const OURS = 1900000000;
  const send = (id, method, params, sessionId) => {
    const message = JSON.stringify({ id: OURS + id, method, params, sessionId });
    toEngine(JSON.stringify({ id: OURS, method: "dispatchProtocolMessage", params: [message] }));
  };

  const FOLLOWED = 5;
  const ARMED = 9;
  const AGENT = 7;
  const SCRIPT = 10;
  const METRICS = 20;
  const PICTURE = 21;
  // Longer pages make pictures that few programs open.
  const MOST_PIXELS = 16000;
  let whole = true;
  // Which browser realms are told; the sessions of realms, and the script that each one got.
  let agent = null;
  const realms = new Map([[undefined, "page"]]);
  const scripts = new Map();
  const tell = (sessionId) => {
    const isDocument = realms.get(sessionId) !== "worker";
    const identifier = scripts.get(sessionId);
    scripts.delete(sessionId);
    if (identifier !== undefined) {
      send(11, "Page.removeScriptToEvaluateOnNewDocument", { identifier }, sessionId);
    }
    if (agent) {
      // What the engine's own word does not reach: frames that are read at once, service workers.
      const text = `(${answerAgent})(${JSON.stringify(agent)}, null)`;
      const wanted = { source: text, runImmediately: true };
      if (isDocument) send(SCRIPT, "Page.addScriptToEvaluateOnNewDocument", wanted, sessionId);
      else send(4, "Runtime.evaluate", { expression: text }, sessionId);
    }
    send(AGENT, "Emulation.setUserAgentOverride", agent ?? { userAgent: "" }, sessionId);
  };
  window.setAgent = (value) => {
    agent = value;
    for (const sessionId of realms.keys()) tell(sessionId);
  };
  // On the pages of a site that the user opened, workers see what is true.
  let isResting = false;
  window.rest = (on) => {
    isResting = on;
  };
  // A process that frames of a site share keeps what they loaded, whatever page they are in: a frame
  // begins without that, and asks for its files anew (or the cache of its own page's site).
  const forgetFiles = (sessionId) => {
    for (const cacheDisabled of [true, false]) {
      send(14, "Network.setCacheDisabled", { cacheDisabled }, sessionId);
    }
  };
  const COOKIES = 12;
  const prepare = (kind, sessionId) => {
    if (kind === "page" || kind === "iframe") {
      send(1, "Page.enable", {}, sessionId);
      send(2, "Page.addScriptToEvaluateOnNewDocument", { source, runImmediately: true }, sessionId);
      if (sessionId) forgetFiles(sessionId);
      if (media.length) send(3, "Emulation.setEmulatedMedia", { features: media }, sessionId);
    } else if (!isResting) {
      send(4, "Runtime.evaluate", { expression: source }, sessionId);
    }
    if (sessionId) realms.set(sessionId, kind === "page" || kind === "iframe" ? kind : "worker");
    if (agent) tell(sessionId);
    const everything = { autoAttach: true, waitForDebuggerOnStart: true, flatten: true };
    send(sessionId ? FOLLOWED : ARMED, "Target.setAutoAttach", everything, sessionId);
  };
  // Not before that was answered: the two take different ways to the realm, and one that is let go
  // first could start a worker that nobody tells us of.
  const letGo = (sessionId) => send(6, "Runtime.runIfWaitingForDebugger", {}, sessionId);

  // What the user's tools hear of a realm waits until it is prepared: they let it go. Those that
  // came before the tools listened are ours alone, and end when the tools ask for their own.
  let toTools = () => {};
  let areToolsThere = false;
  const held = new Map();
  const ownRealms = new Set();
  const follow = (text, kind, sessionId) => {
    if (beside && areToolsThere) held.set(sessionId, text);
    else ownRealms.add(sessionId);
    prepare(kind, sessionId);
  };
  const followed = (sessionId) => {
    const text = held.get(sessionId);
    held.delete(sessionId);
    if (text) toTools(text);
    else letGo(sessionId);
  };

  const receive = (text) => {
    const found = JSON.parse(text);
    const message = { ...found, id: found.id - OURS };
    if (message.method === "Target.attachedToTarget") {
      follow(text, String(message.params.targetInfo.type), String(message.params.sessionId));
    } else if (message.id === FOLLOWED && message.sessionId) {
      followed(String(message.sessionId));
    } else if (message.id === ARMED && !message.sessionId) {
      say("armed");
    } else if (message.method === "Target.detachedFromTarget") {
      realms.delete(String(message.params.sessionId));
      held.delete(String(message.params.sessionId));
      scripts.delete(String(message.params.sessionId));
    } else if (message.id === AGENT && !message.sessionId) {
      say("told");
    } else if (message.id === SCRIPT && message.result) {
      scripts.set(message.sessionId, message.result.identifier);
    } else if (message.id === COOKIES && !message.sessionId) {
      say("cookies" + JSON.stringify(message.result?.cookies ?? []));
    } else if (message.id === METRICS && !message.sessionId) {
      const { width = 1, height = 1 } = message.result?.cssContentSize ?? {};
      whole = height <= MOST_PIXELS && width <= MOST_PIXELS;
      const [w, h] = [Math.min(width, MOST_PIXELS), Math.min(height, MOST_PIXELS)];
      const clip = { x: 0, y: 0, width: w, height: h, scale: 1 };
      const wanted = { format: "png", captureBeyondViewport: true, clip };
      send(PICTURE, "Page.captureScreenshot", wanted);
    } else if (message.id === PICTURE && !message.sessionId) {
      say("picture" + (whole ? "1" : "0") + (message.result?.data ?? ""));
    }
  };

  // The user's tools get everything but the answers to our questions.
  const pass = (text) => {
    const isOurs = text.includes(`"id":${OURS / 100}`);
    if (isOurs || text.includes('"Target.')) receive(text);
    if (isOurs || [...ownRealms].some((one) => text.includes(one))) return;
    if (!text.includes('"Target.attachedToTarget"') || !areToolsThere) toTools(text);
  };
  // What the tools leave open of the emulated media stays as it is for everybody.
  const dress = (text) => {
    const outer = JSON.parse(text);
    const inner = JSON.parse(outer.params[0]);
    const wished = new Map((inner.params?.features ?? []).map((one) => [one.name, one]));
    for (const one of media) if (!wished.get(one.name)?.value) wished.set(one.name, one);
    const params = { ...inner.params, features: [...wished.values()] };
    return JSON.stringify({ ...outer, params: [JSON.stringify({ ...inner, params })] });
  };
  const hear = beside ? pass : receive;
  let parts = "";
  let expected = 0;
  const heard = {
    dispatchMessage: hear,
    dispatchMessageChunk: (part, total) => {
      if (total) [parts, expected] = ["", total];
      parts += part;
      if (parts.length < expected) return;
      const whole = parts;
      parts = "";
      hear(whole);
    },
  };
  if (beside) {
    const tools = window.DevToolsAPI;
    toTools = tools.dispatchMessage.bind(tools);
    Object.assign(tools, heard);
    DevToolsHost.sendMessageToEmbedder = (told) => {
      const text = media.length && told.includes("Emulation.setEmulatedMedia") ? dress(told) : told;
      if (!areToolsThere && text.includes("Target.setAutoAttach")) {
        areToolsThere = true;
        send(13, "Target.setAutoAttach", { autoAttach: false, waitForDebuggerOnStart: false });
      }
      toEngine(text);
    };
  } else {
    window.DevToolsAPI = new Proxy(heard, { get: (target, name) => target[name] ?? (() => {}) });
  }
  // Asked for from outside: what the site of `origin` stored is forgotten.
  window.forget = (origin) => send(8, "Storage.clearDataForOrigin", { origin, storageTypes: "all" });
  // Asked for from outside: the cookies that a request for `url` would carry.
  window.cookiesFor = (url) => send(COOKIES, "Network.getCookies", { urls: [url] });
  // Asked for from outside: a picture of the whole page, also of what is out of sight.
  window.takePicture = () => send(METRICS, "Page.getLayoutMetrics", {});
  prepare("page", undefined);
})();

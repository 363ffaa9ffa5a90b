// Stands in for the older page-view counter: its queue is worked off, nobody is told.
(() => {
  "use strict";
  const noop = () => {};
  const tracker = new Proxy({}, {
    get: (_, name) => {
      // Links across sites are asked for their address: it stays as it is.
      if (name === "_getLinkerUrl") return (urlstr) => urlstr;
      return /^_get/.test(String(name)) ? () => "" : noop;
    },
  });
  const run = (entry) => {
    if (typeof entry === "function") entry();
    else if (Array.isArray(entry)) {
      // The page gives up its own navigation to these.
      if (entry[0] === "_link" && entry[1]) window.location.assign(entry[1]);
      if (entry[0] === "_linkByPost") entry[1]?.submit?.();
      if (entry[0] === "_set" && entry[1] === "hitCallback" && typeof entry[2] === "function") {
        setTimeout(entry[2], 1);
      }
    }
    return 0;
  };
  const waiting = Array.isArray(window._gaq) ? window._gaq : [];
  window._gaq = {
    Na: true,
    O: noop,
    _createAsyncTracker: () => tracker,
    _getAsyncTracker: () => tracker,
    push: (...entries) => entries.map(run).pop() ?? 0,
  };
  window._gat = {
    _anonymizeIP: noop,
    _createTracker: () => tracker,
    _forceSSL: noop,
    _getPlugin: noop,
    _getTracker: () => tracker,
    _getTrackerByName: () => tracker,
    _getTrackers: () => [tracker],
  };
  waiting.forEach(run);
})();

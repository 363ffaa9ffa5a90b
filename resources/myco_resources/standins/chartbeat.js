// Stands in for a counter of readers: every function is there and does nothing.
(() => {
  "use strict";
  const noop = () => {};
  window.pSUPERFLY = new Proxy({ activity: noop, virtualPage: noop }, {
    get: (known, name) => (name in known ? known[name] : noop),
  });
  window.pSUPERFLY_mab = { activity: noop };
})();

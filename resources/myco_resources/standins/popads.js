// Stands in for a loader of windows: it is there already, and a script that sets it up ends.
(() => {
  "use strict";
  const mark = Math.random().toString(36).slice(2);
  for (const name of ["PopAds", "popns"]) {
    Reflect.defineProperty(window, name, {
      set() {
        throw new ReferenceError(mark);
      },
    });
  }
  window.addEventListener("error", (event) => {
    if (String(event.message).includes(mark)) event.preventDefault();
  });
})();

// Stands in for checkers of blockers: they find nothing, and say so at once.
(() => {
  "use strict";
  class Checker {
    setOption() {
      return this;
    }

    check() {
      return true;
    }

    clearEvent() {}

    emitEvent() {
      return this;
    }

    on(isDetected, act) {
      if (!isDetected && typeof act === "function") act();
      return this;
    }

    onDetected() {
      return this;
    }

    onNotDetected(act) {
      return this.on(false, act);
    }
  }
  for (const name of ["FuckAdBlock", "BlockAdBlock", "SniffAdBlock"]) {
    window[name] = Checker;
    window[name[0].toLowerCase() + name.slice(1)] = new Checker();
  }
})();

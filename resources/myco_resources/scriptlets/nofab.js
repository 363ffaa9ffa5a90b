// nofab: FuckAdBlock and its relatives find nothing, and say so at once.
(kit) => {
  const Checker = class {
    setOption() { return this; }
    check() { return true; }
    clearEvent() {}
    emitEvent() { return this; }
    on(detected, act) {
      if (!detected && typeof act === "function") act();
      return this;
    }
    onDetected() { return this; }
    onNotDetected(act) { return this.on(false, act); }
  };
  for (const name of ["FuckAdBlock", "BlockAdBlock", "SniffAdBlock"]) {
    const instance = name[0].toLowerCase() + name.slice(1);
    const one = new Checker();
    kit.defineProperty(kit.page, name, { get: () => Checker, set() {}, configurable: true });
    kit.defineProperty(kit.page, instance, { get: () => one, set() {}, configurable: true });
  }
}

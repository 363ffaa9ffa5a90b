// prevent-addEventListener, type, needle, options: such listeners are not added.
(kit, type = "", needle = "", ...more) => {
  const wishes = kit.options(more);
  const isType = kit.fits(type);
  const wanted = kit.fits(needle);
  const isPlace = (target) => {
    const where = wishes.elements;
    if (!where) return true;
    if (where === "window") return target === kit.page;
    if (where === "document") return target === document;
    return target instanceof Element && target.matches(where);
  };
  const text = (listener) =>
    kit.textOf(typeof listener?.handleEvent === "function" ? listener.handleEvent : listener);
  kit.at(wishes.runAt, () =>
    kit.wrap("EventTarget.prototype.addEventListener", (target, self, args) => {
      const isWanted = isType(kit.textOf(args[0])) && wanted(text(args[1]));
      if (isWanted && isPlace(self ?? kit.page)) return undefined;
      return kit.apply(target, self, args);
    }),
  );
}

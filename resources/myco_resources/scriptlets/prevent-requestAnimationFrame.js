// prevent-requestAnimationFrame, needle: callbacks with such a text do nothing.
(kit, needle = "") => {
  if (needle === "") return;
  const wanted = kit.fitsOrNot(needle);
  kit.wrap("requestAnimationFrame", (target, self, args) => {
    if (wanted(kit.textOf(args[0]))) args[0] = () => {};
    return kit.apply(target, self, args);
  });
}

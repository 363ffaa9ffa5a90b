// prevent-eval-if, needle: eval does nothing with such a text.
(kit, needle = "") => {
  if (needle === "") return;
  const wanted = kit.fits(needle);
  kit.wrap("eval", (target, self, args) =>
    wanted(kit.textOf(args[0])) ? undefined : kit.apply(target, self, args),
  );
}

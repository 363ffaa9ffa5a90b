// prevent-innerHTML, selector, pattern: such elements do not take such a text.
(kit, selector = "", pattern = "") => {
  const wanted = kit.fitsOrNot(pattern);
  const before = kit.describe(Element.prototype, "innerHTML");
  const judge = (element, text) =>
    (selector === "" || element.matches(selector)) && wanted(kit.textOf(text));
  kit.defineProperty(Element.prototype, "innerHTML", {
    ...before,
    set(text) {
      if (!judge(this, text)) kit.apply(before.set, this, [text]);
    },
  });
}

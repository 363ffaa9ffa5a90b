// prevent-clipboard-write, pattern: such a text does not get to the clipboard.
(kit, pattern = "") => {
  const fits = kit.fits(pattern);
  kit.wrap("Clipboard.prototype.writeText", (target, self, args) =>
    fits(kit.textOf(args[0])) ? Promise.resolve() : kit.apply(target, self, args),
  );
  kit.wrap("Document.prototype.execCommand", (target, self, args) => {
    if (!/^(?:copy|cut)$/i.test(kit.textOf(args[0]))) return kit.apply(target, self, args);
    const field = document.activeElement;
    const chosen = typeof field?.selectionStart === "number"
      ? field.value.slice(field.selectionStart, field.selectionEnd)
      : kit.textOf(document.getSelection());
    return fits(chosen) ? false : kit.apply(target, self, args);
  });
}

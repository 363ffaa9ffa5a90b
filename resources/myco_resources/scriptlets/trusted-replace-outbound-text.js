// trusted-replace-outbound-text, function, pattern, replacement, options: changes what it returns.
(kit, path, pattern = "", replacement = "", ...more) => {
  if (!path || pattern === "") return;
  const wishes = kit.options(more);
  const search = pattern === "*" ? /^.*$/s : kit.expression(pattern, "g");
  const wanted = kit.fits(wishes.condition);
  const isCoded = wishes.encoding === "base64";
  kit.wrap(path, (target, self, args) => {
    const found = kit.apply(target, self, args);
    if (typeof found !== "string") return found;
    try {
      const text = isCoded ? atob(found) : found;
      if (!wanted(text)) return found;
      const changed = text.replace(search, replacement);
      return isCoded ? btoa(changed) : changed;
    } catch {
      return found;
    }
  });
}

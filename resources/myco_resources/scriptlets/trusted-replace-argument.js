// trusted-replace-argument, function, position, value, "condition", pattern: calls get another value.
(kit, path, position, word = "", ...more) => {
  if (!path || position === undefined || position === "") return;
  const wishes = kit.options(more);
  const wanted = kit.fits(wishes.condition);
  const at = Number(position);
  let change;
  if (word.startsWith("repl:")) {
    const parts = /^\/(.+)\/(.*)\/([a-z]*)$/s.exec(word.slice(5));
    if (!parts) return;
    const search = new RegExp(parts[1], parts[3]);
    change = (value) => kit.textOf(value).replace(search, parts[2]);
  } else {
    const plain = kit.constant(word);
    const value = plain ? plain[0] : JSON.parse(word.replace(/^json:/, ""));
    change = () => value;
  }
  const text = (value) => {
    if (typeof value !== "object" || value === null) return kit.textOf(value);
    try {
      return JSON.stringify(value);
    } catch {
      return kit.textOf(value);
    }
  };
  kit.wrap(path, (target, self, args) => {
    const index = at < 0 ? args.length + at : at;
    if (wishes.condition === undefined || wanted(text(args[index]))) args[index] = change(args[index]);
    return kit.apply(target, self, args);
  });
}

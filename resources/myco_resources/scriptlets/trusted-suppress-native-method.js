// trusted-suppress-native-method, function, arguments with "|", "abort" or "prevent", stack.
(kit, path, signature = "", how = "abort", needle = "") => {
  if (!path) return;
  const test = (word) => {
    const text = word.trim();
    if (text === "") return () => true;
    let wanted;
    try {
      wanted = JSON.parse(text);
    } catch {
      const fits = kit.fits(text);
      return (value) => fits(kit.textOf(value));
    }
    if (typeof wanted === "string") {
      const fits = kit.fits(wanted);
      return (value) => typeof value === "string" && fits(value);
    }
    if (!kit.isObject(wanted)) return (value) => value === wanted;
    const rows = Object.entries(wanted);
    return (value) => kit.isObject(value) && rows.every(([name, one]) => kit.peek(value, name) === one);
  };
  // A "|" inside quotes or an expression is no border between arguments.
  const words = signature.match(/"(?:\\.|[^"\\])*"|\{[^}]*\}|[^|]+|(?<=\||^)(?=\||$)/g) ?? [];
  const tests = words.map(test);
  const isFrom = kit.fits(needle);
  kit.wrap(path, (target, self, args) => {
    const isWanted = tests.every((one, at) => one(args[at])) && (needle === "" || isFrom(kit.stack()));
    if (!isWanted) return kit.apply(target, self, args);
    return how === "prevent" ? undefined : kit.abort();
  });
}

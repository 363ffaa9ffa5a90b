// trusted-set-constant, path, value: like set-constant, with any value as "json:…" or in JSON.
(kit, path, word = "") => {
  if (!path) return;
  const plain = kit.constant(word);
  const value = plain ? plain[0] : JSON.parse(word.replace(/^json:/, ""));
  kit.follow(kit.page, path, (owner, name) => {
    const before = Reflect.getOwnPropertyDescriptor(owner, name);
    if (before && !before.configurable) return;
    kit.defineProperty(owner, name, {
      configurable: true, enumerable: before?.enumerable ?? true, get: () => value, set() {},
    });
  });
}

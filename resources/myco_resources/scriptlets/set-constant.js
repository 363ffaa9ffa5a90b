// set-constant, path, value[, "runAt", when][, "as", form]: a property keeps a constant value.
(kit, path, word, ...more) => {
  const found = kit.constant(word);
  if (!path || !found) return;
  const wishes = kit.options(more);
  const [plain] = found;
  const forms = {
    function: () => () => plain,
    callback: () => () => () => plain,
    resolved: () => Promise.resolve(plain),
    rejected: () => Promise.reject(plain),
  };
  const value = wishes.as in forms ? forms[wishes.as]() : plain;
  const differs = (other) =>
    wishes.as === undefined && value !== undefined && value !== null &&
    other !== undefined && other !== null && typeof other !== typeof value;
  const fix = (owner, name) => {
    const before = Reflect.getOwnPropertyDescriptor(owner, name);
    if ((before && !before.configurable) || differs(kit.peek(owner, name))) return;
    let current = value;
    kit.defineProperty(owner, name, {
      configurable: true,
      enumerable: before?.enumerable ?? true,
      get: () => current,
      set(next) {
        // The page means something else by this name.
        if (differs(next)) current = next;
      },
    });
  };
  kit.at(wishes.runAt, () => kit.follow(kit.page, path, fix));
}

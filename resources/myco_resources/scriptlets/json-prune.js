// json-prune, paths, needed paths: what the page parses comes without these properties.
(kit, prune = "", needles = "", needle = "") => {
  if (prune === "") return;
  const cut = kit.pruner(prune, needles);
  const isWanted = needle === "" ? () => true : (test => () => test(kit.stack()))(kit.fits(needle));
  const cutWanted = (value) => {
    if (isWanted()) cut(value);
    return value;
  };
  kit.wrap("JSON.parse", (target, self, args) => cutWanted(kit.apply(target, self, args)));
  kit.wrap("Response.prototype.json", (target, self, args) =>
    kit.apply(target, self, args).then(cutWanted),
  );
}

// trusted-replace-node-text, node name, pattern, replacement, options: changes the text of nodes.
(kit, name, pattern, replacement = "", ...more) => {
  if (!name || !pattern) return;
  const wishes = kit.options(more);
  const search = kit.expression(pattern, "gms");
  const also = kit.fits(wishes.condition);
  const includes = kit.fits(wishes.includes);
  const spared = wishes.excludes ? kit.fits(wishes.excludes) : () => false;
  let left = Number(wishes.sedCount ?? Infinity);
  kit.nodes(name, wishes.stay, (node) => {
    const text = node.textContent;
    search.lastIndex = 0;
    if (left < 1 || !also(text) || !includes(text) || spared(text) || !search.test(text)) return;
    search.lastIndex = 0;
    node.textContent = text.replace(search, replacement);
    left -= 1;
  });
}

// remove-node-text, node name, text, options: empties nodes that have the text.
(kit, name, includes = "", ...more) => {
  if (!name) return;
  const wishes = kit.options(more);
  const wanted = kit.fits(includes);
  const spared = wishes.excludes ? kit.fits(wishes.excludes) : () => false;
  const also = kit.fits(wishes.condition);
  let left = Number(wishes.sedCount ?? Infinity);
  kit.nodes(name, wishes.stay, (node) => {
    const text = node.textContent;
    if (left < 1 || text === "" || !wanted(text) || !also(text) || spared(text)) return;
    node.textContent = "";
    left -= 1;
  });
}

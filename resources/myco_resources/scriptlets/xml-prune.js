// xml-prune, selector, needed selector, address: answers come without these elements.
(kit, selector = "", needed = "", address = "") => {
  if (selector === "") return;
  const path = /^xpath\((.+)\)$/s.exec(selector)?.[1];
  const found = (tree) => {
    if (path === undefined) return [...tree.querySelectorAll(selector)];
    const result = tree.evaluate(path, tree, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
    return Array.from({ length: result.snapshotLength }, (_, at) => result.snapshotItem(at));
  };
  const edit = (text) => {
    if (!/^\s*</.test(text) || !/>\s*$/.test(text)) return undefined;
    const tree = new DOMParser().parseFromString(text, "text/xml");
    if (tree.querySelector("parsererror") || (needed && !tree.querySelector(needed))) return undefined;
    const nodes = found(tree);
    for (const node of nodes) {
      if (node instanceof Attr) node.ownerElement.removeAttributeNode(node);
      else node.remove();
    }
    return nodes.length ? new XMLSerializer().serializeToString(tree) : undefined;
  };
  const isThere = kit.fits(address);
  const wanted = (request) => isThere(request.url);
  kit.onFetch(wanted, edit);
  kit.onXhr(wanted, edit);
}

// spoof-css, selector, name, value…: the page reads these styles from such elements.
(kit, selector, ...pairs) => {
  if (!selector) return;
  const camel = (name) => name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
  const values = new Map();
  for (let at = 0; at + 1 < pairs.length; at += 2) values.set(camel(pairs[at]), pairs[at + 1]);
  kit.wrap("getComputedStyle", (target, self, args) => {
    const style = kit.apply(target, self, args);
    if (!(args[0] instanceof Element) || !args[0].matches(selector)) return style;
    return new Proxy(style, {
      get(_, name) {
        if (name === "getPropertyValue") {
          return (one) => values.get(camel(kit.textOf(one))) ?? style.getPropertyValue(one);
        }
        if (values.has(name)) return values.get(name);
        const found = kit.read(style, name);
        return typeof found === "function" ? found.bind(style) : found;
      },
    });
  });
}

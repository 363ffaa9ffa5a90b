// set-attr, selector, name, value: the value is a small number, a truth, nothing, or [attribute].
(kit, selector, name, value = "") => {
  if (!selector || !name || /^on|^srcdoc$/i.test(name)) return;
  const from = /^\[([^\]]+)\]$/.exec(value)?.[1];
  const isPlain = /^(?:true|false|)$/.test(value) || (/^\d+$/.test(value) && +value <= 32767);
  if (from === undefined && !isPlain) return;
  const look = () => {
    for (const element of document.querySelectorAll(selector)) {
      const next = from === undefined ? value : element.getAttribute(from);
      if (next === null || /^\s*javascript:/i.test(next)) continue;
      if (element.getAttribute(name) !== next) element.setAttribute(name, next);
    }
  };
  kit.at("interactive", () => kit.observe(look, from === undefined ? [name] : [name, from]));
}

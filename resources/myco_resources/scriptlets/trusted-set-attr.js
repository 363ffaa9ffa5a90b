// trusted-set-attr, selector, name, value: elements have this attribute, whatever its value.
(kit, selector, name, value = "") => {
  if (!selector || !name) return;
  const look = () => {
    for (const element of document.querySelectorAll(selector)) {
      if (element.getAttribute(name) !== value) element.setAttribute(name, value);
    }
  };
  kit.at("interactive", () => kit.observe(look, [name]));
}

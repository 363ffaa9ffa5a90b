// trusted-create-html, selector, HTML, milliseconds: such elements have this in them, for a time.
(kit, selector, html = "", lasts = "") => {
  if (!selector || html === "") return;
  const done = new WeakSet();
  const policy = kit.page.trustedTypes?.createPolicy(`p${Math.random()}`, { createHTML: (text) => text });
  const look = () => {
    for (const parent of document.querySelectorAll(selector)) {
      if (done.has(parent)) continue;
      done.add(parent);
      const holder = document.createElement("template");
      holder.innerHTML = policy ? policy.createHTML(html) : html;
      const made = [...holder.content.childNodes];
      parent.append(...made);
      if (+lasts > 0) setTimeout(() => made.forEach((node) => node.remove()), +lasts);
    }
  };
  kit.at("interactive", () => kit.observe(look));
}

// Hides what the filter lists name. Runs at document creation, in a world of its own.
(() => {
  "use strict";
  const table = __TABLE__;
  // What holds in a frame depends on the page on top of it, too.
  const above = location.ancestorOrigins;
  const topHost = above.length > 0 ? above[above.length - 1].replace(/^.*\/\/|:\d+$/g, "") : "";
  const own = location.hostname;
  const place = topHost === "" || topHost === own ? own : `${own} ${topHost}`;
  const wanted = Object.hasOwn(table.hosts, place) ? table.hosts[place] : undefined;
  if (wanted === undefined || globalThis.mycoCosmetics) return;
  const lifted = new Set(wanted.lifted);
  const always = wanted.generic ? table.always.filter((one) => !lifted.has(one)) : [];
  // An unknown selector inside :is() is passed over; it does not cost the others.
  const hiding = (selectors) =>
    selectors.length ? `:is(${selectors.join(",\n")}){display:none!important}\n` : "";
  const sheet = new CSSStyleSheet();
  let text = wanted.styles + hiding(wanted.selectors) + hiding(always);
  const sheets = [sheet];
  const put = () => {
    const missing = sheets.filter((one) => !document.adoptedStyleSheets.includes(one));
    if (missing.length > 0) {
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, ...missing];
    }
  };
  sheet.replaceSync(text);
  put();
  // A page may clear the list of sheets; ours comes back.
  const guard = setInterval(put, 700);
  addEventListener("pagehide", () => clearInterval(guard), { once: true });
  globalThis.mycoCosmetics = {
    hide(selectors) {
      text += hiding(selectors);
      sheet.replaceSync(text);
      put();
    },
    // What a look at the page gives when nothing is hidden by us; nothing is painted meanwhile.
    without(look) {
      for (const one of sheets) one.disabled = true;
      try {
        return look();
      } finally {
        for (const one of sheets) one.disabled = false;
      }
    },
    keep(other) {
      sheets.push(other);
      put();
    },
  };
  if (!wanted.generic || window !== window.top) return;

  // Generic filters need a class or an id of the page: tell new ones, in bundles.
  const known = new Set();
  let fresh = [];
  let timer = 0;
  const note = (mark, name) => {
    const key = mark + name;
    if (name && name.length < 200 && known.size < 20000 && !known.has(key)) {
      known.add(key);
      fresh.push(key);
    }
  };
  const look = (element) => {
    if (element.id && typeof element.id === "string") note("#", element.id);
    for (const name of element.classList) note(".", name);
  };
  const tell = () => {
    timer = 0;
    while (fresh.length > 0) {
      console.debug(table.token + JSON.stringify(fresh.splice(0, 400)));
    }
  };
  const later = () => {
    if (fresh.length > 0 && timer === 0) timer = setTimeout(tell, 60);
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "attributes") {
        look(change.target);
        continue;
      }
      for (const node of change.addedNodes) {
        if (node.nodeType !== Node.ELEMENT_NODE) continue;
        look(node);
        for (const element of node.querySelectorAll("[class],[id]")) look(element);
      }
    }
    later();
  }).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["class", "id"],
  });
})();

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
  const unchanging = wanted.styles + hiding(always);
  const hidden = new Set(wanted.selectors);
  const fill = () => sheet.replaceSync(unchanging + hiding([...hidden]));
  const sheets = [sheet];
  // A page can give an element this name, and so hide the property; the prototype's stays.
  const list = Object.getOwnPropertyDescriptor(Document.prototype, "adoptedStyleSheets");
  const put = () => {
    const there = list.get.call(document);
    const missing = sheets.filter((one) => !there.includes(one));
    if (missing.length > 0) list.set.call(document, [...there, ...missing]);
  };
  fill();
  put();
  // A page may clear the list of sheets; ours comes back.
  const guard = setInterval(put, 700);
  addEventListener("pagehide", () => clearInterval(guard), { once: true });
  const self = crypto.getRandomValues(new Uint32Array(2)).join("-");
  globalThis.mycoCosmetics = {
    hide(selectors, frame) {
      // Of several frames with one address, the one that asked.
      if (frame !== undefined && frame !== self) return;
      for (const one of selectors) hidden.add(one);
      fill();
      put();
    },
    show(selectors) {
      for (const one of selectors) hidden.delete(one);
      fill();
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
  if (!wanted.generic) return;

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
      const address = location.href.replace(/#.*$/, "");
      console.debug(table.token + JSON.stringify([self, address, fresh.splice(0, 400)]));
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

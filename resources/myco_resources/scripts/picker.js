// Finds elements for the picker and says which selectors name them. Runs in a world of its own, only
// while the user picks; answers are values of calls, so a page neither sees nor makes them.
(() => {
  "use strict";
  if (globalThis.mycoPicker) return;
  const SELECTORS = 16;
  const RECTANGLES = 200;
  const DEPTH = 5;

  // A page can name a form field or picture "id" or "body" and so hide a property of that name, here
  // too. What prototypes say cannot be hidden.
  const reader = (type, name) => {
    const { get } = Object.getOwnPropertyDescriptor(type.prototype, name);
    return (object) => get.call(object);
  };
  const idOf = reader(Element, "id");
  const classesOf = reader(Element, "classList");
  const nameOf = reader(Element, "localName");
  const childrenOf = reader(Element, "children");
  const parentOf = reader(Node, "parentElement");
  const rootOf = reader(Document, "documentElement");
  const bodyOf = reader(Document, "body");
  const call = (type, name) => {
    const method = type.prototype[name];
    return (object, ...rest) => method.apply(object, rest);
  };
  const attribute = call(Element, "getAttribute");
  const boxOf = call(Element, "getBoundingClientRect");
  const matches = call(Element, "matches");
  const scroll = call(Element, "scrollBy");
  const all = (selector) => [...Document.prototype.querySelectorAll.call(document, selector)];
  const under = call(Document, "elementFromPoint");

  const isWhole = (element) => element === rootOf(document) || element === bodyOf(document);
  const outermost = (element) => {
    let at = element;
    while (at instanceof SVGElement && parentOf(at) instanceof SVGElement) at = parentOf(at);
    return at;
  };
  const rectangle = (element) => {
    const box = boxOf(element);
    return [box.left, box.top, box.width, box.height];
  };

  // Selectors

  const quoted = (text) => `"${text.replace(/["\\]/g, "\\$&")}"`;
  const isClean = (text) => text !== "" && text.length < 200 && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text);
  const byId = (element) => {
    const id = idOf(element);
    if (typeof id !== "string" || !isClean(id)) return "";
    return CSS.escape(id) === id ? `#${id}` : `[id=${quoted(id)}]`;
  };
  const namesOf = (element) =>
    [...classesOf(element)].filter((name) => isClean(name) && name.length < 80).slice(0, 8);
  const tagOf = (element) => CSS.escape(nameOf(element));
  // A picture or frame of another place is best told by that place.
  const bySource = (element) => {
    const tag = nameOf(element);
    const name = tag === "a" ? "href" : tag === "object" ? "data" : "src";
    if (!["img", "iframe", "embed", "object", "video", "source", "a"].includes(tag)) return "";
    const text = attribute(element, name);
    if (text === null || !isClean(text)) return "";
    const place = /^(?:https?:)?\/\/([^/?#]+)/.exec(text);
    if (place === null || place[1] === location.host) return "";
    return `${tagOf(element)}[${name}*=${quoted(`//${place[1]}/`)}]`;
  };
  const path = (element) => {
    const steps = [];
    for (let at = element; at !== null; at = parentOf(at)) {
      const id = at === element ? "" : byId(at);
      if (id !== "" && all(id).length === 1) {
        steps.unshift(id);
        break;
      }
      const above = parentOf(at);
      if (isWhole(at) || above === null) {
        steps.unshift(tagOf(at));
        break;
      }
      const same = [...childrenOf(above)].filter((other) => nameOf(other) === nameOf(at));
      steps.unshift(same.length > 1 ? `${tagOf(at)}:nth-of-type(${same.indexOf(at) + 1})` : tagOf(at));
    }
    return steps.join(" > ");
  };
  const found = (selector) => {
    try {
      return all(selector);
    } catch {
      return [];
    }
  };
  const sameSet = (one, two) =>
    one.length === two.length && (one.length > 100 || one.every((each, n) => each === two[n]));

  /** Selectors for an element and those around it, from the narrowest to the broadest. */
  const selectorsFor = (chosen) => {
    const offered = [];
    let depth = 0;
    for (let at = chosen; at !== null && !isWhole(at) && depth < DEPTH; at = parentOf(at), depth += 1) {
      const names = namesOf(at);
      const escaped = names.map((name) => `.${CSS.escape(name)}`);
      const texts = [byId(at), bySource(at), ...escaped];
      if (escaped.length > 1) texts.push(escaped.join(""));
      if (escaped.length > 0) texts.push(tagOf(at) + escaped.join(""));
      texts.push(path(at));
      const here = [];
      for (const selector of texts.filter((text) => text !== "")) {
        const hits = found(selector);
        if (!hits.includes(at) || hits.some(isWhole)) continue;
        if (here.some((other) => sameSet(other.hits, hits))) continue;
        here.push({ selector, hits });
      }
      here.sort((one, two) => one.hits.length - two.hits.length);
      offered.push(...here.map(({ selector, hits }) => ({ selector, count: hits.length, depth })));
    }
    return offered.slice(0, SELECTORS);
  };

  // State

  let hovered = null;
  let below = [];
  const sheet = new CSSStyleSheet();
  const sheets = Object.getOwnPropertyDescriptor(Document.prototype, "adoptedStyleSheets");
  const others = () => [...sheets.get.call(document)].filter((one) => one !== sheet);
  const put = () => sheets.set.call(document, [...others(), sheet]);
  const hover = (element) => {
    const wanted = element === null ? null : outermost(element);
    hovered = wanted === null || isWhole(wanted) ? null : wanted;
    return hovered === null ? null : { box: rectangle(hovered), name: nameOf(hovered) };
  };
  globalThis.mycoPicker = {
    /** The element at a point of the window. */
    at(x, y) {
      below = [];
      return hover(under(document, x, y));
    },
    /** The element around ("up"), the one gone up from ("down"), or one beside it. */
    go(way) {
      if (hovered === null) return hover(bodyOf(document)?.firstElementChild ?? null);
      if (way === "up") {
        const above = parentOf(hovered);
        if (above === null || isWhole(above)) return hover(hovered);
        below.push(hovered);
        return hover(above);
      }
      if (way === "down") return hover(below.pop() ?? childrenOf(hovered)[0] ?? hovered);
      const beside = [...childrenOf(parentOf(hovered))];
      const to = beside.indexOf(hovered) + (way === "left" ? -1 : 1);
      below = [];
      return hover(beside[to] ?? hovered);
    },
    /** Selectors for the element that was shown last. */
    choose() {
      return hovered === null || !hovered.isConnected ? [] : selectorsFor(hovered);
    },
    /** How many elements a selector finds, and where; hides them when wanted. */
    show(selector, hides) {
      let hits;
      try {
        hits = all(selector);
      } catch {
        sheet.replaceSync("");
        return null;
      }
      sheet.replaceSync(hides ? `${selector}{display:none!important}` : "");
      put();
      const whole = hits.some(isWhole);
      const boxes = hides ? [] : hits.slice(0, RECTANGLES).map(rectangle);
      return { count: hits.length, whole, boxes };
    },
    /** Scrolls what lies at a point. */
    scroll(x, y, right, down) {
      for (let at = under(document, x, y); at !== null; at = parentOf(at)) {
        const before = [at.scrollTop, at.scrollLeft];
        scroll(at, { left: right, top: down, behavior: "instant" });
        if (at.scrollTop !== before[0] || at.scrollLeft !== before[1]) return;
      }
    },
    end() {
      sheet.replaceSync("");
      sheets.set.call(document, others());
      delete globalThis.mycoPicker;
    },
  };
})();

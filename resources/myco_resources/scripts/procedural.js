// Carries out the procedural cosmetic filters of a host. Runs in a world of its own; begins when the
// document is whole, then again while it changes, never more often than every PAUSE milliseconds.
(() => {
  "use strict";
  const table = __TABLE__;
  const above = location.ancestorOrigins;
  const topHost = above.length > 0 ? above[above.length - 1].replace(/^.*\/\/|:\d+$/g, "") : "";
  const own = location.hostname;
  const name = topHost === "" || topHost === own ? own : `${own} ${topHost}`;
  if (!Object.hasOwn(table, name) || globalThis.mycoProcedural) return;
  globalThis.mycoProcedural = true;

  const PAUSE = 100; // ms between two runs
  const LONGEST_PAUSE = 6400;
  const BUDGET = 50; // ms of a run; filters that it does not reach wait for the next
  const LIMIT = 500; // ms that one filter may take before it is given up

  let deadline = Infinity;
  const tick = () => {
    if (performance.now() > deadline) throw new Error("too slow");
  };
  const keep = (test) => (nodes) => {
    const found = new Set();
    for (const node of nodes) {
      tick();
      if (test(node)) found.add(node);
    }
    return found;
  };
  const each = (find) => (nodes) => {
    const found = new Set();
    for (const node of nodes) {
      tick();
      for (const one of find(node)) found.add(one);
    }
    return found;
  };

  // Arguments. "/…/flags" is a regular expression, anything else stands for itself.
  const unquoted = (text) => text.trim().replace(/^["']|["']$/g, "");
  const pattern = (text, isWhole) => {
    const found = /^\/(.+)\/([dgimsuvy]*)$/s.exec(text);
    if (found) {
      // With g or y an expression would remember where it stopped.
      const expression = new RegExp(found[1], found[2].replace(/[gy]/g, ""));
      return (value) => expression.test(value);
    }
    const plain = text.replace(/\\([()"'])/g, "$1");
    return isWhole ? (value) => value === plain : (value) => value.includes(plain);
  };
  const pair = (argument) => {
    const found = /^\s*(\/(?:\\.|[^/\\])+\/[a-z]*|[^=]*)(?:=(.*))?$/s.exec(argument);
    const value = found[2] === undefined ? () => true : pattern(unquoted(found[2]), true);
    return [unquoted(found[1]), value];
  };

  // What a selector after another step means: a relation, or more about the same element.
  const complete = (selector) => (/[\s>+~]$/.test(selector) ? `${selector}*` : selector);
  const beside = (selector) => (node) => {
    const parent = node.parentElement;
    if (!parent) return [];
    const place = [...parent.children].indexOf(node) + 1;
    return parent.querySelectorAll(`:scope > :nth-child(${place})${selector}`);
  };
  const below = (selector) => (node) => node.querySelectorAll(`:scope ${selector}`);
  const related = (selector, from) => {
    const text = complete(selector).trim();
    if (/^[+~]/.test(text)) return each(beside(text));
    if (from === "inside" || /^[\s>]/.test(selector)) return each(below(text));
    return keep((node) => node.matches(text));
  };

  const css = (pseudo) => (argument) => {
    const found = /^\s*(?:(before|after)\s*,)?\s*([\w-]+)\s*:\s*(.*)$/s.exec(argument);
    const part = found[1] ? `::${found[1]}` : pseudo;
    const test = pattern(found[3], true);
    return keep((node) => test(getComputedStyle(node, part).getPropertyValue(found[2])));
  };
  const outside = (nodes) => {
    // What is neither among the nodes, nor around one, nor within one.
    const kept = new Set(nodes);
    for (const node of nodes) {
      for (let up = node.parentElement; up; up = up.parentElement) kept.add(up);
    }
    const found = new Set();
    for (const node of kept) {
      for (let up = node; up.parentElement && up !== document.body; up = up.parentElement) {
        for (const other of up.parentElement.children) {
          tick();
          if (!kept.has(other) && document.body.contains(other)) found.add(other);
        }
      }
    }
    return found;
  };
  const watched = new Set();
  let watchesAll = false;
  let watchesText = false;
  let watchesMedia = false;
  const operators = {
    "has-text"(argument) {
      watchesText = true;
      const test = pattern(argument, false);
      return keep((node) => test(node.textContent));
    },
    "min-text-length"(argument) {
      watchesText = true;
      return keep((node) => node.textContent.length >= Number(argument));
    },
    upward(argument) {
      const levels = /^\d+$/.test(argument) ? Number(argument) : 0;
      return each((node) => {
        let up = node.parentElement;
        if (levels === 0) up = up?.closest(argument);
        for (let level = 1; up && level < levels; level++) up = up.parentElement;
        return up ? [up] : [];
      });
    },
    "matches-css": css(null),
    "matches-css-before": css("::before"),
    "matches-css-after": css("::after"),
    "matches-path"(argument) {
      const test = pattern(argument, false);
      return keep(() => test(location.pathname + location.search));
    },
    "matches-media"(argument) {
      watchesMedia = true;
      return keep(() => matchMedia(argument).matches);
    },
    "matches-attr"(argument) {
      const [key, value] = pair(argument);
      const test = pattern(key, true);
      return keep((node) =>
        node.getAttributeNames().some((one) => test(one) && value(node.getAttribute(one))),
      );
    },
    "matches-prop"(argument) {
      const [key, value] = pair(argument);
      const parts = key.split(".");
      return keep((node) => {
        const found = parts.reduce((owner, part) => owner?.[part], node);
        return found !== undefined && value(String(found));
      });
    },
    "watch-attr"(argument) {
      const names = argument.split(/[\s,]+/).filter(Boolean);
      if (names.length === 0) watchesAll = true;
      for (const one of names) watched.add(one);
      return (nodes) => nodes;
    },
    xpath(argument) {
      const type = XPathResult.ORDERED_NODE_SNAPSHOT_TYPE;
      return each((node) => {
        const found = document.evaluate(argument, node, null, type, null);
        const nodes = Array.from({ length: found.snapshotLength }, (_, at) => found.snapshotItem(at));
        return nodes.filter((one) => one.nodeType === Node.ELEMENT_NODE);
      });
    },
    others: () => outside,
    shadow: (argument) => each((node) => node.shadowRoot?.querySelectorAll(argument) ?? []),
    has(steps) {
      const find = finder(steps, "inside");
      return keep((node) => find(new Set([node])).size > 0);
    },
    is(steps) {
      const find = finder(steps, "same");
      return keep((node) => find(new Set([node])).size > 0);
    },
    not(steps) {
      const find = finder(steps, "same");
      return keep((node) => find(new Set([node])).size === 0);
    },
  };

  // The function for steps. `from` tells what they start at: "page", what is "inside" an element,
  // or the "same" element.
  const finder = (steps, from) => {
    const stages = steps.map(([kind, argument], at) => {
      if (kind !== "css") return operators[kind](argument);
      if (at > 0 || from !== "page") return related(argument, at > 0 ? "same" : from);
      const selector = complete(argument);
      return () => new Set(document.querySelectorAll(selector));
    });
    const run = (nodes) => stages.reduce((found, stage) => stage(found), nodes);
    if (from !== "page") return run;
    switch (steps[0][0]) {
      case "css":
      case "xpath":
        return () => run(new Set([document]));
      case "matches-path":
      case "matches-media":
        return () => run(new Set([document.documentElement]));
      default:
        return () => run(new Set(document.querySelectorAll("*")));
    }
  };

  // Marks: attributes of random names, for which a style sheet of ours has rules.
  const sheet = new CSSStyleSheet();
  const random = [...crypto.getRandomValues(new Uint8Array(8))];
  const prefix = `x${random.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  const rules = new Map();
  const markOf = (rule) => {
    if (!rules.has(rule)) rules.set(rule, `${prefix}${rules.size}`);
    return rules.get(rule);
  };
  const filters = [];
  const marker = (rule) => {
    const mark = markOf(rule);
    return {
      mark,
      act(node) {
        if (node.hasAttribute(mark)) return;
        node.setAttribute(mark, "");
        const root = node.getRootNode();
        if (root instanceof ShadowRoot && !root.adoptedStyleSheets.includes(sheet)) {
          root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
        }
      },
    };
  };
  const actions = {
    // In a layer, because important declarations in layers win over those outside of any.
    hide: () => marker("@layer{[MARK]{display:none!important}}"),
    style: (argument) => marker(`[MARK]:not(#${prefix}#${prefix}){${argument}}`),
    remove: () => ({ act: (node) => node.remove() }),
    "remove-attr"(argument) {
      const test = pattern(argument, true);
      return {
        act(node) {
          for (const one of node.getAttributeNames()) if (test(one)) node.removeAttribute(one);
        },
      };
    },
    "remove-class"(argument) {
      const test = pattern(argument, true);
      return {
        act(node) {
          for (const one of [...node.classList]) if (test(one)) node.classList.remove(one);
        },
      };
    },
  };
  // What we hide may look different to these afterwards: a mark once given stays.
  const looks = (steps) =>
    steps.some(([kind, value]) =>
      kind.startsWith("matches-css") || (Array.isArray(value) && looks(value)),
    );
  for (const [steps, action, argument] of table[name]) {
    try {
      const { mark, act } = actions[action](argument);
      const find = finder(steps, "page");
      filters.push({ find, act, mark, stays: looks(steps), marked: new Set() });
    } catch {
      // A filter that cannot be read has no effect; the others have theirs.
    }
  }
  if (filters.length === 0) return;
  for (const [rule, mark] of rules) sheet.insertRule(rule.replace("MARK", mark));

  const release = (filter, found) => {
    for (const node of filter.marked) {
      if (found.has(node)) continue;
      const isShared = filters.some(
        (one) => one !== filter && one.mark === filter.mark && one.marked.has(node),
      );
      if (!isShared) node.removeAttribute(filter.mark);
    }
  };
  const carryOut = (filter) => {
    const found = filter.find();
    for (const node of found) filter.act(node);
    if (filter.mark === undefined) return;
    if (filter.stays) for (const node of filter.marked) if (node.isConnected) found.add(node);
    release(filter, found);
    filter.marked = found;
  };

  let next = 0;
  let left = 0;
  let timer = 0;
  let pause = PAUSE;
  const run = () => {
    timer = 0;
    const began = performance.now();
    while (left > 0 && filters.length > 0 && performance.now() - began < BUDGET) {
      next %= filters.length;
      left -= 1;
      deadline = performance.now() + LIMIT;
      try {
        carryOut(filters[next]);
        next += 1;
      } catch {
        filters.splice(next, 1);
      }
    }
    // Our own changes are no news.
    observer.takeRecords();
    const isLong = performance.now() - began > BUDGET;
    pause = isLong ? Math.min(pause * 2, LONGEST_PAUSE) : Math.max(pause / 2, PAUSE);
    if (filters.length === 0) observer.disconnect();
    else if (left > 0) timer = setTimeout(run, pause);
  };
  const later = () => {
    left = filters.length;
    if (timer === 0 && left > 0) timer = setTimeout(run, pause);
  };
  const observer = new MutationObserver(later);
  const begin = () => {
    const wanted = { subtree: true, childList: true, characterData: watchesText };
    if (watchesAll) wanted.attributes = true;
    else if (watched.size > 0) wanted.attributeFilter = [...watched];
    observer.observe(document, wanted);
    globalThis.mycoCosmetics?.keep(sheet);
    left = filters.length;
    run();
    if (watchesMedia) addEventListener("resize", later);
    // Style sheets and pictures change what selectors of looks find.
    if (document.readyState !== "complete") addEventListener("load", later, { once: true });
  };
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", begin, { once: true });
  } else {
    begin();
  }
})();

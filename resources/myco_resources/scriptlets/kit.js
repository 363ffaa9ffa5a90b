// What the scriptlets share. An expression: its value is handed to each of them.
(() => {
  const page = window;
  const { apply, get: read, getOwnPropertyDescriptor, getPrototypeOf, defineProperty } = Reflect;
  // The page may replace these later; it must not hear what we look for.
  const { includes } = String.prototype;
  const { test: seeks } = RegExp.prototype;
  const toText = String;
  const isObject = (value) =>
    (typeof value === "object" && value !== null) || typeof value === "function";
  const ourFile = /(\S+?):\d+:\d+\)?$/.exec(new Error().stack.split("\n")[1] ?? "")?.[1];

  // Patterns: nothing fits everything, /expression/flags, else a piece of text.
  const expression = (pattern, flags = "") => {
    const found = /^\/(.+)\/([dgimsuy]*)$/s.exec(pattern);
    if (found) return new RegExp(found[1], found[2]);
    return new RegExp(pattern.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), flags);
  };
  const fits = (pattern) => {
    if (pattern === undefined || pattern === "") return () => true;
    if (!/^\/.+\/[dgimsuy]*$/s.test(pattern)) return (text) => apply(includes, textOf(text), [pattern]);
    const search = expression(pattern);
    return (text) => {
      search.lastIndex = 0;
      return apply(seeks, search, [textOf(text)]);
    };
  };
  const fitsOrNot = (pattern = "") => {
    if (pattern[0] !== "!") return fits(pattern);
    const test = fits(pattern.slice(1));
    return (text) => !test(text);
  };
  // "1000", "500-1000", "-500", "500-".
  const inRange = (text = "") => {
    if (text === "") return () => true;
    if (text[0] === "!") {
      const test = inRange(text.slice(1));
      return (value) => !test(value);
    }
    const [low, high] = text.includes("-") ? text.split("-") : [text, text];
    return (value) => value >= (low === "" ? -Infinity : +low) && value <= (high === "" ? Infinity : +high);
  };
  // Options at the end: pairs of words, or one JSON object.
  const options = (words) => {
    if (words.length === 1 && words[0]?.startsWith("{")) return JSON.parse(words[0]);
    const found = {};
    for (let at = 0; at + 1 < words.length; at += 2) {
      if (words[at] !== "") found[words[at]] = words[at + 1];
    }
    return found;
  };
  const textOf = (value) => {
    try {
      return toText(value);
    } catch {
      return "";
    }
  };

  // An abort ends the script that asks; its message does not reach the page's error handlers.
  const mark = Math.random().toString(36).slice(2);
  let guarded = false;
  const abort = () => {
    if (!guarded) {
      guarded = true;
      page.addEventListener(
        "error",
        (event) => {
          if (!event.message?.includes(mark)) return;
          event.preventDefault();
          event.stopImmediatePropagation();
        },
        true,
      );
    }
    // Where we are in our own file is nothing for the page.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    const error = new ReferenceError(mark);
    Error.stackTraceLimit = limit;
    throw error;
  };

  const describe = (owner, name) => {
    for (let at = owner; at; at = getPrototypeOf(at)) {
      const found = getOwnPropertyDescriptor(at, name);
      if (found) return found;
    }
    return undefined;
  };
  const peek = (owner, name) => {
    try {
      return owner[name];
    } catch {
      return undefined;
    }
  };
  // Calls `reached(owner, name)` for the last part of a path, now or when the page makes the owner.
  const follow = (owner, path, reached) => {
    const at = path.indexOf(".");
    if (at < 0) {
      reached(owner, path);
      return;
    }
    const name = path.slice(0, at);
    const rest = path.slice(at + 1);
    let value = peek(owner, name);
    const known = new WeakSet();
    const notice = (found) => {
      if (!isObject(found) || known.has(found)) return;
      known.add(found);
      follow(found, rest, reached);
    };
    notice(value);
    const own = getOwnPropertyDescriptor(owner, name);
    const before = describe(owner, name);
    // What only the engine can set stays; what is not there yet (document.body) comes later.
    if ((own && !own.configurable) || (isObject(value) && before?.get && !before.set)) return;
    defineProperty(owner, name, {
      configurable: true,
      enumerable: before?.enumerable ?? true,
      get() {
        const found = before?.get ? apply(before.get, this, []) : value;
        notice(found);
        return found;
      },
      set(next) {
        if (before?.set) apply(before.set, this, [next]);
        else if (!before?.get) value = next;
        notice(next);
      },
    });
  };
  // Stands before a property: `onRead` and `onWrite` may throw.
  const stand = (owner, name, onRead, onWrite = onRead) => {
    const before = describe(owner, name);
    const own = getOwnPropertyDescriptor(owner, name);
    if (own && !own.configurable) return;
    let value = before && "value" in before ? before.value : undefined;
    defineProperty(owner, name, {
      configurable: true,
      enumerable: before?.enumerable ?? true,
      get() {
        onRead();
        return before?.get ? apply(before.get, this, []) : value;
      },
      set(next) {
        onWrite();
        if (before?.set) apply(before.set, this, [next]);
        else if (!before?.get) value = next;
      },
    });
  };

  // Puts `handler(target, self, args)` in place of a function; it looks native from outside.
  const wrap = (path, handler) => {
    const names = path.split(".");
    const name = names.pop();
    let owner = page;
    for (const one of names) owner = owner?.[one];
    const target = owner?.[name];
    if (typeof target !== "function") return;
    const stand_in = new Proxy(target, {
      apply: (_, self, args) => handler(target, self, args),
      construct: (_, args, made) => Reflect.construct(target, args, made),
      get: (_, one) => (one === "toString" ? target.toString.bind(target) : read(target, one)),
    });
    const before = describe(owner, name);
    if (before?.get || before?.writable === false) {
      defineProperty(owner, name, { value: stand_in, configurable: true, writable: true });
    } else {
      owner[name] = stand_in;
    }
  };

  // The calls that led here, outermost last, as "stackDepth:2\tfunction address:line:column\t…".
  const stack = () => {
    const here = location.href.replace(/#.*$/, "");
    const lines = [];
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 100;
    const text = new Error().stack;
    Error.stackTraceLimit = limit;
    for (const line of text.split("\n").slice(1)) {
      const found = /^\s*at (?:(.*?) \()?(.+?)(:\d+:\d+)?\)?$/.exec(line);
      if (!found || found[2] === ourFile) continue;
      let place = found[2];
      if (place === here) place = "inlineScript";
      else if (place.startsWith("<anonymous>") || place.startsWith("eval at")) place = "injectedScript";
      lines.push(`${found[1] ?? ""} ${place}${found[3] ?? ""}`.trim());
    }
    return [`stackDepth:${lines.length}`, ...lines].join("\t");
  };

  const STEPS = { loading: 1, asap: 1, interactive: 2, end: 2, idle: 3, complete: 3 };
  const at = (when, act) => {
    const step = STEPS[when] ?? 1;
    if (STEPS[document.readyState] >= step) {
      act();
      return;
    }
    const hear = () => {
      if (STEPS[document.readyState] < step) return;
      document.removeEventListener("readystatechange", hear, true);
      act();
    };
    document.addEventListener("readystatechange", hear, true);
  };
  // Calls `look` now and after changes of the document, at most once a frame.
  const observe = (look, attributes) => {
    let waiting = false;
    const later = () => {
      if (waiting) return;
      waiting = true;
      setTimeout(() => {
        waiting = false;
        look();
      }, 20);
    };
    look();
    new MutationObserver(later).observe(document, {
      subtree: true,
      childList: true,
      ...(attributes?.length ? { attributes: true, attributeFilter: attributes } : {}),
    });
  };
  // Calls `see(node)` for each node of that name before its script runs; until the page is loaded.
  const nodes = (name, stay, see) => {
    const wanted = fits(/^\/.+\/$/.test(name) ? name : `/^(?:${name.replace("#", "\\#")})$/i`);
    const known = new WeakMap();
    const visit = (node) => {
      if (!wanted(node.nodeName)) return;
      const text = node.textContent;
      if (text === "" || known.get(node) === text) return;
      see(node);
      known.set(node, node.textContent);
    };
    // An element and what is in it can come as several changes: each node once.
    const walk = (roots) => {
      const found = new Set();
      for (const root of roots) {
        found.add(root);
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) found.add(walker.currentNode);
      }
      found.forEach(visit);
    };
    // The parser may pause between an element and its text: then the text comes alone.
    const hear = (changes) => {
      walk(changes.flatMap((change) => [...change.addedNodes]));
      for (const { target, addedNodes } of changes) if (addedNodes[0]?.nodeType === 3) visit(target);
    };
    if (document.documentElement) walk([document.documentElement]);
    const observer = new MutationObserver(hear);
    observer.observe(document, { childList: true, subtree: true });
    if (stay) return;
    at("complete", () => {
      hear(observer.takeRecords());
      observer.disconnect();
    });
  };

  const throwing = () => {
    throw "";
  };
  const VALUES = {
    undefined: () => undefined, null: () => null, true: () => true, false: () => false,
    noopFunc: () => () => {}, trueFunc: () => () => true, falseFunc: () => () => false,
    throwFunc: () => throwing, noopCallbackFunc: () => () => () => {},
    noopPromiseResolve: () => () => Promise.resolve(new Response()),
    noopPromiseReject: () => () => Promise.reject(),
    emptyObj: () => ({}), "{}": () => ({}), emptyArr: () => [], "[]": () => [],
    emptyStr: () => "", "": () => "", "''": () => "", '""': () => "",
    yes: () => "yes", no: () => "no", on: () => "on", off: () => "off", NaN: () => NaN,
  };
  // A list names only these values; [value] or nothing.
  const constant = (word) => {
    if (Object.hasOwn(VALUES, word)) return [VALUES[word]()];
    if (/^-?\d+(\.\d+)?$/.test(word) && Math.abs(+word) <= 32767) return [+word];
    return undefined;
  };

  // Removes what paths name: "a.b", "a.[].b", "a.*.b", "a.[-].b" (the item that has b).
  const split = (path) => path.split(".").filter((part) => part !== "");
  const keysOf = (value, part) => {
    if (!isObject(value)) return [];
    if (part === "[]" || part === "[-]") return Array.isArray(value) ? [...value.keys()] : [];
    if (part === "*" || part === "{}" || part === "{-}") return Object.keys(value);
    return Object.hasOwn(value, part) ? [part] : [];
  };
  const has = (value, parts) =>
    parts.length === 0 || keysOf(value, parts[0]).some((key) => has(value[key], parts.slice(1)));
  const drop = (value, parts) => {
    const [part, ...rest] = parts;
    const keys = keysOf(value, part);
    let count = 0;
    if (part === "[-]" || part === "{-}" || rest.length === 0) {
      for (const key of keys.reverse()) {
        if (!has(value[key], rest)) continue;
        if (Array.isArray(value)) value.splice(key, 1);
        else delete value[key];
        count += 1;
      }
      return count;
    }
    for (const key of keys) count += drop(value[key], rest);
    return count;
  };
  const words = (text = "") => text.split(/\s+/).filter((word) => word !== "");
  const pruner = (prune, needles) => {
    const paths = words(prune).map(split);
    const needed = words(needles).map(split);
    return (value) => {
      if (!isObject(value) || !needed.every((path) => has(value, path))) return 0;
      return paths.reduce((count, path) => count + drop(value, path), 0);
    };
  };

  return {
    abort, apply, at, constant, defineProperty, describe, expression, fits, fitsOrNot, follow, inRange,
    isObject, nodes, observe, options, page, peek, pruner, read, stack, stand, textOf, words, wrap,
  };
})()

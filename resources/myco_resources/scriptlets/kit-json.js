// The part of what scriptlets share that is about changing JSON: paths such as
// `..items.*[?.type=="ad"]` choose places; a path alone removes them, `=…` and `+=…` fill them.
(kit) => {
  const { apply, fetched, isObject, jsonText, onFetch, onSend, onXhr, requests, textOf, wrap } = kit;
  // Another scriptlet, or the page, may stand before JSON.parse later.
  const { parse: read } = JSON;
  const DOTS = /^(\.{1,2})(?:(\*)|([\w\u0080-\uffff-]+)|(?=\[))/;
  const BRACKETS = /^\[(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|(\d+)|(\*))\]/;
  const OPERATOR = /^(?:==|!=|\^=|\$=|\*=|<=|>=|<|>|=(?=\/))/;
  const WORD = /^(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^\]\s]+)/;
  const COMPARE = {
    "==": (value, word) => value === word,
    "!=": (value, word) => value !== word,
    "^=": (value, word) => textOf(value).startsWith(word),
    "$=": (value, word) => textOf(value).endsWith(word),
    "*=": (value, word) => textOf(value).includes(word),
    "<": (value, word) => value < word,
    ">": (value, word) => value > word,
    "<=": (value, word) => value <= word,
    ">=": (value, word) => value >= word,
    "=": (value, search) => typeof value === "string" && value.search(search) >= 0,
  };

  const parse = (whole) => {
    let text = whole;
    const take = (pattern) => {
      const found = pattern.exec(text);
      if (found) text = text.slice(found[0].length);
      return found;
    };
    const wordOf = (operator) => {
      if (operator === "=") {
        const found = take(/^(\/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[])+\/[a-z]*)/);
        return kit.expression(found[0]);
      }
      const [found] = take(WORD);
      if (found[0] === "'") return found.slice(1, -1).replace(/\\(.)/g, "$1");
      return read(found);
    };
    const condition = () => {
      const isNot = take(/^!/) !== null;
      const inner = steps();
      const operator = take(OPERATOR)?.[0];
      const word = operator && wordOf(operator);
      if (!take(/^\]/)) throw new SyntaxError(whole);
      const test = (value) => {
        const found = select({ "": value }, "", inner);
        return operator
          ? found.some(([owner, key]) => COMPARE[operator](owner[key], word))
          : found.length > 0;
      };
      return (value) => test(value) !== isNot;
    };
    const steps = () => {
      take(/^\$(?!=)/);
      const found = [];
      for (;;) {
        const dots = take(DOTS);
        const deep = dots?.[1] === "..";
        if (dots?.[2]) found.push({ deep, every: true });
        else if (dots?.[3]) found.push({ deep, name: dots[3] });
        else if (take(/^\[\?/)) found.push({ deep, holds: condition() });
        else {
          const brackets = take(BRACKETS);
          if (!brackets) {
            if (dots) throw new SyntaxError(whole);
            return found;
          }
          if (brackets[4]) found.push({ deep, every: true });
          else found.push({ deep, name: (brackets[1] ?? brackets[2] ?? brackets[3]).replace(/\\(.)/g, "$1") });
        }
      }
    };
    const path = steps();
    const edit = take(/^(\+?=)(.+)$/s);
    if (text !== "") throw new SyntaxError(whole);
    return { path, edit: edit && [edit[1], edit[2]] };
  };

  // [owner, key] of a value and, where `deep`, of all that is in it.
  const within = (owner, key, deep) => {
    const found = [[owner, key]];
    for (let at = 0; deep && at < found.length; at += 1) {
      const value = found[at][0][found[at][1]];
      if (isObject(value)) for (const name of Object.keys(value)) found.push([value, name]);
    }
    return found;
  };
  const select = (holder, root, steps) =>
    steps.reduce(
      (places, { deep, every, name, holds }) =>
        places.flatMap(([owner, key]) =>
          within(owner, key, deep).flatMap((place) => {
            const value = place[0][place[1]];
            if (holds) return holds(value) ? [place] : [];
            if (!isObject(value)) return [];
            if (every) return Object.keys(value).map((one) => [value, one]);
            return Object.hasOwn(value, name) ? [[value, name]] : [];
          }),
        ),
      [[holder, root]],
    );

  const putter = ([operator, text]) => {
    const replaced = /^repl\((.+)\)$/s.exec(text);
    if (replaced) {
      const { regex, flags = "", replacement = "" } = read(replaced[1]);
      const search = new RegExp(regex, flags);
      return (value) => (typeof value === "string" ? value.replace(search, replacement) : value);
    }
    const made = () => (text === '"${now}"' ? Date.now() : read(text));
    made();
    if (operator === "=") return made;
    return (value) => (isObject(value) ? Object.assign(value, made()) : value);
  };
  // Changes values as a path says; tells whether it did. Only trusted lists may fill places.
  const jsonEditor = (text, isTrusted) => {
    const { path, edit } = parse(text);
    if (edit && !isTrusted) throw new SyntaxError(text);
    const put = edit && putter(edit);
    return (root) => {
      const holder = { "": root };
      const places = select(holder, "", path);
      // From the end, so that numbers of items stay what they were.
      for (const [owner, key] of places.reverse()) {
        if (owner === holder) {
          if (edit?.[0] === "+=") put(root);
        } else if (put) owner[key] = put(owner[key]);
        else if (Array.isArray(owner)) owner.splice(+key, 1);
        else delete owner[key];
      }
      return places.length;
    };
  };
  const optionsOf = (more) => kit.options(more[0] === "" ? more.slice(1) : more);
  const whole = (edit) => jsonText(edit);
  const byLine = (edit) => (text) => {
    const one = jsonText(edit);
    let count = 0;
    const lines = text.split("\n").map((line) => {
      const changed = line.trim() === "" ? undefined : one(line);
      count += changed !== undefined;
      return changed ?? line;
    });
    return count ? lines.join("\n") : undefined;
  };
  const inAnswers = (listen, asText) => (isTrusted, path = "", ...more) => {
    if (path === "") return;
    listen(requests(optionsOf(more).propsToMatch), asText(jsonEditor(path, isTrusted)));
  };
  const inParsed = (isTrusted, path = "") => {
    if (path === "") return;
    const edit = jsonEditor(path, isTrusted);
    const edited = (value) => {
      if (isObject(value)) edit(value);
      return value;
    };
    wrap("JSON.parse", (target, self, args) => edited(apply(target, self, args)));
    wrap("Response.prototype.json", (target, self, args) => apply(target, self, args).then(edited));
  };
  const inFetch = (isTrusted, path = "", ...more) => {
    if (path === "") return;
    const wanted = requests(optionsOf(more).propsToMatch);
    const edit = jsonText(jsonEditor(path, isTrusted));
    wrap("fetch", async (target, self, args) => {
      const [input, init] = args;
      if (!wanted(fetched(args))) return apply(target, self, args);
      if (typeof init?.body === "string") {
        const body = edit(init.body);
        return apply(target, self, body === undefined ? args : [input, { ...init, body }]);
      }
      const isOpen = input instanceof Request && init?.body === undefined && input.body;
      const body = isOpen ? edit(await input.clone().text()) : undefined;
      return apply(target, self, body === undefined ? args : [new Request(input, { body }), init]);
    });
  };
  const inXhr = (isTrusted, path = "", ...more) => {
    if (path === "") return;
    const wanted = requests(optionsOf(more).propsToMatch);
    const edit = jsonText(jsonEditor(path, isTrusted));
    onSend((request, body) =>
      typeof body === "string" && wanted({ ...request, body }) ? edit(body) : undefined,
    );
  };
  return {
    editJson: {
      parsed: inParsed,
      fetchRequest: inFetch,
      xhrRequest: inXhr,
      fetchResponse: inAnswers(onFetch, whole),
      xhrResponse: inAnswers(onXhr, whole),
      fetchResponseLines: inAnswers(onFetch, byLine),
      xhrResponseLines: inAnswers(onXhr, byLine),
    },
  };
}

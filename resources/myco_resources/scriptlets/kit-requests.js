// The part of what scriptlets share that is about requests and answers.
(kit) => {
  const { apply, defineProperty, fits, fitsOrNot, isObject, textOf, words, wrap } = kit;
  // Requests: "url:x method:POST", or only a piece of the address.
  const requests = (properties = "") => {
    const tests = words(properties).map((word) => {
      const found = /^(url|method|mode|body|credentials|cache|redirect|referrer|referrerPolicy|integrity|headers):(.+)$/.exec(word);
      return found ? [found[1], fitsOrNot(found[2])] : ["url", fitsOrNot(word)];
    });
    return (request) => tests.every(([name, test]) => request[name] !== undefined && test(request[name]));
  };
  const bodyText = (body) => {
    if (typeof body === "string") return body;
    if (body instanceof URLSearchParams) return textOf(body);
    if (body instanceof FormData) return [...body].map((pair) => pair.join("=")).join("&");
    if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return new TextDecoder().decode(body);
    return body === undefined || body === null ? undefined : textOf(body);
  };
  const fetched = ([input, init]) => {
    const base = input instanceof Request ? input : {};
    return {
      url: input instanceof Request ? input.url : textOf(input),
      method: (init?.method ?? base.method ?? "GET").toUpperCase(),
      body: bodyText(init?.body),
      ...Object.fromEntries(
        ["mode", "credentials", "cache", "redirect", "referrer", "referrerPolicy", "integrity"]
          .map((name) => [name, init?.[name] ?? base[name]])
          .filter(([, value]) => value !== undefined),
      ),
    };
  };
  const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789 ";
  const standIns = {};
  const answer = (directive = "") => {
    const size = /^length:(\d+)(?:-(\d+))?$/.exec(directive);
    if (size || directive === "true") {
      const low = size ? +size[1] : 10;
      const high = size?.[2] ? +size[2] : low;
      const length = Math.min(low + Math.floor(Math.random() * (high - low + 1)), 500000);
      return Array.from({ length }, () => LETTERS[Math.floor(Math.random() * LETTERS.length)]).join("");
    }
    if (directive.startsWith("war:")) return standIns[directive.slice(4)] ?? "";
    return { emptyObj: "{}", emptyArr: "[]" }[directive] ?? "";
  };

  // Lets `edit(text, address)` change the text of answers; undefined leaves them.
  const likeIt = (response, made) => {
    for (const name of ["url", "type", "redirected"]) {
      defineProperty(made, name, { value: response[name] });
    }
    return made;
  };
  const onFetch = (wanted, edit) =>
    wrap("fetch", async (target, self, args) => {
      const response = await apply(target, self, args);
      try {
        if (!wanted(fetched(args)) || !response.body) return response;
        const changed = edit(await response.clone().text());
        if (changed === undefined) return response;
        const { status, statusText, headers } = response;
        return likeIt(response, new Response(changed, { status, statusText, headers }));
      } catch {
        return response;
      }
    });
  const seen = new WeakMap();
  const answered = new WeakMap();
  const noting = () => {
    if (noting.done) return;
    noting.done = true;
    wrap("XMLHttpRequest.prototype.open", (target, self, args) => {
      // Used anew: what was answered here is over.
      for (const name of answered.get(self) ?? []) delete self[name];
      answered.delete(self);
      seen.set(self, { method: textOf(args[0]).toUpperCase(), url: textOf(args[1]) });
      return apply(target, self, args);
    });
  };
  const onXhr = (wanted, edit) => {
    noting();
    const memory = new WeakMap();
    const changed = (xhr, value) => {
      const request = seen.get(xhr);
      if (xhr.readyState !== 4 || !request || !wanted(request)) return value;
      const known = memory.get(xhr);
      if (known && known.from === value) return known.to;
      const isText = typeof value === "string";
      let to = value;
      try {
        if (isText || (xhr.responseType === "json" && isObject(value))) {
          const text = edit(isText ? value : JSON.stringify(value));
          if (text !== undefined) to = isText ? text : JSON.parse(text);
        }
      } catch {
        to = value;
      }
      memory.set(xhr, { from: value, to });
      return to;
    };
    for (const name of ["response", "responseText"]) {
      const before = kit.describe(XMLHttpRequest.prototype, name);
      defineProperty(XMLHttpRequest.prototype, name, {
        ...before,
        get() {
          return changed(this, apply(before.get, this, []));
        },
      });
    }
  };
  // Lets `edit(request, body)` change what is sent; undefined leaves it.
  const onSend = (edit) => {
    noting();
    wrap("XMLHttpRequest.prototype.send", (target, self, args) => {
      const request = seen.get(self);
      const body = request ? edit(request, args[0]) : undefined;
      return apply(target, self, body === undefined ? args : [body]);
    });
  };
  // A scriptlet, or the page, may stand before these later.
  const { parse, stringify } = JSON;
  const jsonText = (edit) => (text) => {
    let value;
    try {
      value = parse(text);
    } catch {
      return undefined;
    }
    return edit(value) ? stringify(value) : undefined;
  };

  // Answers such requests here, with `text()`.
  const stopFetch = (properties, text, more) => {
    if (properties === "") return;
    const wanted = requests(properties);
    const word = more[0] ?? "";
    const wishes = word.startsWith("{") ? JSON.parse(word) : { type: word || "basic", ...kit.options(more.slice(1)) };
    wrap("fetch", (target, self, args) => {
      const request = fetched(args);
      if (!wanted(request)) return apply(target, self, args);
      const body = text();
      const made = new Response(body, {
        statusText: "OK",
        headers: { "Content-Length": `${body.length}` },
      });
      let url = request.url;
      try {
        url = new URL(url, document.baseURI).href;
      } catch {}
      defineProperty(made, "url", { value: url });
      defineProperty(made, "type", { value: wishes.type ?? "basic" });
      if (wishes.type === "opaque") {
        defineProperty(made, "status", { value: 0 });
        defineProperty(made, "ok", { value: false });
      }
      const wait = Number(wishes.throttle ?? 0);
      return new Promise((resolve) => (wait > 0 ? setTimeout(resolve, wait, made) : resolve(made)));
    });
  };
  const stopXhr = (properties, text) => {
    if (properties === "") return;
    const wanted = requests(properties);
    noting();
    const asKind = (type, body) => {
      if (type === "json") {
        try {
          return JSON.parse(body);
        } catch {
          return null;
        }
      }
      if (type === "arraybuffer") return new TextEncoder().encode(body).buffer;
      if (type === "blob") return new Blob([body]);
      if (type === "document") return new DOMParser().parseFromString(body, "text/html");
      return body;
    };
    wrap("XMLHttpRequest.prototype.send", (target, self, args) => {
      const request = seen.get(self);
      if (!request || !wanted({ ...request, body: bodyText(args[0]) })) {
        return apply(target, self, args);
      }
      const body = text();
      const isText = self.responseType === "" || self.responseType === "text";
      let url = request.url;
      try {
        url = new URL(url, document.baseURI).href;
      } catch {}
      const finish = () => {
        const facts = {
          readyState: 4, status: 200, statusText: "OK", responseURL: url,
          response: asKind(self.responseType, body),
          ...(isText ? { responseText: body } : {}),
        };
        answered.set(self, [...Object.keys(facts), "getResponseHeader", "getAllResponseHeaders"]);
        for (const [name, value] of Object.entries(facts)) {
          defineProperty(self, name, { value, configurable: true });
        }
        const headers = { "content-type": "text/plain", "content-length": `${body.length}` };
        self.getResponseHeader = (name) => headers[textOf(name).toLowerCase()] ?? null;
        self.getAllResponseHeaders = () =>
          Object.entries(headers).map((pair) => `${pair.join(": ")}\r\n`).join("");
        self.dispatchEvent(new Event("readystatechange"));
        for (const name of ["load", "loadend"]) {
          self.dispatchEvent(new ProgressEvent(name, { loaded: body.length, total: body.length }));
        }
      };
      setTimeout(finish, 1);
      return undefined;
    });
  };

  return {
    answer, bodyText, fetched, jsonText, onFetch, onSend, onXhr, requests, standIns, stopFetch, stopXhr,
  };
}

// prevent-xhr, request, body: such requests stay here and get an empty answer.
(kit, properties = "", directive = "") => {
  if (properties === "") return;
  const wanted = kit.requests(properties);
  kit.noting();
  const asKind = (type, text) => {
    if (type === "json") {
      try {
        return JSON.parse(text);
      } catch {
        return null;
      }
    }
    if (type === "arraybuffer") return new TextEncoder().encode(text).buffer;
    if (type === "blob") return new Blob([text]);
    if (type === "document") return new DOMParser().parseFromString(text, "text/html");
    return text;
  };
  kit.wrap("XMLHttpRequest.prototype.send", (target, self, args) => {
    const request = kit.seen.get(self);
    if (!request || !wanted({ ...request, body: kit.bodyText(args[0]) })) {
      return kit.apply(target, self, args);
    }
    const text = kit.answer(directive);
    const isText = self.responseType === "" || self.responseType === "text";
    let url = request.url;
    try {
      url = new URL(url, document.baseURI).href;
    } catch {}
    const finish = () => {
      const facts = {
        readyState: 4, status: 200, statusText: "OK", responseURL: url,
        response: asKind(self.responseType, text),
        ...(isText ? { responseText: text } : {}),
      };
      for (const [name, value] of Object.entries(facts)) {
        kit.defineProperty(self, name, { value, configurable: true });
      }
      const headers = { "content-type": "text/plain", "content-length": `${text.length}` };
      self.getResponseHeader = (name) => headers[kit.textOf(name).toLowerCase()] ?? null;
      self.getAllResponseHeaders = () =>
        Object.entries(headers).map((pair) => `${pair.join(": ")}\r\n`).join("");
      self.dispatchEvent(new Event("readystatechange"));
      for (const name of ["load", "loadend"]) {
        self.dispatchEvent(new ProgressEvent(name, { loaded: text.length, total: text.length }));
      }
    };
    setTimeout(finish, 1);
    return undefined;
  });
}

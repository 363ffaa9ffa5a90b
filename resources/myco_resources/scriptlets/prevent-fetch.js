// prevent-fetch, request, body, answer: such requests stay here and get an empty answer.
(kit, properties = "", body = "", ...more) => {
  if (properties === "") return;
  const wanted = kit.requests(properties);
  const word = more[0] ?? "";
  const wishes = word.startsWith("{") ? JSON.parse(word) : { type: word || "basic", ...kit.options(more.slice(1)) };
  kit.wrap("fetch", (target, self, args) => {
    const request = kit.fetched(args);
    if (!wanted(request)) return kit.apply(target, self, args);
    const text = kit.answer(body);
    const made = new Response(text, {
      statusText: "OK",
      headers: { "Content-Length": `${text.length}` },
    });
    let url = request.url;
    try {
      url = new URL(url, document.baseURI).href;
    } catch {}
    kit.defineProperty(made, "url", { value: url });
    kit.defineProperty(made, "type", { value: wishes.type ?? "basic" });
    if (wishes.type === "opaque") {
      kit.defineProperty(made, "status", { value: 0 });
      kit.defineProperty(made, "ok", { value: false });
    }
    const wait = Number(wishes.throttle ?? 0);
    return new Promise((resolve) => (wait > 0 ? setTimeout(resolve, wait, made) : resolve(made)));
  });
}

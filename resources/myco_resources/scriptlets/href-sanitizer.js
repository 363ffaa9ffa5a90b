// href-sanitizer, selector, source: links go where their text, attribute or parameter says.
(kit, selector, source = "text") => {
  if (!selector) return;
  const byStep = (text, step) => {
    if (step === "-base64") return atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    if (step === "+https") return text.replace(/^(?:[a-z]+:)?(?:\/\/)?/i, "https://");
    if (step[0] === "/") return kit.expression(step).exec(text)?.[1] ?? "";
    if (step[0] !== "?") return "";
    return step.slice(1).split("?").reduce(
      (url, name) => (url ? new URL(url, document.baseURI).searchParams.get(name) ?? "" : ""), text,
    );
  };
  const target = (element) => {
    if (source === "text") return element.textContent.replace(/^[^\x21-\x7e]+|[^\x21-\x7e]+$/g, "");
    const attribute = /^\[([^\]]+)\]$/.exec(source)?.[1];
    if (attribute) return element.getAttribute(attribute) ?? "";
    return kit.words(source).reduce(byStep, element.href);
  };
  const look = () => {
    for (const element of document.querySelectorAll(selector)) {
      if (element.localName !== "a" || !element.hasAttribute("href")) continue;
      try {
        const url = new URL(target(element));
        if (!/^https?:$/.test(url.protocol) || url.href === element.href) continue;
        element.setAttribute("href", url.href);
      } catch {}
    }
  };
  kit.at("interactive", () => kit.observe(look, ["href"]));
}

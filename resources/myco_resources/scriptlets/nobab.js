// nobab: BlockAdBlock's script, which comes packed as text, is not run.
(kit) => {
  const NAMES = /blockadblock|babasbm|["']babn["']/i;
  // Its own words, where it was given other names: none of them is rare, all together are.
  const WORDS = ["AdBlock", "doScroll", "fromCharCode", "sessionStorage", "clientWidth"];
  const isBab = (text) => NAMES.test(text) || WORDS.every((word) => text.includes(word));
  kit.wrap("eval", (target, self, args) => {
    if (typeof args[0] !== "string" || !isBab(args[0])) return kit.apply(target, self, args);
    document.body?.style.removeProperty("visibility");
    return undefined;
  });
  kit.wrap("setTimeout", (target, self, args) => {
    const isText = typeof args[0] === "string" && isBab(args[0]);
    return kit.apply(target, self, isText ? ["", ...args.slice(1)] : args);
  });
}

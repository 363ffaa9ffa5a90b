// prevent-window-open, pattern, seconds, decoy: no window opens; with seconds, a decoy lives so long.
(kit, ...given) => {
  let [pattern = "", seconds = "", decoy = ""] = given;
  if (pattern === "0" || pattern === "1") {
    // The older order: whether a match is wanted, seconds are second, the pattern is last.
    const negated = pattern === "0" ? "!" : "";
    [pattern, seconds, decoy] = [given[1] ? negated + given[1] : "", given[2] ?? "", given[3] ?? ""];
  }
  const wanted = kit.fitsOrNot(pattern);
  kit.wrap("open", (target, self, args) => {
    if (!wanted(args.map(kit.textOf).join(" "))) return kit.apply(target, self, args);
    if (seconds === "") return null;
    const element = document.createElement(decoy === "obj" ? "object" : "iframe");
    if (decoy === "obj") element.data = "about:blank";
    else element.src = "about:blank";
    const style = "position:fixed!important;left:-9px!important;top:-9px!important;width:1px!important;height:1px!important;z-index:-1!important;visibility:hidden!important";
    element.style.cssText = style;
    (document.body ?? document.documentElement).append(element);
    setTimeout(() => element.remove(), Number(seconds) * 1000);
    return element.contentWindow ?? kit.page;
  });
}

// Adds content security policies that filters want, before a page's first script runs.
// In a world of its own: the element is in the head for a moment only, the policy stays.
(() => {
  "use strict";
  const table = __TABLE__;
  const wanted = table[location.href.replace(/#.*$/, "")];
  if (wanted === undefined) return;
  const put = () => {
    const head = document.head;
    if (head === null) return false;
    for (const policy of wanted) {
      const meta = document.createElement("meta");
      meta.httpEquiv = "Content-Security-Policy";
      meta.content = policy;
      head.prepend(meta);
      meta.remove();
    }
    return true;
  };
  if (put()) return;
  // The parser tells of the head before it runs the first script, wherever that stands.
  const observer = new MutationObserver(() => {
    if (put()) observer.disconnect();
  });
  observer.observe(document, { childList: true, subtree: true });
})();

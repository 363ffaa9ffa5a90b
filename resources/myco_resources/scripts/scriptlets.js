// Calls the scriptlets that the filter lists name for this host, before the page's own scripts.
(() => {
  "use strict";
  const table = __TABLE__;
  let host = location.hostname;
  try {
    // A frame without an address of its own is its parent's.
    for (let at = window; host === "" && at !== at.parent; host = at.location.hostname) at = at.parent;
  } catch {
    return;
  }
  // What holds in a frame depends on the page on top of it, too.
  const above = location.ancestorOrigins;
  const topHost = above.length > 0 ? above[above.length - 1].replace(/^.*\/\/|:\d+$/g, "") : "";
  const place = topHost === "" || topHost === host ? host : `${host} ${topHost}`;
  const calls = Object.hasOwn(table.hosts, place) ? table.hosts[place] : [];
  if (calls.length === 0) return;
  const kit = __KIT__;
  Object.assign(kit.standIns, table.texts);
  const scriptlets = __SCRIPTLETS__;
  for (const [name, words] of calls) {
    try {
      scriptlets[name](kit, ...words);
    } catch {
      // One that fails does not cost the others.
    }
  }
})();

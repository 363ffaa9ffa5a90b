// Stands in for a tag manager: pages that wait for its callbacks go on, no tag is loaded.
(() => {
  "use strict";
  const run = (entry) => {
    if (entry && typeof entry === "object" && typeof entry.eventCallback === "function") {
      setTimeout(entry.eventCallback, 1);
    }
  };
  const layer = (window.dataLayer = window.dataLayer || []);
  const push = layer.push.bind(layer);
  layer.push = (...entries) => {
    entries.forEach(run);
    return push(...entries);
  };
  layer.forEach(run);
  // The anti-flicker snippet hides the page until this is called.
  const hide = layer.hide;
  if (hide && typeof hide.end === "function") hide.end();
  window.google_tag_manager = window.google_tag_manager || {};
})();

// Stands in for a page-view counter: accepts every call, reports to nobody.
(() => {
  "use strict";
  const noop = () => {};
  const tracker = new Proxy({}, { get: () => noop });
  const name = window.GoogleAnalyticsObject || "ga";
  const waiting = window[name] && window[name].q;
  const ga = (...words) => {
    const last = words[words.length - 1];
    // Pages wait for these callbacks before they follow a link or submit a form.
    if (typeof last === "function") {
      setTimeout(last, 1, tracker);
    } else if (last && typeof last === "object" && typeof last.hitCallback === "function") {
      setTimeout(last.hitCallback, 1);
    }
  };
  ga.create = () => tracker;
  ga.getByName = () => tracker;
  ga.getAll = () => [tracker];
  ga.remove = noop;
  ga.loaded = true;
  window[name] = ga;
  if (Array.isArray(waiting)) waiting.forEach((words) => ga(...words));
})();

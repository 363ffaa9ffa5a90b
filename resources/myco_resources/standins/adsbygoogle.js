// Stands in for an advertisement loader: places are taken and marked done, and stay empty.
(() => {
  "use strict";
  const mark = () => {
    for (const place of document.querySelectorAll("ins.adsbygoogle:not([data-adsbygoogle-status])")) {
      place.dataset.adsbygoogleStatus = "done";
      place.dataset.adStatus = "unfilled";
    }
  };
  const push = () => {
    mark();
    return 1;
  };
  window.adsbygoogle = { loaded: true, push };
  mark();
})();

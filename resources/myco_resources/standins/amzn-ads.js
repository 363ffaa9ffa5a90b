// Stands in for an older header bidder: there is never a bid, and pages that wait are told so.
(() => {
  "use strict";
  const noop = () => {};
  const soon = (...words) => {
    const act = words.find((word) => typeof word === "function");
    if (act) setTimeout(act, 1);
  };
  window.amznads = new Proxy({
    getAdsAsync: soon, getAdsCallback: soon, getDisplayAdsAsync: soon, getVideoAdsAsync: soon,
    getTokens: () => [], hasAds: () => false, tryGetAdsAsync: soon,
  }, { get: (known, name) => (name in known ? known[name] : noop) });
  window.amzn_ads = window.amzn_ads || noop;
  window.aax_write = window.aax_write || noop;
  window.aax_render_ad = window.aax_render_ad || noop;
})();

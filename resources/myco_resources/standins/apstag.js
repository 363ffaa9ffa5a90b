// Stands in for a header bidder: every auction ends at once, without bids.
(() => {
  "use strict";
  const waiting = (window.apstag && window.apstag._Q) || [];
  const apstag = {
    init(_options, done) {
      if (typeof done === "function") done();
    },
    fetchBids(_options, done) {
      if (typeof done === "function") setTimeout(done, 1, []);
    },
    targetingKeys: () => [],
    setDisplayBids() {},
    renderImp() {},
    debug() {},
  };
  window.apstag = apstag;
  for (const [kind, words] of waiting) {
    if (kind === "i") apstag.init(...words);
    if (kind === "f") apstag.fetchBids(...words);
  }
})();

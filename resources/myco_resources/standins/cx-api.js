// Stands in for experiments on pages: everybody sees the original.
(() => {
  "use strict";
  window.cxApi = {
    NO_CHOSEN_VARIATION: -1, NOT_PARTICIPATING: -2, ORIGINAL_VARIATION: 0,
    chooseVariation: () => 0, getChosenVariation: () => 0, setAllowHash() {},
    setChosenVariation() {}, setCookiePath() {}, setDomainName() {},
  };
})();

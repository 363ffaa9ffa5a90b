// Stands in for a loader of suggested stories: its functions are there, its places stay empty.
(() => {
  "use strict";
  const names = ["callClick", "callLoadMore", "callRecs", "callUserZapping", "callWhatIs",
    "cancelRecommendation", "cancelRecs", "closeCard", "closeModal", "closeTbx", "errorInjectionHandler",
    "getCountOfRecs", "getStat", "imageError", "manualVideoClicked", "onOdbReturn", "onVideoClick",
    "pagerLoad", "recClicked", "refreshSpecificWidget", "refreshWidget", "reloadWidget",
    "renderSpaWidgets", "researchWidget", "returnedError", "returnedHtmlData", "returnedIrdData",
    "returnedJsonData", "scrollLoad", "showDescription", "showRecInIframe", "userZappingMessage",
    "zappingFormAction"];
  const known = window.OBR || {};
  window.OBR = known;
  known.extern = Object.assign(known.extern || {}, Object.fromEntries(names.map((name) => [name, () => {}])), {
    video: { getVideoRecs() {}, videoClicked() {} },
  });
})();

// Stands in for a publisher tag: slots can be defined and shown, nothing is fetched.
(() => {
  "use strict";
  const chain = (target, names) => {
    for (const name of names) target[name] = () => target;
    return target;
  };
  const slot = (path, _size, id) =>
    Object.assign(
      chain({}, ["addService", "clearCategoryExclusions", "clearTargeting", "defineSizeMapping",
        "set", "setCategoryExclusion", "setClickUrl", "setCollapseEmptyDiv", "setForceSafeFrame",
        "setSafeFrameConfig", "setTargeting", "updateTargetingFromMap"]),
      {
        getAdUnitPath: () => String(path || ""),
        getSlotElementId: () => String(id || ""),
        getTargeting: () => [],
        getTargetingKeys: () => [],
        getAttributeKeys: () => [],
        getResponseInformation: () => null,
        getSizes: () => [],
      },
    );
  const service = (more) =>
    Object.assign(
      chain({}, ["addEventListener", "clear", "clearCategoryExclusions", "clearTargeting",
        "collapseEmptyDivs", "disableInitialLoad", "display", "enableAsyncRendering",
        "enableLazyLoad", "enableSingleRequest", "enableSyncRendering", "enableVideoAds", "refresh",
        "removeEventListener", "set", "setCategoryExclusion", "setCentering", "setForceSafeFrame",
        "setLocation", "setPrivacySettings", "setPublisherProvidedId", "setRequestNonPersonalizedAds",
        "setSafeFrameConfig", "setTargeting", "setVideoContent", "updateCorrelator"]),
      { getSlots: () => [], getTargeting: () => [], getTargetingKeys: () => [] },
      more,
    );
  const page = service({});
  const other = service({});
  const mapping = { addSize: () => mapping, build: () => null };
  const before = (window.googletag && window.googletag.cmd) || [];
  const googletag = (window.googletag = Object.assign(window.googletag || {}, {
    apiReady: true,
    pubadsReady: true,
    cmd: { push: (...calls) => calls.forEach((call) => typeof call === "function" && call()) },
    companionAds: () => other,
    content: () => other,
    defineOutOfPageSlot: slot,
    defineSlot: slot,
    destroySlots: () => true,
    disablePublisherConsole() {},
    display() {},
    enableServices() {},
    getVersion: () => "1",
    pubads: () => page,
    setAdIframeTitle() {},
    sizeMapping: () => mapping,
  }));
  if (Array.isArray(before)) before.forEach((call) => googletag.cmd.push(call));
})();

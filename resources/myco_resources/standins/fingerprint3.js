// Stands in for a library that identifies browsers: the answer is new for each page.
(() => {
  "use strict";
  const visitorId = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const agent = {
    get: () => Promise.resolve({ visitorId, confidence: { score: 0 }, components: {}, version: "3" }),
  };
  window.FingerprintJS = { load: () => Promise.resolve(agent), hashComponents: () => visitorId };
})();

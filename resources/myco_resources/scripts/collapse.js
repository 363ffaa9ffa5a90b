// Hides elements whose resource was refused.
(() => {
  const refused = new Set(__ADDRESSES__);
  const selector = "img, iframe, embed, object, video, audio";
  const addressOf = (element) => element.currentSrc || element.src || element.data || "";
  for (const element of document.querySelectorAll(selector)) {
    if (refused.has(addressOf(element))) {
      element.style.setProperty("display", "none", "important");
    }
  }
})();

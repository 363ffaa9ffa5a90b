// Stands in for a beacon: accepts what is sent to it.
(() => {
  "use strict";
  window.COMSCORE = { beacon() {}, purge() { window._comscore = []; } };
  window._comscore = [];
})();

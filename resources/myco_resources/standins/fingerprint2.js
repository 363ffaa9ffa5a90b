// Stands in for a library that identifies browsers: the answer is new for each page.
(() => {
  "use strict";
  const value = () => [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const Fingerprint2 = function () {};
  Fingerprint2.get = (options, done) => {
    const answer = done || options;
    if (typeof answer === "function") setTimeout(answer, 1, []);
  };
  Fingerprint2.getPromise = () => Promise.resolve([]);
  Fingerprint2.x64hash128 = value;
  Fingerprint2.prototype.get = (options, done) => {
    const answer = done || options;
    if (typeof answer === "function") setTimeout(answer, 1, value(), []);
  };
  window.Fingerprint2 = Fingerprint2;
})();

// The third party: what it finds of its own from before, and what it can leave.
(async () => {
  const { tell, number } = __PLAN__;
  const found = {};
  const attempt = async (name, act) => {
    try {
      found[name] = await act();
    } catch (error) {
      found[name] = "refused";
    }
  };
  await attempt("local", () => localStorage.getItem("mark"));
  await attempt("setLocal", () => localStorage.setItem("mark", "1"));
  await attempt("database", async () => {
    if (!indexedDB.databases) return "";
    return (await indexedDB.databases()).map((one) => one.name).join();
  });
  await attempt("setDatabase", () => { indexedDB.open("mark"); });
  await attempt("caches", async () => (await self.caches?.keys())?.join());
  await attempt("setCaches", () => self.caches?.open("mark").then(() => 1));
  await attempt("referrer", () => document.referrer);
  // The file that may be kept; an answer that was lost on its way says nothing.
  for (let tries = 0; self.kept === undefined && tries < 3; tries++) {
    await new Promise((done) => {
      const again = document.createElement("script");
      again.src = "kept.js";
      again.onload = again.onerror = done;
      document.head.append(again);
    });
  }
  found.kept = self.kept;
  await fetch(tell, { method: "POST", mode: "no-cors", body: JSON.stringify({ third: found, number }) });
  parent.postMessage("told", "*");
})();

// A page with a frame of a third party; when that has told what it saw, the next site follows.
const { tell, third, next, number, traps } = __PLAN__;
const post = (body) => fetch(tell, { method: "POST", mode: "no-cors", body: JSON.stringify(body) });
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// Servers of the user's own machine, which a page of the web may not reach.
const tryTraps = async () => {
  const reached = [];
  for (const trap of traps) {
    if (trap.startsWith("ws:")) {
      try {
        new WebSocket(trap);
      } catch { /* refused at once */ }
    } else {
      fetch(trap, { mode: "no-cors" }).then(() => reached.push(trap), () => {});
      new Image().src = trap;
    }
  }
  await pause(700);
  await post({ reached });
};

(async () => {
  post({ windowName: window.name, number });
  window.name = "visitor";
  const told = new Promise((done) => {
    addEventListener("message", done);
    setTimeout(done, 6000);
  });
  const frame = document.createElement("iframe");
  frame.src = third;
  document.body.append(frame);
  await told;
  if (traps.length) await tryTraps();
  location.href = next;
})();

// Makes every kind of realm that a page can make, and lets each tell what it knows.
const probe = __PROBE__, windowProbe = __WINDOW__, later = __LATER__;
const { kind, tell, other, first, stun, third, wanted } = __PLAN__;
const post = (body) => fetch(tell, { method: "POST", mode: "no-cors", body: JSON.stringify(body) });
const say = (realm, found) => post({ realm, found });
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const direct = (realm, scope) => {
  try {
    say(realm, probe(scope));
  } catch (error) {
    say(realm, { error: String(error) });
  }
};
const frame = (set) => {
  const made = document.createElement("iframe");
  set(made);
  document.body.append(made);
  return made;
};
const code = (realm) => __REALM_CODE__.replace("@REALM@", realm);
const body = (realm) => "<script>" + code(realm) + "</" + "script>";
const address = (text, type) => URL.createObjectURL(new Blob([text], { type }));
const script = (text) => address(text, "text/javascript");

const makeFrames = () => {
  direct("frame, empty, read at once", frame(() => {}).contentWindow);
  direct("frame, srcdoc, read at once", frame((f) => { f.srcdoc = "<p>x"; }).contentWindow);
  document.body.insertAdjacentHTML("beforeend", "<iframe name=inner></iframe>");
  direct("frame, by innerHTML, read at once", window.inner);
  const written = frame(() => {});
  written.contentDocument.open();
  written.contentDocument.write("<p>written");
  written.contentDocument.close();
  direct("frame, document.write", written.contentWindow);
  const object = document.createElement("object");
  object.data = "about:blank";
  document.body.append(object);
  if (object.contentWindow) direct("object", object.contentWindow);
  direct("frame, sandboxed without scripts", frame((f) => { f.sandbox = "allow-same-origin"; })
    .contentWindow);
  frame((f) => { f.srcdoc = body("frame, srcdoc"); });
  frame((f) => { f.src = address(body("frame, blob:"), "text/html"); });
  frame((f) => { f.src = "data:text/html," + encodeURIComponent(body("frame, data:")); });
  frame((f) => { f.sandbox = "allow-scripts"; f.srcdoc = body("frame, sandboxed"); });
  frame((f) => { f.src = `/${kind}/frame?frame,%20same%20site`; });
  frame((f) => { f.src = `${other}frame?frame,%20other%20site`; });
};

const makeWorkers = () => {
  new Worker(script(code("worker, blob:")));
  new Worker("data:text/javascript," + encodeURIComponent(code("worker, data:")));
  new Worker(`/${kind}/worker.js`);
  new Worker(script(code("worker, module")), { type: "module" });
  new Worker(script(`new Worker(${JSON.stringify(script(code("worker, nested")))})`));
  if (window.SharedWorker) new SharedWorker(script(code("shared worker")));
  const registered = (value) => post({ serviceWorker: value });
  if (!navigator.serviceWorker) registered(false);
  else navigator.serviceWorker.register(`/${kind}/service.js`)
    .then(() => registered(true), () => registered(false));
};

// A new window needs a click; a hand of the self-test's session gives it.
const press = (number, act) => new Promise((done) => {
  document.onclick = () => {
    document.onclick = null;
    act();
    done();
  };
  document.title = `myco-press ${number}`;
  setTimeout(done, 6000);
});

const makeWindows = async () => {
  await press(1, () => {
    const opened = window.open("about:blank");
    if (opened) direct("window, empty, read at once", opened);
    opened?.close();
  });
  await pause(300);
  await press(2, () => {
    const opened = window.open(`/${kind}/frame?window`);
    if (opened) direct("window, read at once", opened);
  });
};

// What leads past the proxy.
const tryLeaks = async () => {
  const found = { candidates: [] };
  try {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: stun }] });
    peer.onicecandidate = (event) => event.candidate && found.candidates.push(event.candidate.candidate);
    peer.createDataChannel("");
    await peer.setLocalDescription(await peer.createOffer());
  } catch (error) {
    found.noPeer = String(error.name);
  }
  for (const rel of ["dns-prefetch", "preconnect", "prefetch"]) {
    const link = document.createElement("link");
    link.rel = rel;
    link.href = other.replace("//other", `//${rel}`);
    document.head.append(link);
  }
  await pause(1200);
  await post({ leaks: found });
};

// Another site with cookies that a third party may set: twice, so that it could bring one back.
const tryCookies = async () => {
  for (const turn of [1, 2]) {
    const made = frame((f) => { f.src = `${third}cookie?${turn}`; });
    await Promise.race([new Promise((done) => { made.onload = done; }), pause(3000)]);
  }
};

const heard = async (realms) => {
  for (let tries = 0; tries < 80; tries++) {
    const told = await (await fetch(`/${kind}/heard`, { cache: "no-store" })).json();
    if (realms.every((realm) => told.includes(realm))) return;
    await pause(100);
  }
};

(async () => {
  say("window", windowProbe(window));
  later(window).then((found) => say("page", { ...probe(window), ...found }));
  makeFrames();
  makeWorkers();
  // A tab of the everyday session that is not in front has no bridge.
  await heard(wanted.filter((realm) => !realm.startsWith("window")));
  await makeWindows();
  await tryLeaks();
  await tryCookies();
  await heard(wanted);
  location.href = first;
})();

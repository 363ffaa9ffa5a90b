"""Features that `permissions=` filters forbid answer pages as the specifications say."""

from __future__ import annotations

import threading
import time

from support.browser_rig import BrowserRig, LedSession
from support.site import Site

# Each gives a word; those about secure contexts are asked on this machine's own address.
_ASK = """
<script>
const word = async (act) => {
  try { const found = await act(); return found === undefined ? "nothing" : String(found); }
  catch (error) { return error.name; }
};
const position = () => new Promise((resolve) =>
  navigator.geolocation.getCurrentPosition(() => resolve("found"), (e) => resolve(
    [e.code, e instanceof GeolocationPositionError].join(":")), {timeout: 1}));
window.ask = async () => [
  await position(),
  await word(() => navigator.getGamepads().length),
  await word(() => document.fullscreenEnabled),
  await word(() => IdleDetector.requestPermission()),
  await word(() => document.featurePolicy.allowsFeature("gamepad")),
  await word(async () => (await navigator.permissions.query({name: "geolocation"})).state),
  await word(() => navigator.getGamepads.toString().includes("native code")),
].join();
ask().then((found) => { window.result = found; parent.postMessage(found, "*") });
addEventListener("message", (event) => { window.inner = event.data });
</script>"""
_FORBIDDEN = "1:true,SecurityError,false,NotAllowedError,false,denied,true"


def _use(session: LedSession, lines: str) -> None:
    session.do(
        "from myco_filters.engine import Engine\n"
        "from myco_filters.syntax.lists import FilterList\n"
        f"engine = Engine.compile([FilterList('t', 'Test', {lines!r})])\n"
        "session._context.policy.set_engine(engine)"
    )


def _wait(session: LedSession, name: str) -> str:
    deadline = time.monotonic() + 20
    while not (found := session.script(f"window.{name} || ''")):
        assert time.monotonic() < deadline, name
        threading.Event().wait(0.02)
    return str(found)


def test_forbidden_features_are_refused_before_the_page_begins(rig: BrowserRig, site: Site) -> None:
    site.page("one.localhost/", f"<!doctype html><title>o</title>{_ASK}")
    # Where it is not forbidden, the position is the user's to give.
    free = _ASK.replace("await position()", "''")
    site.page("two.localhost/", f"<!doctype html><title>t</title>{free}")
    site.page(
        "outer.localhost/",
        f"<!doctype html><title>f</title><script>addEventListener('message', (event) => {{"
        "window.inner = event.data })</script>"
        f"<iframe src='http://three.localhost:{site.port}/framed'></iframe>"
        "<iframe id=blank></iframe><script>try { blank.contentWindow.navigator.getGamepads();"
        "window.blank_says = 'found' } catch (error) { window.blank_says = error.name }</script>",
    )
    site.page("three.localhost/framed", f"<!doctype html>{_ASK}")
    session = rig.start()
    _use(
        session,
        "||one.localhost^$permissions=geolocation=()|gamepad=()|fullscreen=()\n"
        "*$permissions=idle-detection=(),domain=one.localhost\n"
        "||outer.localhost^$permissions=gamepad=()|geolocation=(self)\n",
    )
    address = f"http://{{}}.localhost:{site.port}/"
    session.open(address.format("one"))
    assert _wait(session, "result") == _FORBIDDEN
    session.open(address.format("two"))
    allowed = _wait(session, "result").split(",")
    assert allowed[1:3] == ["4", "true"]
    assert allowed[4] == "true"
    # Frames that are read at once are prepared by the bridge.
    session.wait_for("tab.page.gate.inspection.is_armed")
    session.open(address.format("outer"))
    inner = _wait(session, "inner").split(",")
    assert (inner[0], inner[1]) == ("1:true", "SecurityError"), "what the page forbids its frames"
    assert session.script("window.blank_says") == "SecurityError"

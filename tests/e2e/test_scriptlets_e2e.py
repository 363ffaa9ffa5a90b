"""Scriptlets do on pages what their names say, and on other pages nothing."""

from __future__ import annotations

import threading
import time

from support.browser_rig import BrowserRig, LedSession, set_level
from support.scriptlet_cases import CASES, DATA, LINES, PLAYLIST, scripts
from support.site import ECHO, Site

_PATIENCE_S = 4.0


def _host(name: str) -> str:
    return f"{name.replace('.', '-').lower()}.example"


def _use(lines: str, list_id: str) -> str:
    return (
        "from myco_filters.engine import Engine\n"
        "from myco_filters.syntax.lists import FilterList\n"
        f"engine = Engine.compile([FilterList({list_id!r}, 'Test', {lines!r})])\n"
        "session._context.policy.set_engine(engine)"
    )


def _serve(site: Site) -> str:
    """Serves a page for each case; the filters for all of them."""
    lines = []
    for name, case in CASES.items():
        host = _host(name)
        site.page(f"{host}/", f"<!doctype html><title>{name}</title><body>{case.page}")
        site.page(f"{host}/data.json", DATA, kind="application/json")
        site.page(f"{host}/lines", LINES, kind="text/plain")
        site.page(f"{host}/list.m3u8", PLAYLIST, kind="application/vnd.apple.mpegurl")
        site.pages[f"{host}/echo"] = ECHO
        site.page(
            f"{host}/list.mpd",
            '<MPD><Period id="x-ad-y"/><Period id="film"/></MPD>', kind="application/dash+xml",
        )  # fmt: skip
        lines += [f"{host}##{call.removeprefix('##')}" for call in case.call.split("\n")]
    return "\n".join(lines)


def _result(session: LedSession, wanted: object) -> object:
    """What the page says, as soon as it is what is wanted, or after some time."""
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        found: object = session.script("window.result === undefined ? 'nothing' : window.result")
        if found == wanted or time.monotonic() > deadline:
            return found
        threading.Event().wait(0.02)


def test_every_scriptlet_does_what_its_name_says(rig: BrowserRig, site: Site) -> None:
    lines = _serve(site)
    session = rig.start(hosts=site.host_map())
    session.do(_use(lines, "ublock-test"))
    found: dict[str, object] = {}
    for name, case in CASES.items():
        session.open(f"http://{_host(name)}/")
        found[name] = _result(session, case.wanted)
    assert found == {name: case.wanted for name, case in CASES.items()}
    assert not [place for place in site.arrived if place.startswith("ads.example")]


def test_scriptlets_keep_to_their_pages(rig: BrowserRig, site: Site) -> None:
    """Under a page's policy, in its frames; not on other pages, not where blocking is off, and
    nothing that is to be trusted from a list that is not."""
    policy = (("Content-Security-Policy", "script-src 'none'"),)
    site.page("strict.example/", "<!doctype html><title>s</title>", headers=policy)
    frames = "<iframe src=http://in.example/></iframe><iframe></iframe>"
    site.page("outer.example/", f"<!doctype html><title>o</title><body>{frames}")
    site.page(
        "in.example/",
        "<!doctype html>" + scripts("parent.postMessage(String(window.planted), '*')"),
    )
    names = "Object.getOwnPropertyNames(window).sort().join()"
    for place in ("plain.example/", "other.example/", "trust.example/", "off.example/"):
        site.page(place, "<!doctype html><title>p</title>" + scripts(f"window.all = {names}"))
    lines = (
        "strict.example,in.example,off.example,__proto__.example##+js(set, planted, 5)\n"
        "outer.example##+js(set, planted, 7)\n"
        "trust.example##+js(rpnt, script, all, each)\n"
        "trust.example##+js(no-such-scriptlet)\n"
        "other.example##+js(nostif, adblock)"
    )
    session = rig.start(hosts=site.host_map())
    session.open("http://plain.example/")
    untouched = session.script("window.all")
    session.do(_use(lines, "easylist"))

    session.open("http://strict.example/")
    session.wait_for_script("window.planted", 5)
    session.open("http://outer.example/")
    session.script("addEventListener('message', e => { window.told = e.data })")
    session.script("frames[0].location = 'http://in.example/'")
    session.wait_for_script("window.told", "5")
    session.wait_for_script("frames[1].planted", 7)
    session.open("http://other.example/")
    assert session.script("window.all") == untouched, "scriptlets leave no globals"
    assert session.script("setTimeout.toString()") == "function setTimeout() { [native code] }"
    session.open("http://plain.example/")
    assert session.script("String(window.planted)") == "undefined"
    session.open("http://trust.example/")
    assert session.script("window.all") == untouched
    session.open("http://off.example/")
    session.wait_for_script("window.planted", 5)
    session.do(set_level("off.example", "OFF"))
    session.open("http://off.example/")
    session.wait_for_script("String(window.planted)", "undefined")
    session.do(_use("else.example##+js(set, planted, 5)", "easylist"))
    session.open("http://strict.example/")
    session.wait_for_script("String(window.planted)", "undefined")

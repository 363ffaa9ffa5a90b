"""What sites stored ends with their last tab, unless the user keeps them: judged at the server."""

from __future__ import annotations

import time
from pathlib import Path

from support.browser_rig import BrowserRig, LedSession
from support.site import Answer, Site

_STORE = """<title>stores</title><script src=/file.js></script><script>
localStorage.setItem('word', '1');
document.cookie = 'script=1; max-age=99999999';
const asked = indexedDB.open('words');
asked.onsuccess = () => { document.title = 'stored'; };
</script>"""
_TELL = """<title>tells</title><script src=/file.js></script><script>
indexedDB.databases().then(all => {
  document.title = [localStorage.getItem('word'), document.cookie, all.length].join(' ');
});
</script>"""


def _serve(site: Site) -> None:
    for host in ("one.example", "kept.example", "bounce.example"):
        header = (("Set-Cookie", "server=1; Max-Age=99999"),)
        site.pages[f"{host}/"] = Answer(_STORE.encode(), headers=header)
        site.page(f"{host}/tell", _TELL)
        cached = (("Cache-Control", "max-age=99999"), ("ETag", '"mark"'))
        site.pages[f"{host}/file.js"] = Answer(b"window.f = 1", "text/javascript", headers=cached)
    site.page("other.example/", "<title>other</title>")
    site.pages["bounce.example/away"] = Answer(
        b"", status=302,
        headers=(("Set-Cookie", "bounce=1; Max-Age=9999"), ("Location", "http://other.example/")),
    )  # fmt: skip


def _start(rig: BrowserRig, site: Site) -> LedSession:
    session = rig.start(hosts=site.host_map())
    session.do("session._forgetting._timer.setInterval(300)")
    return session


def _settle(session: LedSession, host: str) -> None:
    """Waits out the time in which a tab closed by mistake comes back with all it had."""
    session.wait_for(f"{host!r} not in session._forgetting._origins.sites")
    session.wait_for("session._forgetting._forgetter._page is None")


def _told(session: LedSession, site: Site, host: str) -> tuple[str, str | None]:
    session.open(f"http://{host}/tell")
    session.wait_for("tab.title not in ('tells', '')")
    place = f"{host}/tell"
    headers = site.headers[len(site.arrived) - 1 - site.arrived[::-1].index(place)]
    return str(session.value("tab.title")), headers.get("cookie")


def _files_naming(rig: BrowserRig, host: str) -> set[Path]:
    cached = [path for path in (rig.profile / "cache").rglob("*") if path.is_file()]
    assert cached
    return {path for path in cached if host.encode() in path.read_bytes()}


def test_a_site_is_forgotten_with_its_last_tab(rig: BrowserRig, site: Site) -> None:
    _serve(site)
    session = _start(rig, site)
    session.do("window.add_tab()")
    for host in ("one.example", "kept.example"):
        session.open(f"http://{host}/")
        session.wait_for("tab.title == 'stored'")
    session.do(
        "from dataclasses import replace\n"
        "sites = session._sites\n"
        "sites.put('kept.example', replace(sites.get('kept.example'), keep=True))"
    )
    told, cookie = _told(session, site, "kept.example")
    assert told.startswith("1 ")
    session.do("tab.ask_to_close()")
    session.wait_for("len(window.tabs) == 1")
    _settle(session, "one.example")
    # The engine is at work and yet asks for the file as if it had never had it.
    assert _files_naming(rig, "one.example") == set()
    assert site.arrived.count("one.example/file.js") == 1
    assert _told(session, site, "one.example") == ("0", None)
    asked = [headers for place, headers in zip(site.arrived, site.headers, strict=True)
             if place == "one.example/file.js"]  # fmt: skip
    assert len(asked) == 2
    assert "if-none-match" not in asked[1]
    told, cookie = _told(session, site, "kept.example")
    assert told.startswith("1 ")
    assert "server=1" in (cookie or "")
    assert site.arrived.count("kept.example/file.js") == 1, "its file is still there"
    # Now one that is closed together with the last window.
    assert _files_naming(rig, "one.example")
    session.do("window.close()")
    assert rig.started[0].wait(20) == 0
    assert _files_naming(rig, "one.example") == set()
    assert _files_naming(rig, "kept.example")


def test_a_site_that_was_only_passed_through_is_forgotten(rig: BrowserRig, site: Site) -> None:
    _serve(site)
    session = _start(rig, site)
    session.open("http://bounce.example/away")
    session.wait_for("tab.title == 'other'")
    _settle(session, "bounce.example")
    assert _told(session, site, "bounce.example") == ("0", None)


def test_cookies_of_scripts_last_a_week_at_most(rig: BrowserRig, site: Site) -> None:
    _serve(site)
    session = _start(rig, site)
    session.do(
        "session.cookies = []\n"
        "store = session._context.profile.cookieStore()\n"
        "store.cookieAdded.connect(lambda c: session.cookies.append("
        "[bytes(c.name()).decode(), c.expirationDate().toSecsSinceEpoch()]))"
    )
    session.open("http://one.example/")
    session.wait_for("len(session.cookies) >= 2")
    days = {name: (at - time.time()) / 86400 for name, at in session.value("session.cookies")}
    assert 6.9 < days["script"] <= 7
    assert days["server"] > 1

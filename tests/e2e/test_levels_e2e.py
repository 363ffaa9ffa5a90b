"""How much is blocked on a site: three levels, judged at the servers that were asked or not."""

from __future__ import annotations

import json

from support.browser_rig import BrowserRig, LedSession, set_level
from support.site import Answer, Site

_FILTERS = (
    "||ads.example^\n"
    "||track.example^$script,redirect=noop.js\n"
    "@@||ok.example^\n"
    "news.example##.ad\n"
    "inner.example##.ad\n"
    "news.example##+js(set-constant, hooked, 1)\n"
)
_PAGE = (
    "<!doctype html><title>news</title>"
    "<div class=ad id=ad>ad</div><div class=cookie-banner id=banner>cookies</div>"
    "<img src='http://ads.example/x.png'><img src='http://img.example/x.png'>"
    "<img src='/beacon?x=1'><script src='/own.js'></script>"
    "<script src='http://cdn.news.example/lib.js'></script>"
    "<script src='http://track.example/t.js'></script>"
    "<script src='http://ok.example/lib.js'></script>"
    "<iframe src='http://inner.example/'></iframe><script src='/hop.js'></script>"
)
_HIDDEN = "[...document.querySelectorAll('div')].filter(d => !d.offsetHeight).map(d => d.id).join()"


def _start(rig: BrowserRig, site: Site) -> LedSession:
    site.page("news.example/", _PAGE)
    site.page("inner.example/", "<!doctype html><div class=ad>x</div>")
    to = (("Location", "http://far.example/hop.js"),)
    site.pages["news.example/hop.js"] = Answer(b"", "text/javascript", 302, to)
    session = rig.start(hosts=site.host_map())
    session.do(
        "from myco_filters.engine import Engine\n"
        "from myco_filters.syntax.lists import FilterList\n"
        f"engine = Engine.compile([FilterList('ublock-t', 'Test', {_FILTERS!r})])\n"
        "session._context.policy.set_engine(engine)"
    )
    return session


def _asked(site: Site, session: LedSession) -> set[str]:
    """Loads the page anew; what the servers were asked for."""
    site.arrived.clear()
    session.do("session.loads.clear(); tab.reload(bypass_cache=True)")
    session.wait_for("session.loads and not tab.loading")
    return {place for place in site.arrived if not place.endswith("favicon.ico")}


def test_each_level_refuses_what_it_says(rig: BrowserRig, site: Site) -> None:
    session = _start(rig, site)
    session.open("http://news.example/")
    always = {
        "news.example/",
        "news.example/own.js",
        "news.example/hop.js",
        "img.example/x.png",
        "cdn.news.example/lib.js",
    }
    usual = (
        always
        | {"news.example/beacon?x=1", "ok.example/lib.js", "inner.example/"}
        | {"far.example/hop.js"}
    )

    assert _asked(site, session) == usual
    session.wait_for_script(_HIDDEN, "ad")
    assert session.script("window.hooked") == 1

    session.do(set_level("news.example", "STRICT"))
    assert _asked(site, session) == always
    session.wait_for_script(_HIDDEN, "ad,banner")
    assert session.script("window.hooked") == 1
    kinds = "sorted({entry.list_id for entry in session._blocked.page(tab.urlstr).entries})"
    session.wait_for(f"{kinds} == ['base-annoyances', 'strict-level', 'ublock-t']")

    session.do(set_level("news.example", "OFF"))
    assert _asked(site, session) == usual | {"ads.example/x.png", "track.example/t.js"}
    assert session.script(_HIDDEN) == ""
    assert session.script("window.hooked === undefined") is True


def test_a_frame_follows_the_level_of_the_page_on_top(rig: BrowserRig, site: Site) -> None:
    """The same frame on two pages, of which one is off; both are open, and both load it again."""
    tell = (
        "<!doctype html><div class=ad id=ad>x</div><script>addEventListener('load', () => "
        "requestAnimationFrame(() => parent.postMessage(ad.offsetHeight > 0, '*')))</script>"
    )
    for query in ("", "?0", "?1", "?2"):
        site.page(f"inner.example/{query}", tell)
    hear = (
        "<!doctype html><title>page</title><script>addEventListener('message', e => "
        "window.seen = e.data)</script><iframe src='http://inner.example/'></iframe>"
    )
    for name in ("on", "off"):
        site.page(f"{name}.example/", hear)
    session = _start(rig, site)
    site.page("inner.example/", tell)
    session.do(set_level("off.example", "OFF"))
    session.open("http://off.example/")
    session.wait_for_script("window.seen", True)
    session.do("from PyQt6.QtCore import QUrl\nwindow.add_tab(QUrl('http://on.example/'))")
    session.wait_for("tab.title == 'page' and not tab.loading")
    session.wait_for_script("window.seen", False)
    places = "list(session._context.page_filters.cosmetics._places)"
    assert "inner.example on.example" in session.value(places)
    assert "inner.example off.example" not in session.value(places)
    # The page that is off is loaded first, its frame only after the other page's.
    for number, (index, seen) in enumerate(((0, True), (1, False), (0, True)), start=1):
        session.do(f"window.tabs.show({index})")
        session.script("window.seen = null")
        session.script(
            f"document.querySelector('iframe').src = 'http://inner.example/?{number % 3}'"
        )
        session.wait_for_script("window.seen", seen)


def test_levels_are_remembered_in_the_everyday_session_only(rig: BrowserRig, site: Site) -> None:
    session = _start(rig, site)
    session.do(set_level("news.example", "STRICT"))
    session.do("session._context.launcher.open_private(['http://news.example/'])")
    private = rig.session()
    private.wait_for("tab is not None and tab.title == 'news'")
    assert private.value("str(session._context.policy.level('news.example').value)") == "standard"
    private.do(set_level("private.example", "OFF"))
    assert private.value("session._context.policy.level('private.example').value") == "off"
    stored = json.loads((rig.profile / "sites.json").read_text())
    assert stored == {"news.example": {"level": "strict"}}
    session.do("session._context.launcher.quit_all()")
    rig.started[0].wait(30)
    again = rig.start(hosts=site.host_map())
    assert again.value("session._context.policy.level('news.example').value") == "strict"
    again.open("http://news.example/")
    assert "inner.example/" not in site.arrived[-6:]

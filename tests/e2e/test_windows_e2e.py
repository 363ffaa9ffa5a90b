"""Windows that filters are against, and addresses that they rewrite: judged at the server."""

from __future__ import annotations

from support.browser_rig import BrowserRig, LedSession
from support.site import Answer, Site


def _use(session: LedSession, lines: str, list_id: str = "t") -> None:
    session.do(
        "from myco_filters.engine import Engine\n"
        "from myco_filters.syntax.lists import FilterList\n"
        f"engine = Engine.compile([FilterList({list_id!r}, 'Test list', {lines!r})])\n"
        "session._context.policy.set_engine(engine)"
    )


def test_popups_and_popunders_of_the_lists_never_reach_their_server(
    rig: BrowserRig, site: Site
) -> None:
    site.page(
        "news.example/",
        "<!doctype html><title>news</title><style>button{width:90px;height:40px}</style>"
        "<button id=direct onclick=\"window.open('http://pop.example/1')\">1</button>"
        "<button id=blank onclick=\"const w = window.open('about:blank');"
        "w.location = 'http://pop.example/2'\">2</button>"
        "<button id=hop onclick=\"window.open('http://fine.example/hop')\">3</button>"
        "<button id=fine onclick=\"window.open('http://fine.example/')\">4</button>"
        "<button id=own onclick=\"window.open('/out')\">6</button>"
        "<button id=under onclick=\"window.open('http://fine.example/');"
        "location = 'http://under.example/'\">5</button>",
    )
    site.page("fine.example/", "<title>fine</title>")
    for number, place in ((3, "fine.example/hop"), (4, "news.example/out")):
        site.pages[place] = Answer(
            b"", status=302, headers=(("Location", f"http://pop.example/{number}"),)
        )
    session = rig.start(hosts=site.host_map())
    _use(session, "||pop.example^$popup,third-party\n||under.example^$popunder")
    session.open("http://news.example/")
    count = "session._blocked.page('http://news.example/').count"
    session.click("#direct")
    session.wait_for(f"{count} == 1")
    assert session.value("len(window.tabs)") == 1
    for element, number in (("blank", 2), ("hop", 3), ("own", 4)):
        session.click(f"#{element}")
        session.wait_for(f"{count} == {number} and len(window.tabs) == 1")
    entry = "session._blocked.page('http://news.example/').entries[0]"
    assert session.value(f"[{entry}.kind, {entry}.filter_text]") == [
        "popup", "||pop.example^$popup,third-party",
    ]  # fmt: skip
    session.click("#fine")
    session.wait_for("len(window.tabs) == 2 and tab.title == 'fine'")
    session.do("window.close_tab(tab)")
    session.wait_for("len(window.tabs) == 1")
    session.click("#under")
    session.wait_for("len(window.tabs) == 2 and tab.title == 'fine'")
    session.wait_for("any(e.kind == 'popunder' for e in "
                     "session._blocked.page('http://news.example/').entries)")  # fmt: skip
    assert not [place for place in site.arrived if place.startswith(("pop.", "under."))]
    assert session.value("next(iter(window.tabs)).urlstr") == "http://news.example/"


def test_windows_that_wait_for_their_bridge_count_as_opened_by_the_page(
    rig: BrowserRig, site: Site
) -> None:
    """Cookies for the site's own pages only: not for a window that another site opens there."""
    strict = (("Set-Cookie", "who=1; SameSite=Strict"),)
    site.pages["shop.example/"] = Answer(b"<title>shop</title>", headers=strict)
    style = "<!doctype html><style>body>*{display:block;width:90px;height:40px}</style>"
    ways = (
        "<a id=link target=_blank href='http://shop.example/{0}link'>1</a>"
        "<button id=script onclick=\"window.open('http://shop.example/{0}script')\">2</button>"
        "<a id=beside href='http://shop.example/{0}beside'>3</a>"
    )
    for host in ("shop", "other"):
        site.page(f"{host}.example/page", f"{style}<title>{host}</title>{ways.format(host)}")
    for host in ("shop", "other"):
        for way in ("link", "script", "beside"):
            site.page(f"shop.example/{host}{way}", f"<title>{host}{way}</title>")
    session = rig.start(hosts=site.host_map())
    session.open("http://shop.example/")
    for host in ("shop", "other"):
        session.open(f"http://{host}.example/page")
        for way in ("link", "script", "beside"):
            session.click(f"#{way}", "ControlModifier" if way == "beside" else "NoModifier")
            session.wait_for(f"any(one.title == '{host}{way}' for one in window.tabs)")
            session.do("window.tabs.show(0)")
    rows = zip(site.arrived, site.headers, strict=True)
    sent = {place: headers.get("cookie") for place, headers in rows}
    for way in ("link", "script", "beside"):
        assert sent[f"shop.example/shop{way}"] == "who=1", way
        assert sent[f"shop.example/other{way}"] is None, way


def test_addresses_are_cleaned_without_going_in_circles(rig: BrowserRig, site: Site) -> None:
    for place in (
        "a.example/?id=1",
        "re.example/",
        "keep.example/?utm_a=1",
        "end.example/?x=1",
        "last.example/?y=1",
    ):
        site.page(place, "<title>there</title>")
    site.pages["loop.example/"] = Answer(
        b"", status=302, headers=(("Location", "http://loop.example/?utm_a=1"),)
    )
    site.page("loop.example/?utm_a=1", "<title>gave in</title>")
    site.pages["hop.example/"] = Answer(
        b"", status=302, headers=(("Location", "http://last.example/?y=1&utm_a=1"),)
    )
    site.page(
        "form.example/",
        "<form method=post action='http://a.example/?utm_a=1'><button id=b>x</button></form>",
    )
    site.page("a.example/?utm_a=1", "<title>posted</title>")
    site.page("a.example/?utm_on=1", "<title>sent on</title>")
    site.page(
        "form.example/?on",
        "<form method=post action='http://on.example/'><button id=b>x</button></form>",
    )
    site.pages["on.example/"] = Answer(
        b"", status=307, headers=(("Location", "http://a.example/?utm_on=1"),)
    )
    session = rig.start(hosts=site.host_map())
    lines = (
        "$doc,removeparam=/^utm_/\n$doc,removeparam=fbclid\n"
        "re.example$doc,removeparam\n@@||keep.example^$removeparam\n"
        "||wrap.example/go?$doc,urlskip=?to\n"
        "||b64.example/$doc,urlskip=?to -base64\n"
    )
    _use(session, lines)
    for typed, arrived in (
        ("http://a.example/?utm_a=1&id=1&fbclid=2&utm_b=3", "a.example/?id=1"),
        ("http://re.example/?anything=1&more=2", "re.example/"),
        ("http://keep.example/?utm_a=1", "keep.example/?utm_a=1"),
        ("http://wrap.example/go?to=http%3A%2F%2Fend.example%2F%3Fx%3D1%26utm_a%3D2",
         "end.example/?x=1"),
        ("http://b64.example/?to=aHR0cDovL2VuZC5leGFtcGxlLz94PTE=", "end.example/?x=1"),
    ):  # fmt: skip
        before = len(site.arrived)
        session.open(typed)
        expected = f"http://{arrived}"
        session.wait_for(f"tab.title == 'there' and tab.urlstr == {expected!r} and not tab.loading")
        pages = [place for place in site.arrived[before:] if not place.endswith(".ico")]
        assert pages == [arrived], typed
    # A server on the way adds what is taken away: the page comes, cleaned.
    session.open("http://hop.example/")
    session.wait_for("tab.title == 'there' and not tab.loading")
    assert "last.example/?y=1" in site.arrived[-2:]
    assert "last.example/?y=1&utm_a=1" not in site.arrived
    session.open("http://loop.example/?utm_a=1")
    session.wait_for("tab.title == 'gave in'")
    session.open("http://form.example/")
    session.script("document.getElementById('b').click()")
    session.wait_for("tab.title == 'posted'")
    # A server that sends the form's content on gets to send it on.
    session.open("http://form.example/?on")
    session.script("document.getElementById('b').click()")
    session.wait_for("tab.title == 'sent on'")
    sent = [head for place, head in zip(site.arrived, site.headers, strict=True)
            if place == "a.example/?utm_on=1"]  # fmt: skip
    assert [head.get("content-type", "") for head in sent] == ["application/x-www-form-urlencoded"]


def test_links_are_copied_clean(rig: BrowserRig, site: Site) -> None:
    session = rig.start(hosts=site.host_map())
    link = "https://www.google.com/url?q=https%3A%2F%2Fend.example%2F%3Fx%3D1%26utm_source%3D2"
    assert session.value(f"session._context.policy.clean({link!r})") == "https://end.example/?x=1"
    session.do("from myco_browser.domain.settings import CLEAN_LINKS\n"
        "from myco_browser.domain.settings_snapshot import Change\n"
               "session._settings.change(Change(CLEAN_LINKS, False))")  # fmt: skip
    session.wait_for(f"session._context.policy.clean({link!r}) == {link!r}")


def test_dangerous_pages_ask_twice(rig: BrowserRig, site: Site) -> None:
    site.page("bad.example/", "<title>arrived</title>")
    session = rig.start(hosts=site.host_map())
    _use(session, "||bad.example^$all", "urlhaus")
    session.open("http://bad.example/")
    session.wait_for("tab.title == 'This page is dangerous'")
    press = (
        "from PyQt6.QtWidgets import QPushButton\n"
        "from myco_browser.ui.interstitial import Interstitial\n"
        "shown = [one for one in tab.findChildren(Interstitial) if one.isVisible()][-1]\n"
        "shown.findChild(QPushButton, 'link').click()"
    )
    session.do(press)
    session.wait_for("tab.title == 'Open a dangerous page?'")
    assert site.arrived == []
    session.do(press)
    session.wait_for("tab.title == 'arrived'")

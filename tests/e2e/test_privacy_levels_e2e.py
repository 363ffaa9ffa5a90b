"""Invisible, Protected and Open: chosen in one place, judged at servers and in other sessions."""

from __future__ import annotations

import json

from support.browser_rig import BrowserRig, LedSession
from support.identity_pages import REALMS, serve_realms, told
from support.launcher_rig import wait_until
from support.site import Answer, Site
from support.trusted_site import serve_trusted

_FILTERS = (
    ("ublock-t", "||ads.example^\n"),
    ("urlhaus", "||evil.example^\n"),
)
_PAGE = (
    "<title>shop</title><img src='http://ads.example/a.png'><img src='http://evil.example/e.png'>"
)


def _panel(session: LedSession) -> None:
    session.do("window.address.level_clicked.emit()")


def _choose(session: LedSession, level: str) -> None:
    session.do(
        "from myco_browser.ui.level_panel import LevelPanel\n"
        "from myco_browser.domain.privacy_level import PrivacyLevel\n"
        "panel = next(one for one in window.findChildren(LevelPanel) if one.isVisible())\n"
        f"panel.cards[PrivacyLevel.{level}].click()"
    )


def _close_panel(session: LedSession) -> None:
    session.do(
        "from myco_browser.ui.level_panel import LevelPanel\n"
        "[one.close() for one in window.findChildren(LevelPanel)]"
    )


def _tell(site: Site, realms: set[str]) -> dict[str, dict[str, object]]:
    assert wait_until(lambda: realms <= told(site).keys(), 20.0)
    return {realm: told(site)[realm] for realm in realms}


def _places_told(site: Site, start: int) -> list[str]:
    def found() -> list[str]:
        return [place for place in site.arrived[start:] if "/told" in place]

    assert wait_until(lambda: bool(found()), 10.0)
    return found()


def test_an_open_site_sees_what_is_true_and_nobody_else_does(rig: BrowserRig, site: Site) -> None:
    serve_realms(site)
    session = rig.start(hosts=site.host_map())
    here = f"http://localhost:{site.port}"
    session.open(f"{here}/")
    # The bridge of the protected page has to go, too. What it tells late is not the next page's.
    _tell(site, set(REALMS))
    assert session.value("tab.page.gate.inspection.is_armed")
    site.arrived.clear()
    session.do("session.loads.clear()")
    _panel(session)
    _choose(session, "OPEN")
    session.wait_for("session.loads and not tab.loading")
    assert session.value("window.address.level.property('level')") == "open"
    found = _tell(site, {*REALMS} - {"cross"})
    secure = found.keys() - {"data"}
    assert {found[realm].get("deviceMemory") for realm in secure} == {8}
    assert {found[realm]["has connection"] for realm in found} == {True}
    assert found["top"]["heap"]
    assert not session.value("tab.page.gate.inspection.is_armed")
    _close_panel(session)

    # Another site in the next tab, with an open one in a frame.
    session.do("session._context.policy.set_open('other.example', True)")
    other = "http://other.example/frame?cross"
    site.page("protected.example/", f"<title>p</title><iframe src='{other}'></iframe>")
    site.arrived.clear()
    session.do("window.add_tab()")
    session.open("http://protected.example/")
    inner = _tell(site, {"cross"})["cross"]
    assert (inner["has connection"], inner["globalPrivacyControl"]) == (False, True)
    assert session.value("window.address.level.property('level')") == "protected"
    assert session.script("'connection' in navigator") is False

    # The same tab goes to the open site, and back to the protected one.
    site.arrived.clear()
    session.open(other)
    assert _tell(site, {"cross"})["cross"]["has connection"] is True
    session.open("http://protected.example/")
    assert session.script("'connection' in navigator") is False
    session.wait_for("tab.page.gate.inspection.is_armed")

    stored = json.loads((rig.profile / "sites.json").read_text())
    assert stored == {f"localhost:{site.port}": {"open": True}, "other.example": {"open": True}}
    session.forget_site("other.example")
    site.arrived.clear()
    session.open(other)
    assert _tell(site, {"cross"})["cross"]["has connection"] is False
    assert list(json.loads((rig.profile / "sites.json").read_text())) == [f"localhost:{site.port}"]


def test_open_lets_through_what_is_not_dangerous_and_protected_brings_it_back(
    rig: BrowserRig, site: Site
) -> None:
    site.page("shop.example/", _PAGE)
    site.page("other.example/", _PAGE)
    session = rig.start(hosts=site.host_map())
    session.do(
        "from myco_filters.engine import Engine\n"
        "from myco_filters.syntax.lists import FilterList\n"
        f"lists = [FilterList(name, name, text) for name, text in {_FILTERS!r}]\n"
        "session._context.policy.set_engine(Engine.compile(lists))"
    )

    def asked(step: str) -> set[str]:
        site.arrived.clear()
        session.do(f"session.loads.clear() if hasattr(session, 'loads') else None\n{step}")
        session.wait_for("session.loads and not tab.loading")
        return {place for place in site.arrived if not place.endswith("favicon.ico")}

    session.open("http://shop.example/")
    assert set(site.arrived) & {"ads.example/a.png", "evil.example/e.png"} == set()
    _panel(session)
    _choose(session, "OPEN")
    session.wait_for("not tab.loading and tab.progress == 100")
    assert asked("tab.reload(bypass_cache=True)") == {"shop.example/", "ads.example/a.png"}
    _close_panel(session)
    assert asked("window.open_text('http://other.example/')") == {"other.example/"}
    session.open("http://shop.example/")
    _panel(session)
    _choose(session, "PROTECTED")
    session.wait_for("not tab.loading and tab.progress == 100")
    assert asked("tab.reload(bypass_cache=True)") == {"shop.example/"}
    assert json.loads((rig.profile / "sites.json").read_text()) == {}


def test_third_parties_have_cookies_on_open_sites_only(rig: BrowserRig) -> None:
    tops = ("open.example", "closed.example")
    with serve_trusted(rig.folder / "home", *tops, "login.example") as site:
        for top in tops:
            site.page(f"{top}/", "<title>t</title><iframe src='https://login.example/f'></iframe>")
        mark = (("Set-Cookie", "who=1; SameSite=None; Secure; Max-Age=9999"),)
        inner = b"<script>fetch('/told?' + document.cookie)</script>"
        site.pages["login.example/f"] = Answer(inner, headers=mark)
        lines = "".join(f"{name} 127.0.0.1:{site.port}\n" for name in (*tops, "login.example"))
        session = rig.start(hosts=lines)
        session.do("session._context.policy.set_open('open.example', True)")
        for top in (*tops, "open.example"):
            count = len(site.arrived)
            session.open(f"https://{top}/")
            session.wait_for(f"tab.urlstr == 'https://{top}/'")
            found = _places_told(site, count)
            assert found == [f"login.example/told?{'who=1' if top == 'open.example' else ''}"]
        rows = zip(site.arrived, site.headers, strict=True)
        sent = [headers.get("cookie") for place, headers in rows if place == "login.example/f"]
        assert sent == [None, None, "who=1"]


def test_a_broken_file_of_sites_means_protected(rig: BrowserRig, site: Site) -> None:
    site.page("shop.example/", "<title>shop</title>")
    rig.profile.mkdir(mode=0o700)
    (rig.profile / "sites.json").write_text('{"shop.example": {"open": "yes"}}')
    session = rig.start(hosts=site.host_map())
    session.open("http://shop.example/")
    assert session.value("window.address.level.property('level')") == "protected"
    assert session.script("'connection' in navigator") is False


def test_invisible_opens_the_page_in_a_private_session_and_protected_leads_back(
    rig: BrowserRig, site: Site
) -> None:
    site.page("shop.example/", "<title>shop</title>")
    session = rig.start(hosts=site.host_map())
    session.open("http://shop.example/")
    _panel(session)
    _choose(session, "INVISIBLE")
    private = rig.session()
    private.wait_for("tab is not None and tab.title == 'shop'")
    assert private.name == "private-1"
    assert private.value("window.address.level.property('level')") == "invisible"
    _panel(private)
    private.do(
        "from myco_browser.ui.level_panel import LevelPanel\n"
        "from myco_browser.domain.privacy_level import PrivacyLevel\n"
        "panel = window.findChild(LevelPanel)\n"
        "assert not panel.cards[PrivacyLevel.OPEN].isEnabled()"
    )
    _choose(private, "PROTECTED")
    session.wait_for("len(session._manager.windows) == 2")
    session.wait_for("tab.title == 'shop'")


def test_windows_are_invisible_where_that_is_the_default(rig: BrowserRig, site: Site) -> None:
    rig.settings["private.default"] = True
    site.page("shop.example/", "<title>shop</title>")
    private = rig.start("http://shop.example/", hosts=site.host_map())
    assert private.name == "private-1"
    private.wait_for("tab.title == 'shop'")
    private.do("session._context.launcher.open_everyday([])")
    everyday = rig.session()
    assert everyday.name == "everyday"
    everyday.wait_for("window is not None")
    everyday.do(
        "window.findChildren(type(window.actions()[0]))\n"
        "next(a for a in window.actions() if a.text() == 'New window').trigger()"
    )
    assert rig.session().name == "private-2"


def test_an_invisible_window_turns_on_the_tunnel_that_was_used_before(
    rig: BrowserRig, site: Site
) -> None:
    """Its exit is gone, so that what is wanted shows: nothing leaves."""
    site.page("shop.example/", "<title>shop</title>")
    rig.profile.mkdir(mode=0o700)
    wish = rig.profile / "tunnel.json"
    wish.write_text(json.dumps({"wish": "open", "exit": "gone"}))
    rig.settings["private.tunnel"] = False
    session = rig.start(hosts=site.host_map())
    session.do("session._context.launcher.open_private(['http://shop.example/'])")
    rig.session().wait_for("tab is not None and tab.title == 'shop'")
    assert json.loads(wish.read_text())["wish"] == "open"
    session.do(
        "from myco_browser.domain.settings_private import PRIVATE_TUNNEL\n"
        "from myco_browser.domain.settings_snapshot import Change\n"
        "session._settings.change(Change(PRIVATE_TUNNEL, True))"
    )
    session.do("session._context.launcher.open_private(['http://second.example/'])")
    second = rig.session()
    second.wait_for("window.tunnel.badge.property('tone') != 'quiet' and tab.failure is not None")
    assert not [place for place in site.arrived if place.startswith("second.")]
    # The page in its place leads to where that can be changed.
    second.do(
        "from PyQt6.QtWidgets import QPushButton\n"
        "buttons = {one.text(): one for one in tab._stack.front.findChildren(QPushButton)}\n"
        "buttons['Show the VPN'].click()"
    )
    second.wait_for("type(session._application.activePopupWidget()).__name__ == 'TunnelPanel'")
    # The everyday session keeps the way that it had.
    assert json.loads(wish.read_text()) == {"wish": "open", "exit": "gone"}

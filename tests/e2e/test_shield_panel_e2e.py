"""The shield panel: counts by kind, the reasons, and the choice of a level."""

from __future__ import annotations

from typing import Any

from support.browser_rig import BrowserRig, LedSession
from support.site import Site

_LISTS = {
    "easylist": ("EasyList", "||ads.example^"),
    "easyprivacy": ("EasyPrivacy", "||track.example^"),
    "urlhaus": ("URLhaus", "||bad.example^"),
    "easylist-cookies": ("EasyList Cookie List", "||consent.example^"),
    "user-own": ("user-own", "||mine.example^"),
}
_PAGE = (
    "<!doctype html><title>news</title><img src='http://ads.example/1.png'>"
    "<img src='http://ads.example/2.png'><img src='http://track.example/1.png'>"
    "<img src='http://bad.example/1.png'><img src='http://consent.example/1.png'>"
    "<img src='http://mine.example/1.png'><script src='http://cdn.example/x.js'></script>"
)
_PANEL = (
    "from PyQt6.QtTest import QTest\n"
    "from PyQt6.QtCore import Qt\n"
    "from myco_browser.ui.shield_panel import ShieldPanel\n"
    "panel = next((p for p in window.findChildren(ShieldPanel) if p.isVisible()), None)\n"
)


def _start(rig: BrowserRig, site: Site, *arguments: str) -> LedSession:
    site.page("news.example/", _PAGE)
    session = rig.start(*arguments, hosts=site.host_map())
    session.do(
        "from myco_filters.engine import Engine\n"
        "from myco_filters.syntax.lists import FilterList\n"
        f"parts = {_LISTS!r}\n"
        "lists = [FilterList(name, title, text) for name, (title, text) in parts.items()]\n"
        "session._context.policy.set_engine(Engine.compile(lists))"
    )
    session.open("http://news.example/")
    session.wait_for("session._blocked.page(tab.urlstr).count == 6")
    return session


def _value(session: LedSession, expression: str) -> Any:
    session.do(f"{_PANEL}session.found = {expression}")
    return session.value("session.found")


def test_counts_by_kind_and_reasons(rig: BrowserRig, site: Site) -> None:
    session = _start(rig, site)
    session.do("window.resize(800, 500)")
    session.do("window.address.shield_clicked.emit()")
    kinds = _value(session, "{kind.value: int(n.text()) for kind, n in panel._numbers.items()}")
    assert kinds == {"ads": 2, "trackers": 1, "malware": 1, "annoyances": 1, "other": 1}
    assert _value(session, "panel._headline.text()") == "6 requests blocked"
    assert session.value("window.address.shield.text()") == "6"
    rows = _value(
        session,
        "[[r.host, r.kind.value, r.filter_text, r.list_name, r.count]"
        " for r in panel._list._rows._rows]",
    )
    assert rows[0] == ["ads.example", "ads", "||ads.example^", "EasyList", 2]
    assert ["mine.example", "other", "||mine.example^", "Your own filters", 1] in rows
    assert len(rows) == 5
    # Everything is inside the smallest usual window, the buttons at the foot, too.
    inside = "panel.geometry().bottom() <= window.geometry().bottom()"
    assert _value(session, f"{inside} and panel.column.totalHeightForWidth(panel.width())"
                           " <= panel.height()") is True  # fmt: skip
    # It follows while the page goes on.
    session.script("new Image().src = 'http://ads.example/3.png'")
    session.do(
        f"def test(window):\n    {_PANEL.replace(chr(10), chr(10) + '    ').rstrip()}\n"
        "    return panel._headline.text() == '7 requests blocked'\nsession.test = test"
    )
    session.wait_for("session.test(window)")


def test_the_level_is_chosen_by_keys_and_counts_at_once(rig: BrowserRig, site: Site) -> None:
    session = _start(rig, site)
    assert "cdn.example/x.js" in site.arrived
    level = "session._context.policy.level('news.example').value"
    everything = ["ads.example/1.png", "cdn.example/x.js"]
    for wanted, asked in (("strict", []), ("off", everything)):
        site.arrived.clear()
        session.do("session.loads.clear()")
        session.do("window.address.shield_clicked.emit()")
        session.do(
            f"{_PANEL}QTest.keyClick(panel.focusWidget(), Qt.Key.Key_Right)\n"
            "QTest.keyClick(panel.focusWidget(), Qt.Key.Key_Return)"
        )
        assert session.value(level) == wanted
        session.wait_for("session.loads and not tab.loading")
        assert [place for place in everything if place in site.arrived] == asked
        session.do(f"{_PANEL}panel.close()")

"""Spelling is checked with dictionaries of this machine, in the languages of the setting."""

from __future__ import annotations

import pytest
from support.additions import give_addition
from support.browser_rig import BrowserRig, LedSession
from support.site import Site

_PAGE = (
    "<!doctype html><title>write</title><style>body{margin:0}"
    "textarea{font:40px monospace;width:700px;height:90px;border:0;padding:0;margin:0}</style>"
    "<textarea id=field spellcheck=true></textarea>"
)
_CLICK = """
from PyQt6.QtTest import QTest
from PyQt6.QtCore import QPoint, Qt
QTest.mouseClick(tab.view.focusProxy(), Qt.MouseButton.RightButton, pos=QPoint(60, 25))
"""
_MENU = "__import__('PyQt6.QtWidgets').QtWidgets.QApplication.activePopupWidget()"
_OFFERED = f"[a.text() for a in {_MENU}.actions()] if {_MENU} is not None else []"


def _write(session: LedSession, word: str) -> bool:
    """Types a word and a blank: the engine checks what was typed, not what a script put there.
    Whether it arrived: the page may not have had the focus yet."""
    session.script("field.value = ''")
    session.do(
        "from PyQt6.QtTest import QTest\n"
        "from PyQt6.QtCore import QPoint, Qt\n"
        "target = tab.view.focusProxy()\n"
        "QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=QPoint(60, 25))\n"
        f"QTest.keyClicks(target, {word + ' '!r})"
    )
    return any(session.script("field.value") == f"{word} " for _ in range(50))


def _take(session: LedSession, wrong: str, word: str) -> None:
    """Writes until the menu offers this word, and takes it: a word that was typed before the page
    had its dictionaries is not looked at again."""
    offered: list[str] = []
    for _ in range(40):
        if not _write(session, wrong):
            continue
        for _again in range(5):
            session.do(_CLICK)
            session.wait_for(f"{_MENU} is not None")
            offered = session.value(_OFFERED)
            if word in offered:
                session.do(f"[a for a in {_MENU}.actions() if a.text() == {word!r}][0].trigger()")
            session.do(f"{_MENU}.close()")
            session.wait_for(f"{_MENU} is None")
            if word in offered:
                return
    raise AssertionError(f"{word} is not offered: {offered}")


@pytest.mark.parametrize("arguments", [(), ("--private",)], ids=["everyday", "private"])
def test_suggestions_stand_in_the_menu_in_both_languages(
    rig: BrowserRig, site: Site, arguments: tuple[str, ...]
) -> None:
    give_addition(rig, "dictionaries")
    site.page("write.example/", _PAGE)
    session = rig.start(*arguments, hosts=site.host_map())
    session.open("http://write.example/")
    session.wait_for("session._context.profile.isSpellCheckEnabled()")
    for wrong, right in (("langauge", "language"), ("bonjoir", "bonjour")):
        _take(session, wrong, right)
        session.wait_for_script("field.value.trim()", right)
    assert site.arrived == [one for one in site.arrived if one.startswith("write.example/")]


def test_the_setting_switches_it_off_at_once(rig: BrowserRig, site: Site) -> None:
    give_addition(rig, "dictionaries")
    session = rig.start()
    session.wait_for("session._context.profile.isSpellCheckEnabled()")
    session.do(
        "from myco_browser.domain.spelling import SPELLING\n"
        "from myco_browser.domain.settings_snapshot import Change\n"
        "session._settings.change(Change(SPELLING, 'off'))"
    )
    assert not session.value("session._context.profile.isSpellCheckEnabled()")

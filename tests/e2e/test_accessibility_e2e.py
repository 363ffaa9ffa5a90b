"""Every control says what it is, in English and in French."""

from __future__ import annotations

import pytest
from support.browser_rig import BrowserRig, LedSession
from support.site import Site

_NAMELESS = """
from PyQt6.QtWidgets import (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QApplication,
                             QComboBox, QLabel, QLineEdit, QTabBar)
kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractItemView, QTabBar)
whole = (QComboBox, QAbstractSpinBox, QTabBar)
labelled = {label.buddy() for label in QApplication.allWidgets() if isinstance(label, QLabel)}
nameless = []
for widget in QApplication.allWidgets():
    parent = widget.parentWidget()
    if not widget.isVisible() or not isinstance(widget, kinds):
        continue
    if isinstance(parent, whole) and widget.objectName() != "tabclose":
        continue  # a part of the control (its field, its arrows): the control has the name
    shown = widget.text() if isinstance(widget, QAbstractButton) else ""
    if not (widget.accessibleName() or shown or widget in labelled):
        nameless.append(f"{type(widget).__name__} {widget.objectName()} in {type(parent).__name__}")
return nameless
"""


def _check(session: LedSession, where: str) -> None:
    assert session.run(_NAMELESS) == [], where


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_control_has_a_name(rig: BrowserRig, site: Site, language: str) -> None:
    site.page("news.example/", "<title>news</title><script>window.open('/pop')</script>")
    session = rig.start("--lang", language, hosts=site.host_map())
    session.open("http://news.example/")
    session.wait_for("len(tab.notices)")
    session.do("window.find_bar.open()")
    _check(session, "window, notice and find bar")
    close = "from PyQt6.QtWidgets import QApplication; QApplication.activePopupWidget().close()"
    for signal in ("chip_clicked", "shield_clicked"):
        session.do(f"window.address.{signal}.emit()")
        session.wait_for(
            "__import__('PyQt6.QtWidgets').QtWidgets.QApplication.activePopupWidget() is not None"
        )
        _check(session, signal)
        session.do(close)
    session.do("session._open_settings()")
    groups = session.value("session._preferences._pages.count()")
    for number in range(groups):
        session.do(f"session._preferences._sections.setCurrentRow({number})")
        _check(session, f"settings, group {number}")
    session.do("session._preferences.close()")
    session.do("session._downloads.show()")
    _check(session, "downloads")
    session.open("http://nowhere.invalid/")
    _check(session, "a failure")

"""Every control says what it is, in English and in French, and in full on a small screen."""

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

_CUT = """
from PyQt6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QLabel, QToolButton
cut = []
for widget in QApplication.allWidgets():
    if not widget.isVisible() or not isinstance(widget, (QLabel, QAbstractButton)):
        continue
    text = widget.text()
    if not text or (isinstance(widget, QLabel) and not widget.pixmap().isNull()):
        continue
    if isinstance(widget, QLabel) and widget.wordWrap():
        fits = widget.heightForWidth(widget.width()) <= widget.height() + 2
    elif isinstance(widget, QLabel):
        lines = text.split("\\n") if "<" not in text else []
        needed = max((widget.fontMetrics().horizontalAdvance(line) for line in lines), default=0)
        fits = needed <= widget.contentsRect().width() + 2
    else:
        fits = widget.sizeHint().width() <= widget.width() + 2
    if not fits:
        parent = type(widget.parentWidget()).__name__
        cut.append(f"{type(widget).__name__} in {parent}: {text}")
return cut
"""


def _check(session: LedSession, where: str) -> None:
    assert session.run(_NAMELESS) == [], where
    assert session.run(_CUT) == [], where


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_control_has_a_name(rig: BrowserRig, site: Site, language: str) -> None:
    site.page("news.example/", "<title>news</title><script>window.open('/pop')</script>")
    session = rig.start("--lang", language, hosts=site.host_map())
    session.open("http://news.example/")
    session.wait_for("len(tab.notices)")
    session.do("window.resize(800, 500)")
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
    session.do("session._preferences.open()")
    session.do("session._preferences._window.resize(776, 476)")
    groups = session.value("session._preferences._window._pages.count()")
    for number in range(groups):
        session.do(f"session._preferences._window._sections.setCurrentRow({number})")
        _check(session, f"settings, group {number}")
    session.do("session._preferences._window.close()")
    session.do("session._manager.show_request_log()")
    _check(session, "request log")
    session.do("session._manager._single['log'].close()")
    key = "[a for a in window.actions() if a.shortcut().toString() == 'Ctrl+Shift+E'][0]"
    bar = "tab.findChild(__import__('myco_browser.ui.picker_bar').ui.picker_bar.PickerBar)"
    session.do(f"{key}.trigger()")
    session.do(f"{bar}.offer(['a', 'b'], 0)")
    _check(session, "picker")
    session.do(f"{bar}.cancelled.emit()")
    session.do("session._manager.show_reading_list()")
    _check(session, "reading list")
    session.do("session._manager._single['reading'].close()")
    session.do(
        "[a for a in window.actions() if a.shortcut().toString() == 'Ctrl+Shift+S'][0].trigger()"
    )
    _check(session, "picture of a page")
    session.do("tab.findChildren(type(window.centralWidget()), 'sheet')[0].cancelled.emit()")
    session.do("session._downloads.show()")
    _check(session, "downloads")
    session.open("http://nowhere.invalid/")
    _check(session, "a failure")


def test_a_text_that_is_cut_off_would_be_found(rig: BrowserRig) -> None:
    session = rig.start()
    for kind in ("QLabel", "QPushButton"):
        session.do(
            f"from PyQt6.QtWidgets import {kind}\n"
            f"session.probe = {kind}('much too long', window)\n"
            "session.probe.setFixedWidth(12); session.probe.show()"
        )
        assert session.run(_CUT) == [f"{kind} in BrowserWindow: much too long"]
        session.do("session.probe.close()")

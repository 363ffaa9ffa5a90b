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


# Lists of a new profile: each says that it is empty, in what can be seen of it.
_EMPTY = {
    "bookmarks": "show_bookmarks",
    "reading": "show_reading_list",
    "permissions": "show_permissions",
}
_NOTE = """
from myco_browser.ui.empty_note import EmptyNote
def note(window):
    found = window.findChild(EmptyNote)
    label = found.sentence
    seen = label.visibleRegion().boundingRect().height() >= label.height() > 0
    return found.isVisible() and label.text() and seen
session.note = note
"""
_SCROLLED = """
from PyQt6.QtWidgets import QApplication, QCheckBox
panel = QApplication.activePopupWidget()
panel.scroll_within(200)
session.panel, session.boxes = panel, panel.findChildren(QCheckBox)
"""
_SETTLED = (
    "session.panel.height() == 200 and session.boxes[0].parentWidget().height()"
    " == session.panel.column.totalHeightForWidth(session.boxes[0].parentWidget().width())"
)
_TABBED = """
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
last = session.boxes[-1]
assert last.visibleRegion().isEmpty(), "there was room for it"
session.boxes[0].setFocus()
while (before := session.panel.focusWidget()) is not last:
    QTest.keyClick(before, Qt.Key.Key_Tab)
    assert session.panel.focusWidget() is not before, "the keys get stuck"
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
    session.run(_NOTE)
    session.do("window.find_bar.open(); window.find_bar.field.setText('zzz')")
    session.wait_for("window.find_bar.count.text()")
    _check(session, "window, notice and find bar")
    hint = "__import__('PyQt6.QtGui').QtGui.QPalette.ColorRole.PlaceholderText"
    assert session.value(
        f"window.find_bar.field.palette().color({hint}).name() == window.context.face.quiet"
    )
    close = "from PyQt6.QtWidgets import QApplication; QApplication.activePopupWidget().close()"
    for signal in ("chip_clicked", "shield_clicked"):
        session.do(f"window.address.{signal}.emit()")
        session.wait_for(
            "__import__('PyQt6.QtWidgets').QtWidgets.QApplication.activePopupWidget() is not None"
        )
        _check(session, signal)
        if signal == "chip_clicked":
            # On a low screen, what has no room is scrolled to, and keys bring it into sight.
            session.run(_SCROLLED)
            session.wait_for(_SETTLED)
            session.run(_TABBED)
            last = "session.boxes[-1]"
            session.wait_for(f"{last}.visibleRegion().boundingRect().height() == {last}.height()")
            _check(session, "a panel on a low screen")
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
    for name, show in _EMPTY.items():
        session.do(f"session._manager.{show}()")
        session.wait_for(f"session.note(session._manager._single[{name!r}])")
        _check(session, name)
        session.do(f"session._manager._single[{name!r}].close()")
    session.do(
        "[a for a in window.actions() if a.shortcut().toString() == 'Ctrl+Shift+S'][0].trigger()"
    )
    _check(session, "picture of a page")
    session.do("tab.findChildren(type(window.centralWidget()), 'sheet')[0].cancelled.emit()")
    session.do("session._downloads.show()")
    session.wait_for("session.note(session._downloads._window)")
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

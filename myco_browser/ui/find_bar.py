"""Find in page: a small bar at the lower right, with the count of matches."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon
from myco_browser.ui.theme import SPACE, Face


class FindBar(QFrame):
    """The text and where we are in its matches."""

    find_wanted = pyqtSignal(str, bool)  # text, backward
    opened = pyqtSignal()
    closed = pyqtSignal()

    def __init__(self, face: Face, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("findbar")
        self.setAccessibleName(_("Find in page"))
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE["s"], SPACE["xs"], SPACE["xs"], SPACE["xs"])
        row.setSpacing(SPACE["xs"])
        self.field = QLineEdit()
        self.field.setPlaceholderText(_("Find in page"))
        self.field.setAccessibleName(_("Find in page"))
        self.field.setMinimumWidth(220)
        self.field.textChanged.connect(lambda text: self.find_wanted.emit(text, False))
        self.count = QLabel("")
        self.count.setObjectName("quiet")
        self.count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(self.field)
        row.addWidget(self.count)
        row.addWidget(self._button("chevron-up", _("Find previous"), face, self.previous))
        row.addWidget(self._button("chevron-down", _("Find next"), face, self.next))
        row.addWidget(self._button("close", _("Close"), face, self.finish))
        self.hide()

    def open(self) -> None:
        """Shows the bar with the last text selected."""
        self.count.setMinimumWidth(_width_of_count(self.count))
        self.show()
        self.raise_()
        self.opened.emit()
        self.field.setFocus()
        self.field.selectAll()
        if self.field.text():
            self.find_wanted.emit(self.field.text(), False)

    def finish(self) -> None:
        """Hides the bar and ends the search."""
        self.hide()
        self.count.setText("")
        self.closed.emit()

    def next(self) -> None:
        """The next match."""
        self.find_wanted.emit(self.field.text(), False)

    def previous(self) -> None:
        """The match before."""
        self.find_wanted.emit(self.field.text(), True)

    def show_result(self, active: int, matches: int) -> None:
        """Shows "2 of 14"."""
        if not self.field.text():
            self.count.setText("")
        elif matches == 0:
            self.count.setText(_("No match"))
        else:
            self.count.setText(_("{active} of {matches}").format(active=active, matches=matches))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        if event.key() == Qt.Key.Key_Escape:
            self.finish()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            backward = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.find_wanted.emit(self.field.text(), backward)
        else:
            super().keyPressEvent(event)

    def _button(self, name: str, text: str, face: Face, act: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name, face.text, 16))
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.clicked.connect(act)
        return button


def _width_of_count(label: QLabel) -> int:
    """Room for what is usually said there, so that the field beside it keeps its place."""
    usual = (_("No match"), _("{active} of {matches}").format(active=8888, matches=8888))
    return max(label.fontMetrics().horizontalAdvance(text) for text in usual) + SPACE["s"]

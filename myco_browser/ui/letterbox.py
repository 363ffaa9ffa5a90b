"""The page area of private windows comes in few sizes, so that its size tells nobody apart."""

from __future__ import annotations

from PyQt6.QtCore import QRect, Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QWidget

from myco_browser.domain.identity import letterboxed
from myco_browser.ui.theme import SPACE

# The page area that a private window opens with where the screen has room for it.
_FIRST = (1200, 700)


class LetterBox(QWidget):
    """Holds a page's widget in the middle of a quiet margin."""

    def __init__(self, view: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("letterbox")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view = view
        view.setParent(self)
        view.destroyed.connect(self.deleteLater)
        self.setFocusProxy(view)
        self._fit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        width, height = letterboxed(self.width(), self.height())
        left = max(0, (self.width() - width) // 2)
        top = max(0, (self.height() - height) // 2)
        self._view.setGeometry(QRect(left, top, width, height))


def resize_for_pages(window: QWidget, chrome: QWidget) -> None:
    """Gives a new private window the usual page area, or the largest that fits on its screen."""
    screen = window.screen()
    if screen is None:
        return
    room = screen.availableGeometry().size()
    above = chrome.sizeHint().height() + 2
    width = min(_FIRST[0], letterboxed(room.width(), 0)[0]) + 2 * SPACE["s"]
    height = min(_FIRST[1], letterboxed(0, room.height() - above)[1]) + above + 2 * SPACE["s"]
    window.resize(min(width, room.width()), min(height, room.height()))

"""A part of the sidebar: pages on top of each other, each made when it is wanted."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from myco_browser.ui.theme import SPACE

_SHOWN_OR_HIDDEN = (QEvent.Type.ShowToParent, QEvent.Type.HideToParent)


class Margined(QWidget):
    """A place with air around a widget; it takes no room while that is hidden."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self._inside = inside
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["s"], SPACE["s"], SPACE["s"], 0)
        column.addWidget(inside)
        inside.installEventFilter(self)
        self.setVisible(not inside.isHidden())

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() in _SHOWN_OR_HIDDEN:
            self.setVisible(not self._inside.isHidden())
        return super().eventFilter(watched, event)


class PageStack(QWidget):
    """Shows one page, which also takes the keyboard."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.pages = QStackedWidget()
        column.addWidget(self.pages)

    def show_page(self, page: QWidget) -> None:
        """Brings a page to the front; a new one becomes part of the stack."""
        if self.pages.indexOf(page) < 0:
            self.pages.addWidget(page)
        self.pages.setCurrentWidget(page)
        self.setFocusProxy(page)

    def show_once(self, page: QWidget) -> None:
        """Brings a page to the front that is wanted once, and types into it."""
        self.show_page(page)
        page.setFocus()

    def drop(self, page: QWidget) -> None:
        """Takes a page away that was wanted once."""
        self.pages.removeWidget(page)
        page.deleteLater()

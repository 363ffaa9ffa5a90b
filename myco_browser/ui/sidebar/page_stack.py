"""A part of the sidebar: pages on top of each other, each made when it is wanted."""

from __future__ import annotations

from PyQt6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget


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

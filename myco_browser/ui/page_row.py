"""The row below the toolbar: the pages, and at their left the sidebar when there is one."""

from __future__ import annotations

from PyQt6.QtWidgets import QHBoxLayout, QWidget


class PageRow(QHBoxLayout):
    """Pages take the room that the sidebar leaves."""

    def __init__(self, pages: QWidget) -> None:
        super().__init__()
        self.side: QWidget | None = None
        self.setSpacing(0)
        self.addWidget(pages, 1)

    def set_side(self, side: QWidget | None) -> None:
        """What stands at the left of the pages, in place of what stood there."""
        if self.side is not None:
            self.side.hide()
            self.side.deleteLater()
        self.side = side
        if side is not None:
            self.insertWidget(0, side)

    def show_side(self, on: bool) -> None:
        """Hides it while a page has the whole screen."""
        if self.side is not None:
            self.side.setVisible(on)

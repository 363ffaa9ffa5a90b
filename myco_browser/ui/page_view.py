"""The engine's widget in a tab."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, pyqtSignal
from PyQt6.QtGui import QContextMenuEvent
from PyQt6.QtWebEngineWidgets import QWebEngineView


class PageView(QWebEngineView):
    """Shows a page; context menus are built by the window."""

    menu_wanted = pyqtSignal(QPoint)

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        if event is not None:
            self.menu_wanted.emit(event.globalPos())
            event.accept()

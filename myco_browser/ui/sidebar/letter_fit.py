"""Makes a letter smaller that is wider than its place, so that nobody scrolls sideways to read."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtWebEngineWidgets import QWebEngineView

_LEAST = 0.5
"""Smaller than that nobody could read it."""

_SCROLL_BAR = 16
"""Pixels that a long letter loses to it."""


class LetterFit(QObject):
    """Watches one view."""

    def __init__(self, view: QWebEngineView) -> None:
        super().__init__(view)
        self._view = view
        self._needs = 0.0
        """How wide the letter wants to be, in pixels at full size."""
        self._is_there = False
        view.installEventFilter(self)

    def begin(self) -> None:
        """Another letter is loaded; what the page tells until then is of the one before."""
        self._is_there = False

    def arrived(self) -> None:
        """It is there."""
        self._is_there = True
        self._needs = 0.0
        self._view.setZoomFactor(1.0)
        self.look()

    def look(self) -> None:
        """The page tells how large it is: in pixels of the view, at the size it has now."""
        page = self._view.page()
        if page is None or not self._is_there:
            return
        wide, room = page.contentsSize().width(), self._view.width()
        if wide > room + 1:
            self._needs = max(self._needs, wide / self._view.zoomFactor())
        self._fit()

    def _fit(self) -> None:
        room = self._view.width() - _SCROLL_BAR
        factor = max(_LEAST, min(1.0, room / self._needs)) if self._needs else 1.0
        if abs(factor - self._view.zoomFactor()) > 0.005:
            self._view.setZoomFactor(factor)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

"""What a window really shows that a page opened for itself, until its first page has come.

The engine names such a window by the address it was opened for from the start, while the page that
opened it can write whatever it likes into it. So the document itself is asked.
"""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QUrl
from PyQt6.QtWebEngineCore import QWebEnginePage, QWebEngineScript

from myco_browser.domain.urls import origin
from myco_browser.web.requests import encoded

_WORLD = QWebEngineScript.ScriptWorldId.ApplicationWorld.value


class AdoptedWindow:
    """`on_place` gets the address of what is shown, and whether the window's own page is there."""

    def __init__(self, page: QWebEnginePage, on_place: Callable[[QUrl, bool], None]) -> None:
        self._page = page
        self._on_place = on_place
        self._is_gone = False
        page.destroyed.connect(self._end)

    def look(self) -> None:
        """Asks; the answer comes later, or never if the document goes."""
        self._page.runJavaScript("document.location.href", _WORLD, self._take)

    def _end(self) -> None:
        """The window closed itself, perhaps before it answered."""
        self._is_gone = True

    def _take(self, place: object) -> None:
        if self._is_gone:
            return
        wanted = self._page.url()
        if not isinstance(place, str):
            return
        named = origin(encoded(wanted))
        arrived = origin(place) == named if named is not None else QUrl(place) == wanted
        self._on_place(wanted if arrived else QUrl(place), arrived)

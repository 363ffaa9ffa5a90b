"""Deletes what sites stored in a session: cookies, storage of every kind, service workers.

The engine offers this over its inspection protocol only, so that a hidden page is made for it when
there is something to forget, and ends soon after.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from PyQt6.QtCore import QTimer, QUrl
from PyQt6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile

from myco_browser.web.inspection import Inspection, Inspections

_log = logging.getLogger(__name__)
_LINGER_MS = 1500


class Forgetter:
    """Forgets origins one batch after the other. Qt thread only."""

    def __init__(self, profile: QWebEngineProfile, inspections: Inspections) -> None:
        self._profile = profile
        self._inspections = inspections
        self._waiting: list[tuple[tuple[str, ...], Callable[[], None]]] = []
        self._page: QWebEnginePage | None = None
        self._bridge: Inspection | None = None
        self._end = QTimer()
        self._end.setSingleShot(True)
        self._end.setInterval(_LINGER_MS)
        self._end.timeout.connect(self.end)

    def forget(self, origins: Iterable[str], then: Callable[[], None]) -> None:
        """Deletes what pages of these origins stored; `then` is called when it was asked for."""
        self._waiting.append((tuple(origins), then))
        self._end.stop()
        if self._bridge is not None and self._bridge.is_armed:
            self._work()
        elif self._bridge is None:
            self._page = QWebEnginePage(self._profile)
            self._bridge = self._inspections.bridge(self._page, at_once=False)
            self._bridge.armed.connect(self._work)
            self._bridge.failed.connect(self.end)
            self._page.setUrl(QUrl("about:blank"))
            self._bridge.build()

    def end(self) -> None:
        """Lets the page go; what still waits is tried again when it is asked for again."""
        self._end.stop()
        self._waiting.clear()
        bridge, self._bridge = self._bridge, None
        page, self._page = self._page, None
        if bridge is not None:
            bridge.release()
        if page is not None:
            page.deleteLater()

    def _work(self) -> None:
        waiting, self._waiting = self._waiting, []
        bridge = self._bridge
        for origins, then in waiting:
            if bridge is not None and all([bridge.forget(origin) for origin in origins]):
                then()
            else:
                _log.warning("what %d origins stored could not be deleted", len(origins))
        self._end.start()

"""Takes back what the engine keeps for all sites: cookies and files."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt
from PyQt6.QtWebEngineCore import QWebEngineProfile


class EngineClearing:
    """Clears the stores of one profile."""

    def __init__(self, profile: QWebEngineProfile) -> None:
        self._profile = profile

    def forget_cookies(self) -> None:
        """Deletes all cookies."""
        if (store := self._profile.cookieStore()) is not None:
            store.deleteAllCookies()

    def forget_cache(self, then: Callable[[], None]) -> None:
        """Empties the cache of files, and what the engine knows of visited links.

        A page that begins to load meanwhile never comes (measured with 6.11): `then` is called
        when pages can be loaded again, some tenths of a second later.
        """
        once = Qt.ConnectionType.SingleShotConnection
        self._profile.clearHttpCacheCompleted.connect(then, once)  # type: ignore[call-arg]
        self._profile.clearHttpCache()
        self._profile.clearAllVisitedLinks()

"""Has a page looked at, when it rests, whether the reader could show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QTimer
from PyQt6.QtWebEngineCore import QWebEnginePage

if TYPE_CHECKING:
    from myco_browser.ui.tab import Tab

# The page is painted by then, and its scripts had their turn.
_AFTER_MS = 300


def watch_articles(tab: Tab, page: QWebEnginePage) -> None:
    """Looks some time after a page has loaded, or has changed its address by itself."""
    timer = QTimer(page)
    timer.setSingleShot(True)
    timer.setInterval(_AFTER_MS)

    def look() -> None:
        # Loaded when a page is there: a start has no time for it.
        from myco_browser.ui.reader import look_for_article

        if not tab.loading:
            look_for_article(tab)

    timer.timeout.connect(look)
    page.loadStarted.connect(timer.stop)
    page.loadFinished.connect(lambda _ok: timer.start())
    page.urlChanged.connect(lambda _url: timer.start())

"""Hears when a page wants to be printed (HTML, 8.8.4: `window.print`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtWebEngineCore import QWebEngineFrame

from myco_browser.web.page import WebPage

if TYPE_CHECKING:
    from myco_browser.ui.tab import Tab


class PrintWishes:
    """How often one page asked; the user may have had enough of it."""

    def __init__(self) -> None:
        self.count = 0
        self.is_silenced = False

    def start_page(self) -> None:
        """Another page asks for itself."""
        self.count, self.is_silenced = 0, False


def watch_printing(tab: Tab, page: WebPage) -> None:
    """Lets the user choose a printer when `page`, or a frame in it, wants to be printed."""
    wishes = PrintWishes()
    page.loadStarted.connect(wishes.start_page)
    page.printRequested.connect(lambda: _on_wish(tab, wishes, None))
    page.printRequestedByFrame.connect(lambda frame: _on_wish(tab, wishes, frame))


def _on_wish(tab: Tab, wishes: PrintWishes, frame: QWebEngineFrame | None) -> None:
    # Loaded when it is wanted: few pages are printed.
    from myco_browser.ui.printing import print_for_page

    print_for_page(tab, wishes, frame)

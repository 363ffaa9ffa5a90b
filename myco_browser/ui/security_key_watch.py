"""Listens for a page that asks for a security key, and loads what answers it only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtWebEngineCore import QWebEngineWebAuthUxRequest

from myco_browser.web.page import WebPage

if TYPE_CHECKING:
    from myco_browser.ui.tab import Tab


def watch_security_keys(tab: Tab, page: WebPage) -> None:
    """Asks the user what `page` and a key want to know."""
    page.webAuthUxRequested.connect(lambda request: _on_request(tab, request))


def _on_request(tab: Tab, request: QWebEngineWebAuthUxRequest | None) -> None:
    # Loaded when it is wanted: few pages ask for a key.
    from myco_browser.ui.security_keys import SecurityKeyCard

    if request is not None:
        SecurityKeyCard(tab, request)

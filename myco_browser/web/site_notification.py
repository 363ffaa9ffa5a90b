"""What a site sends to be shown, under the name by which the rest of the browser knows it."""

from __future__ import annotations

from PyQt6.QtWebEngineCore import QWebEngineNotification

SiteNotification = QWebEngineNotification

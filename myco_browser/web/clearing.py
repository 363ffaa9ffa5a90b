"""Takes back what the engine keeps for all sites: cookies and files."""

from __future__ import annotations

from PyQt6.QtWebEngineCore import QWebEngineProfile


def forget_cookies(profile: QWebEngineProfile) -> None:
    """Deletes all cookies."""
    if (store := profile.cookieStore()) is not None:
        store.deleteAllCookies()


def forget_cache(profile: QWebEngineProfile) -> None:
    """Empties the cache of files, and what the engine knows of visited links."""
    profile.clearHttpCache()
    profile.clearAllVisitedLinks()

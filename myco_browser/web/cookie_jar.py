"""The engine's cookies, for requests that the browser makes in its place.

The engine's cookie store tells of changes only (measured with 6.11: `loadAllCookies` tells
nothing), so its inspection protocol is asked, from a hidden page that ends with the answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from PyQt6.QtCore import QUrl
from PyQt6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile

from myco_browser.domain.cookies import Cookie
from myco_browser.web.inspection import Inspections

Done = Callable[[tuple[Cookie, ...]], None]


class CookieJar:
    """Reads the cookies of one profile."""

    def __init__(self, profile: QWebEngineProfile, inspections: Inspections) -> None:
        self._profile = profile
        self._inspections = inspections
        # Nothing else refers to a page while its answer is waited for.
        self._asked: set[QWebEnginePage] = set()

    def read(self, url: str, done: Done) -> None:
        """Calls `done` with the cookies for `url`; with none if the engine does not tell."""
        page = QWebEnginePage(self._profile)
        self._asked.add(page)
        bridge = self._inspections.bridge(page, at_once=False)

        def finish(cookies: tuple[Cookie, ...]) -> None:
            bridge.release()
            self._asked.discard(page)
            page.deleteLater()
            done(cookies)

        bridge.armed.connect(lambda: bridge.ask_cookies(url))
        bridge.failed.connect(lambda: finish(()))
        bridge.told_cookies.connect(lambda text: finish(parse_cookies(text)))
        page.setUrl(QUrl("about:blank"))
        bridge.build()

    def end(self) -> None:
        """Lets the pages go, before their profile does."""
        for page in tuple(self._asked):
            page.deleteLater()
        self._asked.clear()


def parse_cookies(text: str) -> tuple[Cookie, ...]:
    """The answer of `Network.getCookies`; what is not in its form is left out."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    if not isinstance(told, list):
        return ()
    return tuple(made for one in told if (made := _cookie(one)) is not None)


def _cookie(told: object) -> Cookie | None:
    if not isinstance(told, dict):
        return None
    words = [told.get(name) for name in ("name", "value", "domain", "path")]
    name, value, domain, path = (word if isinstance(word, str) else None for word in words)
    if name is None or value is None or domain is None or path is None:
        return None
    # What would end the header, or begin another cookie, was never a cookie.
    if any(not char.isprintable() or char == ";" for char in name + value):
        return None
    return Cookie(
        name, value, domain, path, told.get("secure") is True, told.get("sameSite") == "Strict"
    )

"""Where a page may send its forms after we filled a password into it.

A form can change where it goes at the last moment. What we filled goes to the site that it is for,
and elsewhere only when the user agreed before. (A page's scripts can read what is in its fields:
this holds forms, not scripts.)
"""

from __future__ import annotations

from collections.abc import Iterable

from PyQt6.QtWebEngineCore import QWebEngineLoadingInfo

from myco_browser.domain.logins import same_site
from myco_browser.domain.urls import origin

_Status = QWebEngineLoadingInfo.LoadStatus


class FilledPage:
    """What was filled into the document that a page shows."""

    def __init__(self) -> None:
        self._origin = ""
        self._agreed: frozenset[str] = frozenset()
        self._is_leaving = False

    def fill(self, place: str, agreed: Iterable[str]) -> None:
        """The document of this origin is filled; the user agreed to these other targets."""
        self._origin = place
        self._agreed = frozenset(found for one in agreed if (found := origin(one)) is not None)
        self._is_leaving = False

    def may_send(self, urlstr: str) -> bool:
        """Whether a form may be sent to an address, or a window be opened for one."""
        if not self._origin or urlstr in ("", "about:blank"):
            return True
        return same_site(self._origin + "/", urlstr) or origin(urlstr) in self._agreed

    def load(self, status: QWebEngineLoadingInfo.LoadStatus) -> None:
        """The engine loads another document, or has done so."""
        if status == _Status.LoadStartedStatus:
            self._is_leaving = True
        elif status == _Status.LoadSucceededStatus:
            self.arrive()

    def arrive(self) -> None:
        """The address changed: if another document was asked for, it is there."""
        if self._is_leaving:
            self._origin, self._agreed, self._is_leaving = "", frozenset(), False

"""Windows that pages open: judged by the filters when they are made, and where they go at first.

A pop-up's address is not always known at its making: a page opens an empty window and leads it
elsewhere, or a harmless address redirects. So a window remembers who opened it, and its first
navigations are judged as pop-ups of that page. A "pop-under" turns it round: the window shows what
the user wanted, and the page that opened it goes to the advertisement.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from myco_filters.request import Kind, Request

_YOUNG_S = 3.0
"""How long after its first page a window still counts as just opened, and how long a page that
opened one is watched. Short, because the engine does not tell a click from a script's doing."""


class PopupFilters:
    """The filters' say on windows of a session. Qt thread only."""

    def __init__(self, may_open: Callable[[Request], bool]) -> None:
        self._may_open = may_open
        self._opener = ""

    @property
    def opener(self) -> str:
        """The page whose window is being made right now, or empty."""
        return self._opener

    @contextmanager
    def opened_by(self, urlstr: str) -> Iterator[None]:
        """While this lasts, pages that are made are windows of that page."""
        self._opener = urlstr
        try:
            yield
        finally:
            self._opener = ""

    def allow(self, urlstr: str, source: str, kind: Kind, page: str = "") -> bool:
        """Whether no filter is against a window with that address, opened by `source`.

        `page` is the page that a refusal is counted on, when it is another.
        """
        if not (urlstr.startswith(("https:", "http:")) and source.startswith(("https:", "http:"))):
            return True
        return self._may_open(Request.make(urlstr, source, kind, "GET", page or source))


class WindowOrigin:
    """What one page knows of its window: who opened it, and what it opened itself."""

    def __init__(self, filters: PopupFilters, now: Callable[[], float] = time.monotonic) -> None:
        self._filters = filters
        self._now = now
        self.opened_by = self._opener = filters.opener
        """The page that opened it, or empty."""
        self._settled_at: float | None = None
        self._opened = self._own = ""
        self._opened_at = 0.0

    def may_go(self, urlstr: str, *, by_user: bool) -> bool:
        """Whether the page on top may go there."""
        if by_user:
            self._opener = self._opened = ""
            return True
        if self._is_young() and not self._filters.allow(urlstr, self._opener, Kind.POPUP):
            return False
        if self._opened and self._now() - self._opened_at < _YOUNG_S:
            return self._filters.allow(urlstr, self._opened, Kind.POPUNDER, self._own)
        return True

    @property
    def is_popup(self) -> bool:
        """Whether it shows nothing yet but what a page opened."""
        return self._is_young()

    def opens(self, urlstr: str, own: str) -> None:
        """The page, at the address `own`, opened a window with that other address."""
        self._opened, self._own, self._opened_at = urlstr, own, self._now()

    def arrived(self, urlstr: str) -> None:
        """A page has been loaded."""
        if self._settled_at is None and urlstr.startswith(("https:", "http:")):
            self._settled_at = self._now()

    def _is_young(self) -> bool:
        if not self._opener:
            return False
        return self._settled_at is None or self._now() - self._settled_at < _YOUNG_S

"""Where a session's visits go: into the history, or nowhere."""

from __future__ import annotations

import time
from collections.abc import Callable

from myco_browser.services.history import History, Page


class EverydayVisits:
    """The history of the everyday session."""

    def __init__(self, history: History, active: Callable[[], None]) -> None:
        self._history = history
        self._active = active

    def record(self, url: str, title: str, *, typed: bool) -> None:
        """Keeps a visit."""
        self._active()
        self._history.record(url, title, int(time.time()), typed=typed)

    def rename(self, url: str, title: str) -> None:
        """A page told its title later."""
        self._history.set_title(url, title)

    def complete(self, text: str) -> tuple[Page, ...]:
        """What fits `text`, best first."""
        return self._history.complete(text)


class NoVisits:
    """A private session keeps none."""

    def __init__(self, active: Callable[[], None]) -> None:
        self._active = active

    def record(self, url: str, title: str, *, typed: bool) -> None:
        """Keeps nothing."""
        del url, title, typed
        self._active()

    def rename(self, url: str, title: str) -> None:
        """Keeps nothing."""
        del url, title

    def complete(self, text: str) -> tuple[Page, ...]:
        """Nothing is remembered, so nothing is offered."""
        del text
        return ()

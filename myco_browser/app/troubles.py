"""What went wrong with a profile's files, told in the window in plain words; the browser goes on.

What happens before there is a window waits for it. The same trouble is told once.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

from myco_browser.services.database import SetAside
from myco_browser.ui.i18n import _

if TYPE_CHECKING:
    from myco_browser.ui.window import BrowserWindow

_log = logging.getLogger("myco_browser")


class Troubles:
    """Qt thread only. `window_of` gives the window in front, or None while there is none."""

    def __init__(self) -> None:
        self._window_of: Callable[[], BrowserWindow | None] = lambda: None
        self._waiting: list[str] = []
        self._told: set[str] = set()

    def set_aside(self, what: SetAside) -> None:
        """A database was broken, and was begun anew."""
        _log.warning("%s could not be read; it was moved to %s", what.path, what.moved_to)
        text = _("{file} was damaged and was begun anew. What was left of it is in {aside}.")
        self._tell(text.format(file=what.path.name, aside=what.moved_to))

    def not_kept(self, error: sqlite3.Error | OSError) -> None:
        """Something could not be written: no room, no permission."""
        _log.warning("something could not be kept: %s", error)
        self._tell(_words(error))

    def join(self, window_of: Callable[[], BrowserWindow | None]) -> None:
        """There is a window now."""
        self._window_of = window_of
        waiting, self._waiting = self._waiting, []
        for text in waiting:
            self._say(text)

    def _tell(self, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            self._say(text)

    def _say(self, text: str) -> None:
        window = self._window_of()
        if window is None or not len(window.tabs):
            self._waiting.append(text)
        else:
            window.tell("warning", text)


def _words(error: sqlite3.Error | OSError) -> str:
    name = str(getattr(error, "sqlite_errorname", ""))
    if name.startswith("SQLITE_FULL"):
        return _("There is no room left on the disk: history and bookmarks are not kept now.")
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return _("The profile may not be written: history and bookmarks are not kept now.")
    cause = getattr(error, "strerror", None) or error
    return _("History and bookmarks are not kept now: {error}").format(error=cause)

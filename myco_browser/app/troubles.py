"""What went wrong with a profile's files, told in the window in plain words; the browser goes on.

What happens before there is a window waits for it. The same trouble is told once.
"""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
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

    def look_at(self, profile: Path | None) -> None:
        """Says at the start that nothing of this session will be kept, if that is so."""
        if profile is None or os.access(profile, os.W_OK | os.X_OK):
            return
        text = _("The profile may not be written. You can go on, but what is new – history, "
                 "bookmarks, settings, passwords – is not kept.")  # fmt: skip
        self._told.add(_words(PermissionError(errno.EACCES, "")))
        self._tell(text)

    def join(self, window_of: Callable[[], BrowserWindow | None]) -> None:
        """There is a window now. What nobody caught is told from here on, if it is about a disk."""
        self._window_of = window_of
        before = sys.excepthook

        def hook(
            kind: type[BaseException], error: BaseException, trace: TracebackType | None
        ) -> None:
            before(kind, error, trace)
            if isinstance(error, sqlite3.OperationalError | OSError) and _is_about_disk(error):
                self.not_kept(error)

        sys.excepthook = hook
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
    if _is_one(error, _NO_ROOM):
        return _("There is no room left on the disk: history and bookmarks are not kept now.")
    if _is_one(error, _NO_LEAVE):
        return _("The profile may not be written: history and bookmarks are not kept now.")
    cause = getattr(error, "strerror", None) or error
    return _("History and bookmarks are not kept now: {error}").format(error=cause)


# Names of SQLite's, to which details are added, and numbers of the system's.
_NO_ROOM = (("SQLITE_FULL", "SQLITE_IOERR_WRITE"), (errno.ENOSPC, errno.EDQUOT))
_NO_LEAVE = (
    ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM"),
    (errno.EROFS, errno.EACCES, errno.EPERM),
)


def _is_about_disk(error: sqlite3.Error | OSError) -> bool:
    return _is_one(error, _NO_ROOM) or _is_one(error, _NO_LEAVE)


def _is_one(error: sqlite3.Error | OSError, known: tuple[tuple[str, ...], tuple[int, ...]]) -> bool:
    names, numbers = known
    if isinstance(error, OSError):
        return error.errno in numbers
    return str(getattr(error, "sqlite_errorname", "")).startswith(names)

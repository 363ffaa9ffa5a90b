"""The user's own filters: one text file in the everyday profile.

The element picker adds lines to it, the editor replaces it, and the engine is compiled with it as
the list `OWN_LIST`. That list is never trusted with scriptlets that put code into pages.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable
from pathlib import Path

from myco_browser.services.atomic_files import remove_leftovers, write_atomically

OWN_LIST = "user-own"
OWN_FILE = "own-filters.txt"
MAX_OWN = 4_000_000
"""Bytes. A longer file is not used, and never overwritten without a copy."""

OwnObserver = Callable[[], None]


class OwnFilters:
    """Holds the text. Used by one thread; changes are on the disk before observers are called.

    A private session reads the text at its start and may not change it: then `writable` is False
    and the changing methods raise PermissionError. They raise OSError when the disk does.
    """

    def __init__(self, path: Path, *, writable: bool) -> None:
        self.path = path
        self.writable = writable
        self.problem: OSError | None = None
        self._observers: list[OwnObserver] = []
        if writable:
            remove_leftovers(path)
        self._text = self._read()

    @property
    def text(self) -> str:
        """The whole text, as it is compiled."""
        return self._text

    def append(self, line: str) -> bool:
        """Adds a line at the end, unless it is there already; whether it was added."""
        if not line.strip() or len(line.splitlines()) != 1:
            raise ValueError("one filter is one line")
        if line in (known.rstrip("\r") for known in self._text.split("\n")):
            return False
        end = "" if not self._text or self._text.endswith("\n") else "\n"
        self.replace(f"{self._text}{end}{line}\n")
        return True

    def remove(self, line: str) -> bool:
        """Takes the last line that reads exactly so away; whether there was one."""
        lines = self._text.split("\n")
        for number in reversed(range(len(lines))):
            if lines[number].rstrip("\r") == line:
                del lines[number]
                self.replace("\n".join(lines))
                return True
        return False

    def replace(self, text: str) -> None:
        """Writes another text in place of the whole."""
        if not self.writable:
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(self.path))
        content = text.encode("utf-8", "surrogateescape")
        if len(content) > MAX_OWN:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(self.path))
        if text == self._text and self.problem is None:
            return
        if self.problem is not None:
            broken = self.path.with_name(f"{self.path.name}.broken")
            os.replace(self.path, broken)
            self.problem = None
        write_atomically(self.path, content)
        self._text = text
        for observer in tuple(self._observers):
            observer()

    def observe(self, observer: OwnObserver) -> Callable[[], None]:
        """Calls `observer` after each change; the returned function ends that."""
        self._observers.append(observer)

        def stop() -> None:
            with contextlib.suppress(ValueError):
                self._observers.remove(observer)

        return stop

    def _read(self) -> str:
        try:
            return read_own(self.path)
        except OSError as error:
            self.problem = error
            return ""


def read_own(path: Path) -> str:
    """The text of the file, "" when there is none; raises OSError for one that cannot be used.

    Bytes that are not UTF-8 come back as they were when the text is written again.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_OWN + 1)
    except FileNotFoundError:
        return ""
    if len(content) > MAX_OWN:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return content.decode("utf-8", "surrogateescape")

"""One passphrase for all files of passwords of a session: whoever typed it is not asked again.

What opened one of the files is tried on each of the others when that is wanted, and a file that is
still to be made takes the passphrase of those that are there. Files that were made with another
passphrase keep theirs. Thread-safe.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol


class Opened(Protocol):
    """A file of passwords."""

    def is_barred(self) -> bool:
        """Whether it is there and locked. May block."""

    def opens_with(self, passphrase: str) -> bool:
        """Tries a passphrase on it. May block."""


class OnePassphrase:
    """What was typed in this session; it is in the memory of this process only."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._members: list[Opened] = []
        self._observers: list[Callable[[], None]] = []
        self._typed: str | None = None

    def __repr__(self) -> str:
        """Without the passphrase: it must not get into a log."""
        return "OnePassphrase()"

    @property
    def typed(self) -> str | None:
        """What opened a file last; None while nothing did."""
        with self._lock:
            return self._typed

    def join(self, member: Opened) -> None:
        """One file more."""
        with self._lock:
            self._members.append(member)

    def observe(self, observer: Callable[[], None]) -> None:
        """Calls `observer` whenever a file was opened, in whatever thread that was."""
        with self._lock:
            self._observers.append(observer)

    def others_are_kept(self, member: Opened) -> bool:
        """Whether another file is there already, and locked."""
        return any(one.is_barred() for one in self._others(member))

    def fits_others(self, member: Opened, passphrase: str) -> bool:
        """Whether it opens one of the files that are there already; True where all are open."""
        barred = [one for one in self._others(member) if one.is_barred()]
        return not barred or any(one.opens_with(passphrase) for one in barred)

    def opened(self, passphrase: str) -> None:
        """It opened a file."""
        with self._lock:
            self._typed = passphrase
            observers = tuple(self._observers)
        for observer in observers:
            observer()

    def _others(self, member: Opened) -> list[Opened]:
        with self._lock:
            return [one for one in self._members if one is not member]

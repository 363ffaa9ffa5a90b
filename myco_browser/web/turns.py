"""Whose inspection bridge is built next: of many at once, each would take longer than we wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

_AT_ONCE = 2


class Turn(NamedTuple):
    """One that wants to be built."""

    is_urgent: Callable[[], bool]
    begin: Callable[[], None]


class Turns:
    """Few bridges are built at a time, those of pages in sight first. Qt thread only."""

    def __init__(self) -> None:
        self._at_work: list[Turn] = []
        self._waiting: list[Turn] = []

    def take(self, turn: Turn) -> None:
        """Begins, now or later."""
        if turn not in self._at_work and turn not in self._waiting:
            self._waiting.append(turn)
            self._go_on()

    def leave(self, turn: Turn) -> None:
        """It is built, or not wanted any more: the next one, what is in front before others."""
        for row in (self._at_work, self._waiting):
            if turn in row:
                row.remove(turn)
        self._go_on()

    def end(self) -> None:
        """No more are built."""
        self._waiting.clear()

    def _go_on(self) -> None:
        while self._waiting and len(self._at_work) < _AT_ONCE:
            turn = next((one for one in self._waiting if one.is_urgent()), self._waiting[0])
            self._waiting.remove(turn)
            self._at_work.append(turn)
            turn.begin()

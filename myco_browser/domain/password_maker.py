"""Makes passwords. Chance comes from outside, so that the rules can be tested."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

Choose = Callable[[int], int]
"""A whole number below the given one, each as likely as the others."""

LOWER = "abcdefghijklmnopqrstuvwxyz"
UPPER = LOWER.upper()
DIGITS = "0123456789"
SIGNS = "!#$%&*+-./:;=?@_~"
_ALIKE = frozenset("Il1|O0o5S2Z8B:;.,")
SHORTEST, LONGEST, USUAL = 8, 64, 20


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a password is made of; `readable` leaves out letters that look alike."""

    length: int = USUAL
    upper: bool = True
    digits: bool = True
    signs: bool = True
    readable: bool = False

    @property
    def classes(self) -> tuple[str, ...]:
        """The letters of each class that is wanted; small letters always are."""
        wanted = (LOWER, *([UPPER] if self.upper else []), *([DIGITS] if self.digits else []),
                  *([SIGNS] if self.signs else []))  # fmt: skip
        if not self.readable:
            return wanted
        return tuple("".join(char for char in one if char not in _ALIKE) for one in wanted)

    @property
    def bits(self) -> int:
        """How many times the number of tries doubles for somebody who guesses."""
        return int(self._length * math.log2(sum(map(len, self.classes))))

    @property
    def _length(self) -> int:
        return max(SHORTEST, min(self.length, LONGEST))

    def make(self, choose: Choose) -> str:
        """A password with at least one letter of each class, in any order."""
        classes = self.classes
        every = "".join(classes)
        # Tried anew as a whole: to put one of each in place would make some more likely.
        while True:
            made = [every[choose(len(every))] for _place in range(self._length)]
            if all(any(char in one for char in made) for one in classes):
                return "".join(made)

"""Random inputs, made by the hundred from each seed that Hypothesis gives.

To have Hypothesis draw every part of an input costs ten times what most checks cost. A test that
takes seeds tries as many inputs in a tenth of the time; an input that fails is named.
"""

from __future__ import annotations

import ipaddress
import random
from collections.abc import Callable, Sequence
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st

_T = TypeVar("_T")

INPUTS = 100
"""Made of each seed."""
SEEDS = st.integers(0, 2**64)
# What other characters stand for others, turn the direction, join the one before, are no letters
# in one alphabet and digits in another, change their number when folded, or end lines.
_ODD: list[str] = [*"\x00\t\n\x0b\x0c\r\x1b\x7f\x85\xa0\xad", *"\u0301\u0345\u20dd\u3099"]
_ODD += [*"İıſßŉẞΣσς①½⅓١８〇"]
_ODD += [*"\u061c\u200b\u200d\u200e\u202e\u2028\u2029\u2060\u2066\ufeff\ufffd\uffff\ue000"]
_ODD += [*"℀Å。．｡／＠：א한日𝒳😀\U000e0041\U0010ffff"]
_ASCII, _ODDLY = 0x80, 0
_TOPS = [_ASCII, _ASCII, _ODDLY, 0x800, 0xD800, 0x110000]
"""What characters come from: those below a number, or the odd ones."""
_SURROGATES = range(0xD800, 0xE000)
_SPECIAL = ["0.0.0.0", "127.0.0.1", "10.1.2.3", "169.254.1.1", "192.0.2.7", "224.0.0.1"]
_SPECIAL += ["255.255.255.255", "::", "::1", "fe80::1", "ff02::1", "2001:db8::1", "fd00::1"]
_SPECIAL += ["::ffff:192.0.2.7", "64:ff9b::1.2.3.4"]


def inputs(number: int) -> settings:
    """Settings of a test that takes seeds, for that many inputs."""
    return settings(max_examples=number // INPUTS, deadline=None)


def try_all(seed: int, make: Callable[[random.Random], _T], check: Callable[[_T], object]) -> None:
    """Check the inputs that are made of a seed; raises what the check raises, naming the input."""
    chance = random.Random(seed)
    for _ in range(INPUTS):
        made = make(chance)
        try:
            check(made)
        except BaseException as error:
            error.add_note(f"The input was {made!r}")
            raise


def joined(chance: random.Random, pieces: Sequence[str], most: int, least: int = 0) -> str:
    """Pieces one after the other."""
    return "".join(chance.choices(pieces, k=chance.randint(least, most)))


def any_text(chance: random.Random, most: int, least: int = 0) -> str:
    """Characters from all of Unicode but lone surrogates, odd ones more often than others; half of
    the texts have characters of one origin only."""
    tops = _TOPS if chance.random() < 0.5 else [chance.choice(_TOPS)]
    return "".join([_character(chance, tops) for _ in range(chance.randint(least, most))])


def _character(chance: random.Random, tops: Sequence[int]) -> str:
    top = chance.choice(tops)
    if top == _ODDLY:
        return chance.choice(_ODD)
    number = int(chance.random() * top)
    return "\ufffd" if number in _SURROGATES else chr(number)


def whole_number(chance: random.Random) -> int:
    """Small, around a power of two, or of any length; of either sign."""
    size = chance.choice([4, 8, 16, 32, 53, 64, 130])
    near = (1 << size) - chance.randrange(3)
    number = near if chance.random() < 0.3 else chance.getrandbits(size)
    return number if chance.random() < 0.6 else -number


def address(chance: random.Random) -> str:
    """An IP address of either version, special ones more often than others."""
    if chance.random() < 0.3:
        return chance.choice(_SPECIAL)
    if chance.random() < 0.5:
        return str(ipaddress.IPv4Address(chance.getrandbits(32)))
    return str(ipaddress.IPv6Address(chance.getrandbits(128)))

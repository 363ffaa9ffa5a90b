"""Which rows a list of messages has: one for each, or one for each conversation. Pure."""

from __future__ import annotations

import array
from collections.abc import Sequence
from typing import NamedTuple


class Rows(NamedTuple):
    """The rows, the newest first; each is named by its newest message."""

    uids: array.array[int]
    members: dict[int, tuple[int, ...]]
    """The messages of rows that stand for several, the oldest first."""


class Step(NamedTuple):
    """Rows that are taken away, and then rows that come, at one place."""

    place: int
    removed: int
    added: int


def rows_of(
    ascending: Sequence[int],
    conversations: Sequence[tuple[int, ...]],
    hidden: frozenset[int],
) -> Rows:
    """The rows of a folder without what is hidden."""
    members: dict[int, tuple[int, ...]] = {}
    below: set[int] = set(hidden)
    for one in conversations:
        shown = tuple(uid for uid in one if uid not in hidden) if hidden else one
        if len(shown) > 1:
            members[shown[-1]] = shown
            below.update(shown[:-1])
    uids = array.array("I", (uid for uid in reversed(ascending) if uid not in below))
    return Rows(uids, members)


def step_between(before: Sequence[int], after: Sequence[int]) -> Step:
    """The smallest change at one place that makes `after` of `before`."""
    shorter = min(len(before), len(after))
    first = 0
    while first < shorter and before[first] == after[first]:
        first += 1
    last = 0
    while last < shorter - first and before[-1 - last] == after[-1 - last]:
        last += 1
    return Step(first, len(before) - first - last, len(after) - first - last)

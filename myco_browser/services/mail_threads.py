"""Which messages of a folder belong together, where the server cannot say (RFC 5256). Pure.

Messages belong together when one names another among those that it answers, or both name a third;
subjects are not looked at, for many letters that have nothing to do with each other share one.
"""

from __future__ import annotations

import array
from collections.abc import Iterable, Sequence
from typing import NamedTuple

Conversations = tuple[tuple[int, ...], ...]
"""Those of several messages, each ascending."""


class Links(NamedTuple):
    """A message, and those that it answers."""

    uid: int
    message_id: str
    references: tuple[str, ...]


def conversations_of(messages: Iterable[Links]) -> Conversations:
    """Sorts messages into conversations."""
    above: dict[str, str] = {}

    def root(name: str) -> str:
        path = []
        while (parent := above.get(name, name)) != name:
            path.append(name)
            name = parent
        for one in path:
            above[one] = name
        return name

    names: list[tuple[int, str]] = []
    for one in messages:
        # Two messages may have the same name, or none: then their number tells them apart.
        name = one.message_id or f"\0{one.uid}"
        names.append((one.uid, name))
        for other in one.references:
            above[root(other)] = root(name)
    together: dict[str, list[int]] = {}
    for uid, name in names:
        together.setdefault(root(name), []).append(uid)
    return tuple(tuple(sorted(uids)) for uids in together.values() if len(uids) > 1)


def still_there(conversations: Conversations, uids: Sequence[int]) -> Conversations:
    """Conversations of what there still is."""
    known = set(uids)
    rest = (tuple(uid for uid in one if uid in known) for one in conversations)
    return tuple(one for one in rest if len(one) > 1)


def packed(conversations: Conversations) -> bytes:
    """As bytes: the numbers of each, and 0 after it."""
    numbers = array.array("I")
    for one in conversations:
        numbers.extend(one)
        numbers.append(0)
    return numbers.tobytes()


def unpacked(raw: bytes) -> Conversations:
    """The other way round."""
    found: list[tuple[int, ...]] = []
    members: list[int] = []
    for number in array.array("I", raw[: len(raw) // 4 * 4]):
        if number:
            members.append(number)
        else:
            found.append(tuple(members))
            members = []
    return tuple(found)

"""What IMAP servers answer, in words of our own: numbers, counts, changes, conversations. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from imapclient.imap_utf7 import decode as decode_name

from myco_browser.mail.errors import ProtocolError

_RANGE = re.compile(rb"(\d+)(?::(\d+))?")
_STATUS = re.compile(rb'\A(?:\* STATUS )?("(?:[^"\\]|\\.)*"|[^\s"(){}]+) \(([^()]*)\)\s*\Z', re.I)
_ESCAPED = re.compile(rb"\\(.)")
_THREAD_WORD = re.compile(rb"[()]|\d+")
_MAX_UID = 0xFFFFFFFF
_MOST_UIDS = 2_000_000


class Selected(NamedTuple):
    """A folder that was opened, and how it stands."""

    uidvalidity: int
    exists: int
    modseq: int
    """0 where the server does not count changes (RFC 7162)."""


class Counts(NamedTuple):
    """What STATUS says about a folder."""

    total: int
    unread: int
    next_uid: int = 0
    """The number that the next message gets; 0 where the server does not tell."""
    uidvalidity: int = 0


class FolderCounts(NamedTuple):
    """Counts of a folder that the server told, asked or by itself (RFC 5465)."""

    path: str
    counts: Counts
    is_whole: bool
    """Whether nothing of it is missing."""


class Changes(NamedTuple):
    """What happened in a folder; `vanished` is None where the server does not tell."""

    flags: dict[int, frozenset[str]]
    vanished: frozenset[int] | None


def uids_of(found: Iterable[object]) -> list[int]:
    """Numbers that a message can have (RFC 3501, 2.3.1.1), in order, each once."""
    return sorted({one for one in found if isinstance(one, int) and 0 < one <= _MAX_UID})


def flags_of(found: Iterable[object]) -> frozenset[str]:
    """Flags as text."""
    return frozenset(one.decode("ascii", "replace") for one in found if isinstance(one, bytes))


def numbers_of(found: Iterable[object]) -> Iterator[int]:
    """The numbers of sets such as "3,7:9". Raises ProtocolError for more than there can be."""
    left = _MOST_UIDS
    for row in found:
        for first, last in _RANGE.findall(row if isinstance(row, bytes) else b""):
            begin, end = int(first), int(last or first)
            left -= end - begin + 1
            if left < 0:
                raise ProtocolError("more messages vanished than there can be")
            yield from range(begin, end + 1)


def counts_in(line: bytes) -> FolderCounts | None:
    """The counts of a STATUS line, with or without its begin; None for any other line."""
    match = _STATUS.match(line)
    if match is None:
        return None
    name, words = match[1], match[2].split()
    if name.startswith(b'"'):
        name = _ESCAPED.sub(rb"\1", name[1:-1])
    values = {
        word.upper(): int(number)
        for word, number in zip(words[::2], words[1::2], strict=False)
        if number.isdigit()
    }
    try:
        path = decode_name(name)
    except (ValueError, LookupError):
        return None
    counts = Counts(
        values.get(b"MESSAGES", 0), values.get(b"UNSEEN", 0), values.get(b"UIDNEXT", 0),
        values.get(b"UIDVALIDITY", 0),
    )  # fmt: skip
    is_inbox = path.upper() == "INBOX"
    is_whole = {b"MESSAGES", b"UNSEEN"} <= values.keys()
    return FolderCounts("INBOX" if is_inbox else path, counts, is_whole)


def conversations_in(rows: Iterable[object]) -> list[tuple[int, ...]]:
    """The conversations of a THREAD answer (RFC 5256, 4): those of several messages, ascending.

    Who answered whom within one is of no interest here.
    """
    found: list[tuple[int, ...]] = []
    depth = 0
    members: list[int] = []
    for row in rows:
        for word in _THREAD_WORD.findall(row if isinstance(row, bytes) else b""):
            if word == b"(":
                depth += 1
            elif word == b")":
                depth = max(0, depth - 1)
                if depth == 0:
                    if len(members) > 1:
                        found.append(tuple(uids_of(members)))
                    members = []
            else:
                members.append(int(word))
    return [one for one in found if len(one) > 1]

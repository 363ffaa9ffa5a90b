"""Reads a server's list of files (RFC 4918, 13: multistatus) piece by piece, and trusts nothing.

Document types and entities are refused, so that a small answer cannot grow; depth, the length of
a value and the number of entries are limited.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from xml.parsers import expat

from myco_browser.domain.files import FilesCause
from myco_browser.files.errors import FilesError

DAV = "DAV:"
OWNCLOUD = "http://owncloud.org/ns"
NEXTCLOUD = "http://nextcloud.org/ns"

_DEEPEST = 32
_LONGEST_TEXT = 8192
_MOST = 500_000
# Between namespace and name; cannot be part of either.
_GAP = "\n"
_RESPONSE = f"{DAV}{_GAP}response"
_HREF = f"{DAV}{_GAP}href"
_STATUS = f"{DAV}{_GAP}status"
_PROPSTAT = f"{DAV}{_GAP}propstat"
_PROP = f"{DAV}{_GAP}prop"
_COLLECTION = f"{DAV}{_GAP}collection"
_TYPES = f"{DAV}{_GAP}resourcetype"
_RIGHT = f"{DAV}{_GAP}privilege"
_TOKEN = f"{DAV}{_GAP}sync-token"
_MULTISTATUS = f"{DAV}{_GAP}multistatus"
_MOST_WORDS = 64


class Row(NamedTuple):
    """One response: where, and the properties that were found, by (namespace, name)."""

    href: str
    status: int
    """Of the response as a whole; 200 where the properties have their own."""
    properties: dict[tuple[str, str], str]
    is_collection: bool
    kinds: frozenset[str] = frozenset()
    """What it is, by the local names of its resource types."""
    rights: frozenset[str] = frozenset()
    """What the user may do with it (RFC 3744), by local names; empty where that is not told."""

    def number(self, name: str, space: str = DAV) -> int | None:
        """A property as a number of at least zero; None for anything else."""
        text = self.properties.get((space, name), "").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None

    def date(self, name: str) -> datetime | None:
        """A property as a point in time (RFC 9110, 5.6.7)."""
        try:
            found = parsedate_to_datetime(self.properties.get((DAV, name), ""))
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


class Multistatus:
    """Takes the bytes of an answer and gives its rows as they become whole."""

    def __init__(self, longest: int = _LONGEST_TEXT) -> None:
        """`longest`: of a value, in characters."""
        self._longest = longest
        self.sync_token = ""
        """Where the next question for changes begins (RFC 6578), once all was read."""
        self._inner = ""
        self._parser = parser = expat.ParserCreate(namespace_separator=_GAP)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        self._path: list[str] = []
        self._words: list[str] = []
        self._length = 0
        self._done: list[Row] = []
        self._count = 0
        self._begin()

    def feed(self, received: bytes) -> Iterator[Row]:
        """Rows that became whole. Raises FilesError (BROKEN)."""
        self._parse(received, last=False)
        yield from self._taken()

    def finish(self) -> Iterator[Row]:
        """The last rows. Raises FilesError (BROKEN) when the answer is not whole."""
        self._parse(b"", last=True)
        yield from self._taken()

    def _parse(self, received: bytes, *, last: bool) -> None:
        try:
            self._parser.Parse(received, last)
        except expat.ExpatError as error:
            raise FilesError(FilesCause.BROKEN, f"no XML: {error}") from error

    def _taken(self) -> list[Row]:
        taken, self._done = self._done, []
        return taken

    def _begin(self) -> None:
        self._href = ""
        self._status = 200
        self._properties: dict[tuple[str, str], str] = {}
        self._is_collection = False
        self._kinds: set[str] = set()
        self._rights: set[str] = set()
        self._begin_group()

    def _begin_group(self) -> None:
        self._group: dict[tuple[str, str], str] = {}
        self._group_status = 200
        self._group_collection = False
        self._group_kinds: set[str] = set()
        self._group_rights: set[str] = set()

    def _refuse(self, *_whatever: object) -> None:
        raise FilesError(FilesCause.BROKEN, "the answer defines a document type or entities")

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        if len(self._path) >= _DEEPEST:
            raise FilesError(FilesCause.BROKEN, "the answer is nested too deeply")
        self._path.append(name)
        self._words, self._length = [], 0
        if name == _RESPONSE:
            self._begin()
        elif name == _PROPSTAT:
            self._begin_group()
        elif len(self._path) > 1 and self._path[-2] == _PROP:
            self._inner = ""

    def _text(self, text: str) -> None:
        self._length += len(text)
        if self._length > self._longest:
            raise FilesError(FilesCause.BROKEN, "a value of the answer is too long")
        self._words.append(text)

    def _end(self, name: str) -> None:
        self._path.pop()
        parent = self._path[-1] if self._path else ""
        text = "".join(self._words)
        self._words, self._length = [], 0
        if name == _HREF and parent == _RESPONSE:
            self._href = text.strip()
        elif name == _HREF:
            # Of a property whose value is a reference.
            self._inner = self._inner or text.strip()
        elif name == _STATUS:
            status = _status_of(text)
            if parent == _PROPSTAT:
                self._group_status = status
            elif parent == _RESPONSE:
                self._status = status
        elif parent == _TYPES:
            self._group_collection = self._group_collection or name == _COLLECTION
            self._note(self._group_kinds, name)
        elif parent == _RIGHT:
            self._note(self._group_rights, name)
        elif parent == _PROP:
            space, _, word = name.rpartition(_GAP)
            self._group[(space, word)] = text if text.strip() else self._inner or text
        elif name == _TOKEN and parent == _MULTISTATUS:
            self.sync_token = text.strip()
        elif name == _PROPSTAT and 200 <= self._group_status < 300:
            self._properties.update(self._group)
            self._is_collection = self._is_collection or self._group_collection
            self._kinds |= self._group_kinds
            self._rights |= self._group_rights
        elif name == _RESPONSE:
            self._finish_row()

    def _finish_row(self) -> None:
        self._count += 1
        if self._count > _MOST:
            raise FilesError(FilesCause.BROKEN, "the answer has too many entries")
        kinds, rights = frozenset(self._kinds), frozenset(self._rights)
        row = Row(self._href, self._status, self._properties, self._is_collection, kinds, rights)
        self._done.append(row)

    def _note(self, words: set[str], name: str) -> None:
        if len(words) < _MOST_WORDS:
            words.add(name.rpartition(_GAP)[2])


def _status_of(line: str) -> int:
    # "HTTP/1.1 200 OK"; what cannot be read counts as a failure.
    words = line.split()
    return int(words[1]) if len(words) > 1 and words[1].isdigit() and len(words[1]) == 3 else 500

"""The cache file of an engine: tables that are read where they lie.

Layout: one line with the format's name, one line with the SHA-256 of what follows, one line of
JSON (lists, groups, small tables and the sizes of the sections), then the sections. Nothing in it
is executed or unpickled. A file that somebody changed can at worst hold other filters: every line
goes through the parser again when it is first needed, every number is checked where it is used,
and an offset cannot lead out of the file. Any error means: compile the lists again.

The file is mapped, not copied: what no request touches costs no memory, and sessions share the
rest. It is read through once before, so that a bad disk is an error and not a dead process.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from array import array
from collections.abc import Callable, Iterable, Sequence
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import BinaryIO

from myco_filters.mapped import (
    Data,
    NumberTable,
    Texts,
    TextTable,
    packed_table,
    packed_texts,
)
from myco_filters.tables import Group, ListInfo, Lookup, Realm, Tables

FORMAT = b"myco-filters cache 4 " + sys.byteorder.encode()
SIZE_LIMIT = 128 * 1024 * 1024
_PIECE = 1 << 20
_NUMBERS = "Q"
_OFFSETS = "I"

Pause = Callable[[], object]


class CacheError(Exception):
    """The file is no cache of this format, or damaged."""


def write(path: Path, tables: Tables) -> None:
    """Write atomically: a reader sees the old file or the new one. Raises OSError."""
    body = _encode(tables)
    digest = hashlib.sha256(body).hexdigest().encode()
    import tempfile  # reading, at a start, needs none

    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(FORMAT + b"\n" + digest + b"\n" + body)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read(path: Path, pause: Pause = lambda: None) -> Tables:
    """Read what :func:`write` wrote. Raises CacheError, or OSError when there is no file.

    ``pause`` is called between steps of at most a few milliseconds, so that a thread which loads
    can let others run.
    """
    with path.open("rb") as file:
        start = _check_whole(file, pause)
        data = mmap(file.fileno(), 0, access=ACCESS_READ)
    try:
        return _decode(data, start, pause)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError, AttributeError) as error:
        raise CacheError(f"malformed: {type(error).__name__}") from error


def _check_whole(file: BinaryIO, pause: Pause) -> int:
    """Where the tables begin, when the file is as it was written."""
    head, digest = file.readline(80), file.readline(80)
    if head != FORMAT + b"\n":
        raise CacheError("another format")
    start = file.tell()
    if os.fstat(file.fileno()).st_size - start > SIZE_LIMIT:
        raise CacheError("larger than any cache")
    found = hashlib.sha256()
    while piece := file.read(_PIECE):
        found.update(piece)
        pause()
    if found.hexdigest().encode() + b"\n" != digest:
        raise CacheError("damaged")
    return start


class _Writer:
    """Tables as sections."""

    def __init__(self) -> None:
        self.sections: list[bytes] = []

    def texts(self, texts: Iterable[str]) -> None:
        """Texts by number."""
        self.sections += packed_texts(texts)

    def numbers(self, numbers: Iterable[int]) -> None:
        """Numbers by number."""
        self.sections.append(array(_NUMBERS, numbers).tobytes())

    def table(self, table: Lookup[str] | Lookup[int]) -> int:
        """A table by key; how many keys it has."""
        self.sections += packed_table(table)
        return len(table)


def _encode(tables: Tables) -> bytes:
    writer = _Writer()
    writer.texts(tables.lines)
    writer.numbers(tables.line_lists)
    writer.numbers(tables.line_masks)
    realms = {
        name: {
            "groups": [[g.mask, g.list_number, g.before, g.after, g.parts] for g in realm.groups],
            "tokens": realm.tokens,
            "rest": realm.rest,
            "counts": [writer.table(one) for one in (realm.plain, realm.hosts, realm.sources)],
        }
        for name, realm in tables.realms.items()
    }
    cosmetic = tables.cosmetic
    writer.texts(cosmetic.bodies)
    writer.numbers(cosmetic.body_lists)
    by_key = (cosmetic.specific, cosmetic.specific_off, cosmetic.generic)
    header = {
        "lists": [[i.id, i.title, i.sha256, i.filters, i.unsupported] for i in tables.lists],
        "realms": realms,
        "expressions": tables.expressions,
        "cosmetic": [writer.table(one) for one in by_key],
        "cosmetic expressions": cosmetic.expressions,
        "always": cosmetic.generic_always,
        "sizes": [len(one) for one in writer.sections],
    }
    return json.dumps(header).encode() + b"\n" + b"".join(writer.sections)


class _Reader:
    """The tables of a file, in the order in which they were written."""

    def __init__(self, data: Data, start: int, sizes: list[int], pause: Pause) -> None:
        if start + sum(sizes) != len(data):
            raise ValueError("length")
        self._data = data
        self._at = start
        self._sizes = iter(sizes)
        self._pause = pause

    def texts(self) -> Texts:
        """Texts by number."""
        ends = self._numbers(_OFFSETS)
        return Texts(self._data, self._section()[0], ends)

    def numbers(self) -> Sequence[int]:
        """Numbers by number."""
        return self._numbers(_NUMBERS)

    def table(self, count: int) -> TextTable:
        """A table by key."""
        slots = self._numbers(_OFFSETS)
        size = len(slots) - 1
        _check(size > 0 and size & (size - 1) == 0, "slots")
        return TextTable(self._data, self._section()[0], slots, count)

    def _numbers(self, kind: str) -> Sequence[int]:
        begin, end = self._section()
        return memoryview(self._data)[begin:end].cast(kind)  # type: ignore[call-overload,no-any-return]

    def _section(self) -> tuple[int, int]:
        size = next(self._sizes, None)
        if size is None:
            raise ValueError("too few sections")
        self._pause()
        begin = self._at
        self._at += size
        return begin, self._at


def _decode(data: Data, start: int, pause: Pause) -> Tables:
    first = data.find(b"\n", start) + 1
    header = json.loads(data[start:first])
    reader = _Reader(data, first, _numbers(header["sizes"]), pause)
    tables = Tables(
        [ListInfo(str(i[0]), str(i[1]), str(i[2]), int(i[3]), int(i[4])) for i in header["lists"]]
    )
    tables.lines = reader.texts()
    tables.line_lists = reader.numbers()
    tables.line_masks = reader.numbers()
    tables.expressions = _texts(header["expressions"])
    for name, realm in header["realms"].items():
        tables.realms[str(name)] = _realm(realm, reader, len(tables.lists))
    cosmetic = tables.cosmetic
    cosmetic.bodies = reader.texts()
    cosmetic.body_lists = reader.numbers()
    specific, off, generic = _numbers(header["cosmetic"])
    cosmetic.specific = reader.table(specific)
    cosmetic.specific_off = reader.table(off)
    cosmetic.generic = reader.table(generic)
    cosmetic.expressions = _texts(header["cosmetic expressions"])
    cosmetic.generic_always = str(header["always"])
    return tables


def _realm(header: dict[str, object], reader: _Reader, lists: int) -> Realm:
    groups = [_group(values, lists) for values in _list(header["groups"])]
    for group in groups:
        _check(all(0 <= part < len(groups) for part in group.parts), "group parts")
    plain, hosts, sources = _numbers(header["counts"])
    realm = Realm(groups)
    realm.plain = NumberTable(reader.table(plain))
    realm.hosts = reader.table(hosts)
    realm.tokens = _texts(header["tokens"])
    realm.sources = reader.table(sources)
    realm.rest = str(header["rest"])
    return realm


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return value


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise TypeError("no table")
    return {str(key): str(text) for key, text in value.items()}


def _numbers(value: object) -> list[int]:
    found = [one for one in _list(value) if type(one) is int and one >= 0]
    _check(len(found) == len(_list(value)), "numbers")
    return found


def _group(values: object, lists: int) -> Group:
    mask, list_number, before, after, parts = _list(values)
    if not isinstance(mask, int) or not isinstance(list_number, int):
        raise TypeError("group")
    _check(mask >= 0 and 0 <= list_number < lists, "group")
    numbers = tuple(part for part in _list(parts) if isinstance(part, int))
    return Group(mask, list_number, str(before), str(after), numbers)


def _check(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(what)

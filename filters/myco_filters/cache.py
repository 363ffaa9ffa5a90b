"""The cache file of an engine: tables as text, checked while they are read.

Layout: one line with the format's name, one line with the SHA-256 of what follows, one line of
JSON (lists, groups and the sizes of the sections), then the sections: UTF-8 text, one item a line.
Nothing in it is executed or unpickled. A file that somebody changed can at worst hold other
filters: every line goes through the parser again when it is first needed, and every number is
checked where it is used. Any error means: compile the lists again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from myco_filters.tables import Group, ListInfo, Realm, Tables

FORMAT = b"myco-filters cache 3"
SIZE_LIMIT = 128 * 1024 * 1024
_CHUNK = 4096
_BUCKETS = ("hosts", "tokens", "sources")
_COSMETIC = ("specific", "specific_off", "expressions", "generic")

Pause = Callable[[], object]


class CacheError(Exception):
    """The file is no cache of this format, or damaged."""


def write(path: Path, tables: Tables) -> None:
    """Write atomically: a reader sees the old file or the new one. Raises OSError."""
    body = _encode(tables)
    digest = hashlib.sha256(body).hexdigest().encode()
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
        head, digest = file.readline(80), file.readline(80)
        body = file.read(SIZE_LIMIT + 1)
    if head != FORMAT + b"\n":
        raise CacheError("another format")
    if len(body) > SIZE_LIMIT:
        raise CacheError("larger than any cache")
    if hashlib.sha256(body).hexdigest().encode() + b"\n" != digest:
        raise CacheError("damaged")
    try:
        return _decode(body, pause)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError, AttributeError) as error:
        raise CacheError(f"malformed: {type(error).__name__}") from error


class _Writer:
    """Tables as sections; long ones in chunks, so that each is read in a moment."""

    def __init__(self) -> None:
        self.sections: list[bytes] = []
        self.chunks: list[int] = []
        """How many sections each table has."""

    def lines(self, *columns: Iterable[str]) -> None:
        """Columns of equal length, one item a line."""
        before = len(self.sections)
        parts = [iter(column) for column in columns]
        while True:
            chunk = [list(islice(part, _CHUNK)) for part in parts]
            if not chunk[0]:
                break
            self.sections += ["\n".join(c).encode("utf-8", "surrogatepass") for c in chunk]
        self.chunks.append((len(self.sections) - before) // len(columns))


def _encode(tables: Tables) -> bytes:
    writer = _Writer()
    writer.lines(tables.lines, map(str, tables.line_lists), map(str, tables.line_masks))
    realms = {}
    for name, realm in tables.realms.items():
        by_group: dict[int, list[str]] = {}
        for host, group in realm.plain.items():
            by_group.setdefault(group, []).append(host)
        realms[name] = {
            "groups": [[g.mask, g.list_number, g.before, g.after, g.parts] for g in realm.groups],
            "plain": list(by_group),
            "rest": realm.rest,
        }
        for hosts in by_group.values():
            writer.lines(hosts)
        for bucket in _BUCKETS:
            table: dict[str, str] = getattr(realm, bucket)
            writer.lines(table, table.values())
    writer.lines(tables.expressions, tables.expressions.values())
    cosmetic = tables.cosmetic
    writer.lines(cosmetic.bodies, map(str, cosmetic.body_lists))
    for name in _COSMETIC:
        table = getattr(cosmetic, name)
        writer.lines(table, table.values())
    header = {
        "lists": [[i.id, i.title, i.sha256, i.filters, i.unsupported] for i in tables.lists],
        "realms": realms,
        "always": cosmetic.generic_always,
        "chunks": writer.chunks,
        "sizes": [len(one) for one in writer.sections],
    }
    return json.dumps(header).encode() + b"\n" + b"".join(writer.sections)


class _Reader:
    """The tables of a file, in the order in which they were written."""

    def __init__(self, body: bytes, header: dict[str, object], start: int, pause: Pause) -> None:
        sizes, chunks = _numbers(header["sizes"]), _numbers(header["chunks"])
        if start + sum(sizes) != len(body):
            raise ValueError("length")
        self._body = body
        self._at = start
        self._sizes = iter(sizes)
        self._chunks = iter(chunks)
        self._pause = pause

    def chunks(self, columns: int) -> Iterator[list[list[str]]]:
        """The next table, chunk by chunk: its columns, of equal length."""
        for _ in range(self._next(self._chunks)):
            found = [self._section() for _ in range(columns)]
            _check(len({len(column) for column in found}) == 1, "columns")
            self._pause()
            yield found

    def table(self) -> dict[str, str]:
        """The next table, as a dictionary."""
        found: dict[str, str] = {}
        for keys, values in self.chunks(2):
            found.update(zip(keys, values, strict=True))
        return found

    def _section(self) -> list[str]:
        start = self._at
        self._at += self._next(self._sizes)
        return self._body[start : self._at].decode("utf-8", "surrogatepass").split("\n")

    @staticmethod
    def _next(numbers: Iterator[int]) -> int:
        number = next(numbers, None)
        if number is None:
            raise ValueError("too few sections")
        return number


def _decode(body: bytes, pause: Pause) -> Tables:
    start = body.index(b"\n") + 1
    header = json.loads(body[:start])
    reader = _Reader(body, header, start, pause)
    tables = Tables(
        [ListInfo(str(i[0]), str(i[1]), str(i[2]), int(i[3]), int(i[4])) for i in header["lists"]]
    )
    known = {str(number): number for number in range(len(tables.lists))}
    for lines, lists, masks in reader.chunks(3):
        tables.lines += lines
        tables.line_lists += [known[word] for word in lists]
        tables.line_masks += map(int, masks)
    for name, realm in header["realms"].items():
        tables.realms[str(name)] = _realm(realm, reader, len(known))
    tables.expressions = reader.table()
    cosmetic = tables.cosmetic
    for bodies, lists in reader.chunks(2):
        cosmetic.bodies += bodies
        cosmetic.body_lists += [known[word] for word in lists]
    for name in _COSMETIC:
        setattr(cosmetic, name, reader.table())
    cosmetic.generic_always = str(header["always"])
    return tables


def _realm(header: dict[str, object], reader: _Reader, lists: int) -> Realm:
    groups = [_group(values, lists) for values in _list(header["groups"])]
    for group in groups:
        _check(all(0 <= part < len(groups) for part in group.parts), "group parts")
    realm = Realm(groups=groups, rest=str(header["rest"]))
    for number in _numbers(header["plain"]):
        _check(number < len(groups), "group number")
        for (hosts,) in reader.chunks(1):
            realm.plain.update(dict.fromkeys(hosts, number))
    for bucket in _BUCKETS:
        setattr(realm, bucket, reader.table())
    return realm


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return value


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

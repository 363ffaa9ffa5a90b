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
from pathlib import Path

from myco_filters.tables import CosmeticTables, Group, ListInfo, Realm, Tables

FORMAT = b"myco-filters cache 2"
SIZE_LIMIT = 128 * 1024 * 1024
_BUCKETS = ("hosts", "tokens", "sources")
_COSMETIC = ("specific", "specific_off", "expressions", "generic")


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


def read(path: Path) -> Tables:
    """Read what :func:`write` wrote. Raises CacheError, or OSError when there is no file."""
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
        return _decode(body)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError, AttributeError) as error:
        raise CacheError(f"malformed: {type(error).__name__}") from error


def _encode(tables: Tables) -> bytes:
    sections: list[str] = ["\n".join(tables.lines), " ".join(map(str, tables.line_lists))]
    sections.append(" ".join(map(str, tables.line_masks)))
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
        sections.extend("\n".join(hosts) for hosts in by_group.values())
        for bucket in _BUCKETS:
            table: dict[str, str] = getattr(realm, bucket)
            sections += ["\n".join(table), "\n".join(table.values())]
    sections += ["\n".join(tables.expressions), "\n".join(tables.expressions.values())]
    cosmetic = tables.cosmetic
    sections += ["\n".join(cosmetic.bodies), " ".join(map(str, cosmetic.body_lists))]
    for name in _COSMETIC:
        table = getattr(cosmetic, name)
        sections += ["\n".join(table), "\n".join(table.values())]
    sections.append(cosmetic.generic_always)
    encoded = [section.encode("utf-8", "surrogatepass") for section in sections]
    lists = [[i.id, i.title, i.sha256, i.filters, i.unsupported] for i in tables.lists]
    header = {"lists": lists, "realms": realms, "sizes": [len(one) for one in encoded]}
    return json.dumps(header).encode() + b"\n" + b"".join(encoded)


class _Sections:
    def __init__(self, body: bytes, start: int, sizes: list[int]) -> None:
        if any(type(size) is not int or size < 0 for size in sizes):
            raise ValueError("sizes")
        if start + sum(sizes) != len(body):
            raise ValueError("length")
        self._body = body
        self._at = start
        self._sizes = iter(sizes)

    def next(self) -> str:
        size = next(self._sizes, None)
        if size is None:
            raise ValueError("too few sections")
        start, self._at = self._at, self._at + size
        return self._body[start : self._at].decode("utf-8", "surrogatepass")

    def lines(self) -> list[str]:
        text = self.next()
        return text.split("\n") if text else []


def _decode(body: bytes) -> Tables:
    start = body.index(b"\n") + 1
    header = json.loads(body[:start])
    sections = _Sections(body, start, list(header["sizes"]))
    lists = [
        ListInfo(str(i[0]), str(i[1]), str(i[2]), int(i[3]), int(i[4])) for i in header["lists"]
    ]
    lines, line_lists = _numbered(sections, len(lists))
    line_masks = [int(word) for word in sections.next().split()]
    _check(len(line_masks) == len(lines), "masks")
    realms = {
        str(name): _realm(realm, sections, len(lists)) for name, realm in header["realms"].items()
    }
    expressions = dict(zip(sections.lines(), sections.lines(), strict=True))
    cosmetic = _cosmetic(sections, len(lists))
    return Tables(lists, lines, line_lists, line_masks, expressions, realms, cosmetic)


def _numbered(sections: _Sections, lists: int) -> tuple[list[str], list[int]]:
    """Lines, and the number of the list of each."""
    lines = sections.lines()
    known = {str(number): number for number in range(lists)}
    numbers = [known[word] for word in sections.next().split()]
    _check(len(lines) == len(numbers), "lines")
    return lines, numbers


def _cosmetic(sections: _Sections, lists: int) -> CosmeticTables:
    bodies, body_lists = _numbered(sections, lists)
    found = CosmeticTables(bodies, body_lists)
    for name in _COSMETIC:
        keys, values = sections.lines(), sections.lines()
        setattr(found, name, dict(zip(keys, values, strict=True)))
    found.generic_always = sections.next()
    return found


def _realm(header: dict[str, object], sections: _Sections, lists: int) -> Realm:
    groups = [_group(values, lists) for values in _list(header["groups"])]
    for group in groups:
        _check(all(0 <= part < len(groups) for part in group.parts), "group parts")
    realm = Realm(groups=groups, rest=str(header["rest"]))
    for number in _list(header["plain"]):
        if not isinstance(number, int) or not 0 <= number < len(groups):
            raise ValueError("group number")
        realm.plain.update(dict.fromkeys(sections.lines(), number))
    for bucket in _BUCKETS:
        keys, values = sections.lines(), sections.lines()
        setattr(realm, bucket, dict(zip(keys, values, strict=True)))
    return realm


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return value


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

"""What Firefox keeps: bookmarks, tags and history in `places.sqlite`, engines beside it."""

from __future__ import annotations

import json
import sqlite3
import urllib.parse
from collections import defaultdict
from pathlib import Path

from myco_browser.services.bookmarks import Tree
from myco_browser.services.foreign_files import (
    MAX_VISITS,
    Findings,
    ForeignEngine,
    ForeignVisit,
    UnreadableError,
    copied_database,
    folder,
    page,
)
from myco_browser.services.lz4_block import Lz4Error, unpack_block

_BAR, _MENU, _UNFILED, _MOBILE, _TAGS = (
    "toolbar_____", "menu________", "unfiled_____", "mobile______", "tags________",
)  # fmt: skip
_PAGE, _FOLDER = 1, 2
_MICRO = 1_000_000
# Kinds of visit that nobody made: in frames, and downloads.
_NOT_VISITS = "4, 7, 8"
_TYPED = 2
_MAX_DEPTH = 60
_MAGIC = b"mozLz40\0"
_MAX_PACKED = 8 * 1024 * 1024
_MAX_UNPACKED = 64 * 1024 * 1024

_Row = tuple[int, int, int | None, int, str | None, int | None, str | None, str | None]


def read_firefox(profile: Path) -> Findings:
    """Everything of a profile that can be brought over."""
    problems: list[str] = []
    bar: tuple[Tree, ...] = ()
    other: tuple[Tree, ...] = ()
    visits: tuple[ForeignVisit, ...] = ()
    keywords: tuple[ForeignEngine, ...] = ()
    engines: tuple[ForeignEngine, ...] = ()
    try:
        with copied_database(profile / "places.sqlite") as database:
            bar, other = _bookmarks(database)
            visits = _visits(database)
            keywords = _keywords(database)
    except UnreadableError as error:
        problems.append(f"places.sqlite: {error}")
    try:
        engines = _engines(profile / "search.json.mozlz4")
    except UnreadableError as error:
        problems.append(f"search.json.mozlz4: {error}")
    return Findings(bar, other, visits, (*engines, *keywords), tuple(problems))


def _bookmarks(database: sqlite3.Connection) -> tuple[tuple[Tree, ...], tuple[Tree, ...]]:
    rows: list[_Row] = database.execute(
        "SELECT b.id, b.type, b.parent, b.position, b.title, b.dateAdded, b.guid, p.url"
        " FROM moz_bookmarks b LEFT JOIN moz_places p ON p.id = b.fk"
        " ORDER BY b.parent, b.position, b.id"
    ).fetchall()
    inside: dict[int | None, list[_Row]] = defaultdict(list)
    roots: dict[str, int] = {}
    for row in rows:
        inside[row[2]].append(row)
        roots[row[6] or ""] = row[0]
    tags: dict[str, list[str]] = defaultdict(list)
    for tag in inside[roots.get(_TAGS, -1)]:
        for tagged in inside[tag[0]]:
            tags[tagged[7] or ""].append(tag[4] or "")
    made = {name: _trees(inside, roots.get(name, -1), tags, 0) for name in
            (_BAR, _MENU, _UNFILED, _MOBILE)}  # fmt: skip
    return made[_BAR], (*made[_MENU], *made[_UNFILED], *made[_MOBILE])


def _trees(
    inside: dict[int | None, list[_Row]], parent: int, tags: dict[str, list[str]], depth: int
) -> tuple[Tree, ...]:
    if depth > _MAX_DEPTH:
        return ()
    made: list[Tree] = []
    for number, kind, _parent, _position, title, added, _guid, url in inside.get(parent, []):
        at = (added or 0) // _MICRO
        if kind == _PAGE and url:
            made.append(page(title or "", url, at, tuple(tags.get(url, ()))))
        elif kind == _FOLDER:
            made.append(folder(title or "", _trees(inside, number, tags, depth + 1), at))
    return tuple(made)


def _visits(database: sqlite3.Connection) -> tuple[ForeignVisit, ...]:
    rows = database.execute(
        "SELECT p.url, p.title, v.visit_date, v.visit_type FROM moz_historyvisits v"  # noqa: S608
        f" JOIN moz_places p ON p.id = v.place_id WHERE v.visit_type NOT IN ({_NOT_VISITS})"
        " AND p.hidden = 0 ORDER BY v.visit_date DESC LIMIT ?",
        (MAX_VISITS,),
    )
    return tuple(
        ForeignVisit(url, title or "", at // _MICRO, kind == _TYPED)
        for url, title, at, kind in rows
        if isinstance(url, str) and isinstance(at, int)
    )


def _keywords(database: sqlite3.Connection) -> tuple[ForeignEngine, ...]:
    """Bookmarks with a keyword and a place for words are engines, too."""
    rows = database.execute(
        "SELECT k.keyword, p.url, p.title FROM moz_keywords k"
        " JOIN moz_places p ON p.id = k.place_id"
    )
    return tuple(
        ForeignEngine(title or keyword, keyword, url)
        for keyword, url, title in rows
        if isinstance(url, str) and "%s" in url
    )


def _engines(path: Path) -> tuple[ForeignEngine, ...]:
    try:
        packed = path.read_bytes()[: _MAX_PACKED + 1]
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise UnreadableError(error.strerror or str(error)) from error
    if not packed.startswith(_MAGIC) or len(packed) > _MAX_PACKED:
        raise UnreadableError("not in the expected form")
    try:
        whole = json.loads(unpack_block(packed[len(_MAGIC) + 4 :], _MAX_UNPACKED))
    except (Lz4Error, ValueError, RecursionError) as error:
        raise UnreadableError("not in the expected form") from error
    listed = whole.get("engines") if isinstance(whole, dict) else None
    if not isinstance(listed, list):
        raise UnreadableError("not in the expected form")
    return tuple(made for one in listed if (made := _engine(one)) is not None)


def _engine(raw: object) -> ForeignEngine | None:
    """An engine that came with Firefox is none of the user's."""
    if not isinstance(raw, dict) or raw.get("_isAppProvided") or raw.get("_isBuiltin"):
        return None
    name, meta, urls = raw.get("_name"), raw.get("_metaData"), raw.get("_urls")
    if not isinstance(name, str) or not isinstance(urls, list):
        return None
    alias = meta.get("alias") if isinstance(meta, dict) else None
    for url in urls:
        if not isinstance(url, dict) or str(url.get("type", "text/html")) != "text/html":
            continue
        template = _template(url)
        if template is not None and url.get("method", "GET") == "GET":
            return ForeignEngine(name, alias if isinstance(alias, str) else "", template)
    return None


def _template(url: dict[str, object]) -> str | None:
    template, params = url.get("template"), url.get("params")
    if not isinstance(template, str):
        return None
    if isinstance(params, list):
        pairs = [
            f"{urllib.parse.quote_plus(str(one['name']))}={_value(str(one['value']))}"
            for one in params
            if isinstance(one, dict) and "name" in one and "value" in one
        ]
        if pairs:
            template += ("&" if "?" in template else "?") + "&".join(pairs)
    return template.replace("{searchTerms}", "{query}")


def _value(value: str) -> str:
    return urllib.parse.quote_plus(value, safe="{}")

"""What Firefox keeps: bookmarks, tags and history in `places.sqlite`, engines beside it."""

from __future__ import annotations

import sqlite3
import urllib.parse
from collections import defaultdict
from pathlib import Path

from myco_browser.domain.logins import Login
from myco_browser.services.bookmarks import Tree
from myco_browser.services.copied_files import (
    FileProblem,
    Unreadable,
    UnreadableError,
    copied_database,
    from_json,
    read_whole,
)
from myco_browser.services.foreign_files import (
    MAX_ADDRESS,
    MAX_ROWS,
    MAX_TITLE,
    MAX_VISITS,
    Findings,
    ForeignEngine,
    ForeignVisit,
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
_MAX_KEYWORDS = 1000
_ENGINES = "search.json.mozlz4"
_MAGIC = b"mozLz40\0"
_MAX_PACKED = 8 * 1024 * 1024
_MAX_UNPACKED = 32 * 1024 * 1024

_Row = tuple[int, int, int | None, int, str | None, int | None, str | None, str | None]


def read_firefox(profile: Path) -> Findings:
    """Everything of a profile that can be brought over."""
    # Loaded with the profile that needs it: few have passwords to bring.
    from myco_browser.services.firefox_passwords import FILE, read_logins

    problems: list[FileProblem] = []
    bar: tuple[Tree, ...] = ()
    other: tuple[Tree, ...] = ()
    visits: tuple[ForeignVisit, ...] = ()
    keywords: tuple[ForeignEngine, ...] = ()
    engines: tuple[ForeignEngine, ...] = ()
    logins: tuple[Login, ...] = ()
    left_out = 0
    try:
        with copied_database(profile / "places.sqlite") as database:
            bar, other = _bookmarks(database)
            visits = _visits(database)
            keywords = _keywords(database)
    except UnreadableError as error:
        problems.append(FileProblem("places.sqlite", error.cause))
    try:
        engines = _engines(profile / _ENGINES)
    except UnreadableError as error:
        problems.append(FileProblem(_ENGINES, error.cause))
    try:
        logins, left_out = read_logins(profile)
    except UnreadableError as error:
        problems.append(FileProblem(FILE, error.cause))
    every = (*engines, *keywords)
    return Findings(bar, other, visits, every, logins, left_out, tuple(problems))


def _bookmarks(database: sqlite3.Connection) -> tuple[tuple[Tree, ...], tuple[Tree, ...]]:
    rows: list[_Row] = database.execute(
        "SELECT b.id, b.type, b.parent, b.position, substr(b.title, 1, ?), b.dateAdded,"
        " substr(b.guid, 1, 12), p.url FROM moz_bookmarks b"
        " LEFT JOIN moz_places p ON p.id = b.fk AND length(p.url) <= ?"
        " ORDER BY b.parent, b.position, b.id LIMIT ?",
        (MAX_TITLE, MAX_ADDRESS, MAX_ROWS),
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
    # Taken out: a folder that lies within itself is met once.
    for number, kind, _parent, _position, title, added, _guid, url in inside.pop(parent, []):
        at = (added or 0) // _MICRO
        if kind == _PAGE and url:
            made.append(page(title or "", url, at, tuple(tags.get(url, ()))))
        elif kind == _FOLDER:
            made.append(folder(title or "", _trees(inside, number, tags, depth + 1), at))
    return tuple(made)


def _visits(database: sqlite3.Connection) -> tuple[ForeignVisit, ...]:
    rows = database.execute(
        "SELECT p.url, substr(p.title, 1, ?), v.visit_date, v.visit_type FROM moz_historyvisits v"  # noqa: S608
        f" JOIN moz_places p ON p.id = v.place_id WHERE v.visit_type NOT IN ({_NOT_VISITS})"
        " AND p.hidden = 0 AND length(p.url) <= ? ORDER BY v.visit_date DESC LIMIT ?",
        (MAX_TITLE, MAX_ADDRESS, MAX_VISITS),
    )
    return tuple(
        ForeignVisit(url, title or "", at // _MICRO, kind == _TYPED)
        for url, title, at, kind in rows
        if isinstance(url, str) and isinstance(at, int)
    )


def _keywords(database: sqlite3.Connection) -> tuple[ForeignEngine, ...]:
    """Bookmarks with a keyword and a place for words are engines, too."""
    rows = database.execute(
        "SELECT substr(k.keyword, 1, ?), p.url, substr(p.title, 1, ?) FROM moz_keywords k"
        " JOIN moz_places p ON p.id = k.place_id AND length(p.url) <= ? LIMIT ?",
        (MAX_TITLE, MAX_TITLE, MAX_ADDRESS, _MAX_KEYWORDS),
    )
    return tuple(
        ForeignEngine(title or keyword, keyword, url)
        for keyword, url, title in rows
        if isinstance(url, str) and "%s" in url
    )


def _engines(path: Path) -> tuple[ForeignEngine, ...]:
    packed = read_whole(path, _MAX_PACKED)
    if packed is None:
        return ()
    if not packed.startswith(_MAGIC):
        raise UnreadableError(Unreadable.FORM)
    try:
        whole = from_json(unpack_block(packed[len(_MAGIC) + 4 :], _MAX_UNPACKED))
    except Lz4Error as error:
        raise UnreadableError(Unreadable.FORM) from error
    listed = whole.get("engines") if isinstance(whole, dict) else None
    if not isinstance(listed, list):
        raise UnreadableError(Unreadable.FORM)
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

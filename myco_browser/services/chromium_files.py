"""What Chromium and its kin keep: `Bookmarks` (JSON), `History` and `Web Data` (SQLite)."""

from __future__ import annotations

import sqlite3
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
    read_json,
)

# Times are microseconds since 1601.
_EPOCH = 11_644_473_600
_MICRO = 1_000_000
_CORE = 0xFF
_TYPED = 1
_FRAMES = (3, 4)
_CHAIN_END = 0x20000000
_MAX_DEPTH = 60


def read_chromium(profile: Path) -> Findings:
    """Everything of a profile that can be brought over."""
    problems: list[str] = []
    bar: tuple[Tree, ...] = ()
    other: tuple[Tree, ...] = ()
    visits: tuple[ForeignVisit, ...] = ()
    engines: tuple[ForeignEngine, ...] = ()
    try:
        bar, other = _bookmarks(read_json(profile / "Bookmarks"))
    except UnreadableError as error:
        problems.append(f"Bookmarks: {error}")
    if (profile / "History").is_file():
        try:
            with copied_database(profile / "History") as database:
                visits = _visits(database)
        except UnreadableError as error:
            problems.append(f"History: {error}")
    if (profile / "Web Data").is_file():
        try:
            with copied_database(profile / "Web Data") as database:
                engines = _engines(database)
        except UnreadableError as error:
            problems.append(f"Web Data: {error}")
    return Findings(bar, other, visits, engines, tuple(problems))


def _bookmarks(whole: object) -> tuple[tuple[Tree, ...], tuple[Tree, ...]]:
    roots = whole.get("roots") if isinstance(whole, dict) else None
    if whole is None:
        return (), ()
    if not isinstance(roots, dict):
        raise UnreadableError("not in the expected form")
    made = {name: _inside(roots.get(name), 0) for name in ("bookmark_bar", "other", "synced")}
    return made["bookmark_bar"], (*made["other"], *made["synced"])


def _inside(raw: object, depth: int) -> tuple[Tree, ...]:
    children = raw.get("children") if isinstance(raw, dict) else None
    if not isinstance(children, list) or depth > _MAX_DEPTH:
        return ()
    return tuple(made for one in children if (made := _tree(one, depth)) is not None)


def _tree(raw: object, depth: int) -> Tree | None:
    if not isinstance(raw, dict):
        return None
    name, url, kind = raw.get("name"), raw.get("url"), raw.get("type")
    title = name if isinstance(name, str) else ""
    added = _seconds(raw.get("date_added"))
    if kind == "folder":
        return folder(title, _inside(raw, depth + 1), added)
    return page(title, url, added) if isinstance(url, str) else None


def _visits(database: sqlite3.Connection) -> tuple[ForeignVisit, ...]:
    rows = database.execute(
        "SELECT u.url, u.title, v.visit_time, v.transition FROM visits v"
        " JOIN urls u ON u.id = v.url WHERE u.hidden = 0 AND v.transition & ?"
        " AND v.transition & ? NOT IN (?, ?) ORDER BY v.visit_time DESC LIMIT ?",
        (_CHAIN_END, _CORE, *_FRAMES, MAX_VISITS),
    )
    return tuple(
        ForeignVisit(url, title or "", _seconds(at), transition & _CORE == _TYPED)
        for url, title, at, transition in rows
        if isinstance(url, str)
    )


def _engines(database: sqlite3.Connection) -> tuple[ForeignEngine, ...]:
    """Those that did not come with the browser; its own shortcuts begin with an @."""
    rows = database.execute(
        "SELECT short_name, keyword, url FROM keywords"
        " WHERE prepopulate_id = 0 AND keyword NOT LIKE '@%'"
    )
    return tuple(
        ForeignEngine(str(name), str(keyword), url.replace("{searchTerms}", "{query}"))
        for name, keyword, url in rows
        if isinstance(url, str) and url.startswith("https:") and "{searchTerms}" in url
    )


def _seconds(raw: object) -> int:
    try:
        return max(0, int(str(raw)) // _MICRO - _EPOCH)
    except ValueError:
        return 0

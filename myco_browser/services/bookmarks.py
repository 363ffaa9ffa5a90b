"""The bookmarks of a profile: pages in folders, in the order that the user gave them.

Two folders are always there: the bar below the toolbar, and everything else. Whoever deletes gets
what was deleted, to put it back.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from myco_browser.services.database import Database, Report

T = TypeVar("T")

BAR = 1
OTHER = 2
ROOTS = (BAR, OTHER)
MAX_URL = 64 * 1024
"""Longer addresses are not kept, in characters."""

_VERSION = 1
_MAX_TITLE = 512
_MAX_TAGS = 32
_MAX_DEPTH = 100
_SCHEMA = """
CREATE TABLE items (
    id INTEGER PRIMARY KEY,
    parent INTEGER REFERENCES items (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    url TEXT,
    title TEXT NOT NULL,
    tags TEXT NOT NULL DEFAULT '',
    added INTEGER NOT NULL
);
CREATE INDEX items_parent ON items (parent, position);
CREATE INDEX items_url ON items (url);
INSERT INTO items VALUES (1, NULL, 0, NULL, '', '', 0), (2, NULL, 1, NULL, '', '', 0)
"""
_Row = tuple[int, int | None, int, str | None, str, str, int]
_COLUMNS = "id, parent, position, url, title, tags, added"


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A page, or a folder when `url` is None. `added` is in Unix seconds."""

    id: int
    parent: int | None
    position: int
    url: str | None
    title: str
    tags: tuple[str, ...]
    added: int


@dataclass(frozen=True, slots=True)
class Tree:
    """A bookmark with what is in it, free of any database: for undo, import and export."""

    item: Bookmark
    inside: tuple[Tree, ...] = ()


class Bookmarks:
    """Owned by the thread that makes it. Every change is stored when the call returns.

    `report` is called when a broken file was set aside; raises sqlite3.Error when the disk is full
    or may not be written. `copied`: they are another session's, as they stand now, to be read.
    """

    def __init__(self, path: Path, report: Report, *, copied: bool = False) -> None:
        self._database = Database(path, _SCHEMA, _VERSION, report, copied=copied)
        self.can_change = not copied
        self._observers: list[Callable[[], None]] = []

    def observe(self, observer: Callable[[], None]) -> Callable[[], None]:
        """Calls `observer` after each change; the returned function ends that."""
        self._observers.append(observer)

        def stop() -> None:
            with contextlib.suppress(ValueError):
                self._observers.remove(observer)

        return stop

    def get(self, number: int) -> Bookmark | None:
        """The bookmark with this id."""
        return self._first("id = ?", number)

    def find(self, url: str) -> Bookmark | None:
        """The bookmark of this address that was added last."""
        return self._first("url = ? ORDER BY added DESC, id DESC", url)

    def children(self, folder: int) -> tuple[Bookmark, ...]:
        """What is in a folder, in order."""
        return self._all("parent = ? ORDER BY position, id", folder)

    def search(self, text: str, limit: int = 200) -> tuple[Bookmark, ...]:
        """Pages that have all words of `text` in title, address or tags, newest first."""
        words = text.lower().split()[:8]
        if not words:
            return ()
        condition = " AND ".join(
            ["instr(lower(title || ' ' || url || ' ' || tags), ?)"] * len(words)
        )
        query = f"url IS NOT NULL AND {condition} ORDER BY added DESC LIMIT {limit:d}"
        return self._all(query, *words)

    def add(
        self, title: str, url: str | None, at: int, folder: int = BAR, place: int | None = None
    ) -> int | None:
        """Adds a page, or a folder without `url`; its id, or None for what cannot be kept.

        `place` is the position in the folder, the end by default.
        """
        if url is not None and not is_keepable(url):
            return None

        def work(connection: sqlite3.Connection) -> int | None:
            return _insert(connection, folder, place, Bookmark(0, None, 0, url, title, (), at))

        return self._write(work)

    def change(self, changed: Bookmark) -> None:
        """Stores another title, address or tags of the bookmark with this id."""
        if changed.id in ROOTS or (changed.url is not None and not is_keepable(changed.url)):
            return
        values = (changed.url, _title(changed.title), _packed(changed.tags), changed.id)
        statement = "UPDATE items SET url = ?, title = ?, tags = ? WHERE id = ?"
        self._write(lambda db: db.execute(statement, values).rowcount)

    def move(self, number: int, folder: int, place: int | None = None) -> bool:
        """Moves a bookmark before what is at `place` of a folder; not into itself."""

        def work(connection: sqlite3.Connection) -> bool:
            item = _row(connection, number)
            if item is None or number in ROOTS or not _is_folder(connection, folder):
                return False
            if number in _ancestors(connection, folder):
                return False
            at = place
            if at is not None and item.parent == folder and item.position < at:
                at -= 1  # what is taken away makes the others move up
            connection.execute("UPDATE items SET parent = NULL WHERE id = ?", (number,))
            _close_up(connection, item.parent)
            at = _make_room(connection, folder, at)
            connection.execute(
                "UPDATE items SET parent = ?, position = ? WHERE id = ?", (folder, at, number)
            )
            return True

        return self._write(work)

    def delete(self, number: int) -> Tree | None:
        """Deletes a bookmark and all in it; what was deleted, for `restore`."""

        def work(connection: sqlite3.Connection) -> Tree | None:
            item = _row(connection, number)
            if item is None or number in ROOTS:
                return None
            gone = _tree(connection, item)
            connection.execute("DELETE FROM items WHERE id = ?", (number,))
            _close_up(connection, item.parent)
            return gone

        return self._write(work)

    def restore(self, tree: Tree) -> None:
        """Puts back what was deleted, where it was; at the end of "other" if that is gone."""

        def work(connection: sqlite3.Connection) -> None:
            parent = tree.item.parent
            if parent is None or not _is_folder(connection, parent):
                _insert_tree(connection, OTHER, None, tree)
            else:
                _insert_tree(connection, parent, tree.item.position, tree)

        self._write(work)

    def take_in(self, folder: int, trees: Iterable[Tree]) -> int:
        """Adds imported trees to a folder, all or nothing; the number of pages added."""
        wanted = tuple(trees)

        def work(connection: sqlite3.Connection) -> int:
            return sum(_insert_tree(connection, folder, None, tree) for tree in wanted)

        return self._write(work)

    def tree(self, folder: int) -> Tree:
        """A folder with all in it. Raises KeyError when there is none."""

        def work(connection: sqlite3.Connection) -> Tree:
            item = _row(connection, folder)
            if item is None:
                raise KeyError(folder)
            return _tree(connection, item)

        return self._database.read(work)

    def close(self) -> None:
        """Closes the database."""
        self._database.close()

    def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        done = self._database.write(work)
        for observer in tuple(self._observers):
            observer()
        return done

    def _first(self, condition: str, value: object) -> Bookmark | None:
        found = self._all(f"{condition} LIMIT 1", value)
        return found[0] if found else None

    def _all(self, condition: str, *values: object) -> tuple[Bookmark, ...]:
        query = f"SELECT {_COLUMNS} FROM items WHERE {condition}"  # noqa: S608 - ours
        rows = self._database.read(lambda db: db.execute(query, values).fetchall())
        return tuple(map(_bookmark, rows))


def is_keepable(url: str) -> bool:
    """Whether an address may be a bookmark: pages of the web, files and our own pages."""
    return len(url) <= MAX_URL and bool(re.match(r"(?:https?|file|ftp|myco)://[^\s]", url))


def _bookmark(row: _Row) -> Bookmark:
    number, parent, position, url, title, tags, added = row
    words = tuple(tags.split("\n")) if tags else ()
    return Bookmark(number, parent, position, url, title, words, added)


def _row(connection: sqlite3.Connection, number: int) -> Bookmark | None:
    query = f"SELECT {_COLUMNS} FROM items WHERE id = ?"  # noqa: S608 - columns are ours
    row = connection.execute(query, (number,)).fetchone()
    return _bookmark(row) if row else None


def _is_folder(connection: sqlite3.Connection, number: int) -> bool:
    item = _row(connection, number)
    return item is not None and item.url is None


def _ancestors(connection: sqlite3.Connection, number: int) -> set[int]:
    """A folder and those it is in."""
    found: set[int] = set()
    at: int | None = number
    while at is not None and at not in found:
        found.add(at)
        item = _row(connection, at)
        at = item.parent if item is not None else None
    return found


def _tree(connection: sqlite3.Connection, item: Bookmark, depth: int = 0) -> Tree:
    if item.url is not None or depth > _MAX_DEPTH:
        return Tree(item)
    query = f"SELECT {_COLUMNS} FROM items WHERE parent = ? ORDER BY position, id"  # noqa: S608
    rows = connection.execute(query, (item.id,)).fetchall()
    return Tree(item, tuple(_tree(connection, _bookmark(row), depth + 1) for row in rows))


def _insert_tree(
    connection: sqlite3.Connection, folder: int, place: int | None, tree: Tree, depth: int = 0
) -> int:
    item = tree.item
    if depth > _MAX_DEPTH or (item.url is not None and not is_keepable(item.url)):
        return 0
    number = _insert(connection, folder, place, item)
    if item.url is not None or number is None:
        return int(number is not None)
    return sum(_insert_tree(connection, number, None, one, depth + 1) for one in tree.inside)


def _insert(
    connection: sqlite3.Connection, folder: int, place: int | None, item: Bookmark
) -> int | None:
    if not _is_folder(connection, folder):
        return None
    at = _make_room(connection, folder, place)
    made = connection.execute(
        "INSERT INTO items (parent, position, url, title, tags, added) VALUES (?, ?, ?, ?, ?, ?)",
        (folder, at, item.url, _title(item.title), _packed(item.tags), item.added),
    )
    return made.lastrowid


def _make_room(connection: sqlite3.Connection, folder: int, place: int | None) -> int:
    (count,) = connection.execute(
        "SELECT count(*) FROM items WHERE parent = ?", (folder,)
    ).fetchone()
    at = count if place is None else max(0, min(place, count))
    connection.execute(
        "UPDATE items SET position = position + 1 WHERE parent = ? AND position >= ?", (folder, at)
    )
    return int(at)


def _close_up(connection: sqlite3.Connection, folder: int | None) -> None:
    """Numbers what is in a folder from 0 on, without gaps."""
    rows = connection.execute(
        "SELECT id FROM items WHERE parent = ? ORDER BY position, id", (folder,)
    ).fetchall()
    connection.executemany(
        "UPDATE items SET position = ? WHERE id = ?",
        [(position, number) for position, (number,) in enumerate(rows)],
    )


def _title(text: str) -> str:
    # Lone surrogates, which pages can put into titles, have no place in UTF-8.
    return " ".join(text.encode("utf-8", "replace").decode().split())[:_MAX_TITLE]


def _packed(tags: Iterable[str]) -> str:
    clean = (_title(tag).strip(" ,").lower() for tag in tags)
    return "\n".join(dict.fromkeys(tag for tag in clean if tag).keys())[: _MAX_TAGS * 64]

"""The reading list of a profile: pages to read later, and which of them were read."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from myco_browser.services.database import Database, Report

_VERSION = 1
_MAX_URL = 64 * 1024
_MAX_TITLE = 512
_SCHEMA = """
CREATE TABLE pages (
    url TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    added INTEGER NOT NULL,
    read INTEGER NOT NULL DEFAULT 0
)
"""


class Kept(NamedTuple):
    """A page of the list. `added` is in Unix seconds."""

    url: str
    title: str
    added: int
    read: bool


class ReadingList:
    """Owned by the thread that uses it. Every change is stored when the call returns.

    The file is opened when it is first asked for. Raises sqlite3.Error when the disk is full or
    may not be written; `report` is called when a broken file was set aside.
    """

    def __init__(self, path: Path, report: Report) -> None:
        self._path = path
        self._report = report
        self._opened: Database | None = None
        self._observers: list[Callable[[], None]] = []

    def observe(self, observer: Callable[[], None]) -> Callable[[], None]:
        """Calls `observer` after each change; the returned function ends that."""
        self._observers.append(observer)

        def stop() -> None:
            with contextlib.suppress(ValueError):
                self._observers.remove(observer)

        return stop

    def pages(self, text: str = "") -> tuple[Kept, ...]:
        """Pages that have all words of `text` in title or address: unread first, then newest."""
        words = text.lower().split()[:8]
        condition = " AND ".join(["instr(lower(title || ' ' || url), ?)"] * len(words)) or "1"
        query = (
            "SELECT url, title, added, read FROM pages "  # noqa: S608 - the words are parameters
            f"WHERE {condition} ORDER BY read, added DESC, rowid DESC"
        )
        rows = self._database.read(lambda db: db.execute(query, words).fetchall())
        return tuple(Kept(url, title, added, bool(read)) for url, title, added, read in rows)

    def add(self, url: str, title: str, at: int) -> bool:
        """Adds a page as unread, or makes it unread again; False for what cannot be kept."""
        if not url.startswith(("http://", "https://")) or len(url) > _MAX_URL:
            return False
        statement = (
            "INSERT INTO pages (url, title, added) VALUES (?, ?, ?) ON CONFLICT (url) DO UPDATE "
            "SET read = 0, added = excluded.added, "
            "title = CASE excluded.title WHEN '' THEN title ELSE excluded.title END"
        )
        self._write(lambda db: db.execute(statement, (url, _title(title), at)))
        return True

    def set_read(self, url: str, read: bool) -> None:
        """Notes that a page was read, or was not."""
        self._write(lambda db: db.execute("UPDATE pages SET read = ? WHERE url = ?", (read, url)))

    def remove(self, url: str) -> None:
        """Takes a page off the list."""
        self._write(lambda db: db.execute("DELETE FROM pages WHERE url = ?", (url,)))

    def put_back(self, page: Kept) -> None:
        """Puts back what was removed, as it was."""
        self._write(lambda db: db.execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?)", page))

    def close(self) -> None:
        """Closes the file, if it was opened."""
        if self._opened is not None:
            self._opened.close()

    @property
    def _database(self) -> Database:
        if self._opened is None:
            self._opened = Database(self._path, _SCHEMA, _VERSION, self._report)
        return self._opened

    def _write(self, work: Callable[[sqlite3.Connection], object]) -> None:
        self._database.write(work)
        for observer in tuple(self._observers):
            observer()


def _title(text: str) -> str:
    # Lone surrogates, which pages can put into titles, have no place in UTF-8.
    return " ".join(text.encode("utf-8", "replace").decode().split())[:_MAX_TITLE]

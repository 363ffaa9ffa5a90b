"""The pages visited in the everyday session: recording, completion, deletion.

Private sessions never make a `History`: there is no switch that could be forgotten.

Pages are ranked by visits that fade: every visit counts half as much after thirty days. Since
all fade alike, the order does not depend on when one looks, and each page needs only one number,
`log2` of the sum of `weight * 2 ** (time / half-life)`, which is updated at each visit.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from myco_browser.domain.addresses import parse_web_address, scheme_of
from myco_browser.domain.urls import origin, site_key
from myco_browser.services.database import Database, Report

MAX_URL = 8192
"""Longer addresses are not recorded, in characters: they carry documents, not places."""

_VERSION = 1
_HALF_LIFE = 30 * 86_400
_TYPED_WEIGHT = 4.0
_MAX_TITLE = 512
_MAX_WORDS = 8
_FOREVER = 2**62
_SHORT = 1  # a prefix this short matches so many hosts that walking by rank is quicker

_SCHEMA = """
CREATE TABLE pages (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    host TEXT NOT NULL,
    site TEXT NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    visits INTEGER NOT NULL DEFAULT 0,
    typed INTEGER NOT NULL DEFAULT 0,
    last INTEGER NOT NULL DEFAULT 0,
    rank REAL NOT NULL DEFAULT 0
);
CREATE INDEX pages_host ON pages (host, rank DESC);
CREATE INDEX pages_site ON pages (site);
CREATE INDEX pages_rank ON pages (rank DESC);
CREATE TABLE visits (
    page INTEGER NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    typed INTEGER NOT NULL
);
CREATE INDEX visits_at ON visits (at);
CREATE INDEX visits_page ON visits (page);
CREATE VIRTUAL TABLE words USING fts5 (
    title, url, content = 'pages', content_rowid = 'id', prefix = '2 3',
    tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER pages_added AFTER INSERT ON pages BEGIN
    INSERT INTO words (rowid, title, url) VALUES (new.id, new.title, new.url);
END;
CREATE TRIGGER pages_removed AFTER DELETE ON pages BEGIN
    INSERT INTO words (words, rowid, title, url) VALUES ('delete', old.id, old.title, old.url);
END;
CREATE TRIGGER pages_renamed AFTER UPDATE OF title ON pages BEGIN
    INSERT INTO words (words, rowid, title, url) VALUES ('delete', old.id, old.title, old.url);
    INSERT INTO words (rowid, title, url) VALUES (new.id, new.title, new.url);
END
"""

_COLUMNS = "pages.url, pages.title, pages.visits, pages.typed, pages.last, pages.rank"


class Page(NamedTuple):
    """A visited page. `last` is in Unix seconds; `rank` only compares with other ranks."""

    url: str
    title: str
    visits: int
    typed: int
    last: int
    rank: float


class Visit(NamedTuple):
    """One visit, for the history page. `at` is in Unix seconds."""

    url: str
    title: str
    at: int


class History:
    """The history of one profile. Owned by the thread that makes it (see `Database`).

    `report` is called when a broken file was set aside; the history then begins anew.
    """

    def __init__(self, path: Path, report: Report) -> None:
        self._database = Database(path, _SCHEMA, _VERSION, report)

    def record(self, url: str, title: str, at: int, *, typed: bool = False) -> None:
        """Add a visit at `at` (Unix seconds). What is not a page of the web or a file is not."""
        kept = _recorded(url)
        if kept is None:
            return
        address, host, site = kept
        title = _storable(title)[:_MAX_TITLE]

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "INSERT INTO pages (url, host, site, title) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (url) DO NOTHING",
                (address, host, site, title),
            )
            query = "SELECT id, title, visits, rank FROM pages WHERE url = ?"
            page, known, visits, rank = connection.execute(query, (address,)).fetchone()
            connection.execute("INSERT INTO visits VALUES (?, ?, ?)", (page, at, typed))
            connection.execute(
                "UPDATE pages SET visits = visits + 1, typed = typed + ?, last = max(last, ?),"
                " rank = ? WHERE id = ?",
                (typed, at, _ranked(rank if visits else None, at, typed), page),
            )
            if title and title != known:
                _rename(connection, page, title)

        self._database.write(work)

    def take_in(self, visits: Iterable[tuple[str, str, int, bool]]) -> int:
        """Add visits of another browser (address, title, Unix seconds, typed), all or nothing.

        A visit of the same page in the same second is there already. Returns how many were new.
        """
        kept = [(_recorded(url), title, at, typed) for url, title, at, typed in visits]

        def work(connection: sqlite3.Connection) -> int:
            touched: set[int] = set()
            added = 0
            for place, title, at, typed in kept:
                if place is not None and at > 0:
                    page = _page_of(connection, place, _storable(title)[:_MAX_TITLE])
                    new = connection.execute(
                        "INSERT INTO visits SELECT ?1, ?2, ?3 WHERE NOT EXISTS"
                        " (SELECT 1 FROM visits WHERE page = ?1 AND at = ?2)",
                        (page, at, typed),
                    ).rowcount
                    added += new
                    touched |= {page} if new else set()
            for page in touched:
                _recount(connection, page)
            return added

        return self._database.write(work)

    def set_title(self, url: str, title: str) -> None:
        """Give a recorded page the title that it got after its visit was recorded."""
        kept = _recorded(url)
        if kept is None:
            return
        title = _storable(title)[:_MAX_TITLE]

        def work(connection: sqlite3.Connection) -> None:
            row = connection.execute("SELECT id, title FROM pages WHERE url = ?", kept[:1])
            found = row.fetchone()
            if found is not None and found[1] != title:
                _rename(connection, found[0], title)

        self._database.write(work)

    def complete(self, typed: str, limit: int = 20) -> tuple[Page, ...]:
        """Pages for what was typed: by the beginning of the host first, then by words."""
        typed = _storable(typed)
        wanted = _bare(typed.strip().lower())
        if not wanted:
            return ()

        def work(connection: sqlite3.Connection) -> list[Page]:
            return [
                *_by_host(connection, wanted, limit),
                *_by_words(connection, typed, limit),
            ]

        pages = {page.url: page for page in self._database.read(work)}
        return tuple(pages.values())[:limit]

    def search(self, text: str, limit: int = 200, before: int | None = None) -> tuple[Visit, ...]:
        """Visits, newest first, with all words of `text` in title or address (all if empty)."""
        match = _match_expression(_storable(text))
        if text.strip() and match is None:
            return ()
        query = (
            "SELECT pages.url, pages.title, visits.at FROM visits"
            " JOIN pages ON pages.id = visits.page"
            " WHERE visits.at < ?1 AND (?2 IS NULL OR pages.id IN (SELECT rowid FROM words(?2)))"
            " ORDER BY visits.at DESC LIMIT ?3"
        )
        values = (_FOREVER if before is None else before, match, limit)
        rows = self._database.read(lambda connection: connection.execute(query, values).fetchall())
        return tuple(Visit(*row) for row in rows)

    def top(self, limit: int = 8) -> tuple[Page, ...]:
        """The best-ranked page of each of the best-ranked sites."""
        query = (
            f"SELECT {_COLUMNS}, max(pages.rank) FROM"  # noqa: S608
            " (SELECT * FROM pages ORDER BY rank DESC LIMIT 1000) AS pages"
            " GROUP BY pages.site ORDER BY pages.rank DESC LIMIT ?"
        )
        rows = self._database.read(lambda db: db.execute(query, (limit,)).fetchall())
        return tuple(Page(*row[:6]) for row in rows)

    def origins(self, site: str) -> frozenset[str]:
        """The origins of the pages of a site (`urls.site_key`)."""
        query = "SELECT url FROM pages WHERE site = ?"
        rows = self._database.read(lambda db: db.execute(query, (site,)).fetchall())
        return frozenset(place for (url,) in rows if (place := origin(url)) is not None)

    def delete_url(self, url: str) -> int:
        """Forget one page; the number of pages forgotten."""
        kept = _recorded(url)
        return self._delete("url = ?", kept[:1]) if kept else 0

    def delete_site(self, site: str) -> int:
        """Forget all pages of a site (`urls.site_key`); the number of pages forgotten."""
        return self._delete("site = ?", (site,))

    def delete_all(self) -> int:
        """Forget everything; the number of pages forgotten."""
        return self._delete("1", ())

    def delete_range(self, start: int, end: int) -> int:
        """Forget the visits from `start` up to but not including `end` (Unix seconds).

        Pages keep their other visits and rank by those. Returns the number of visits forgotten.
        """

        def work(connection: sqlite3.Connection) -> int:
            condition = "FROM visits WHERE at >= ? AND at < ?"
            touched = connection.execute(
                f"SELECT DISTINCT page {condition}",
                (start, end),
            ).fetchall()
            gone = connection.execute(f"DELETE {condition}", (start, end)).rowcount
            for (page,) in touched:
                _recount(connection, page)
            connection.execute("DELETE FROM pages WHERE visits = 0")
            return gone

        gone = self._database.write(work)
        self._forget_words()
        return gone

    def keep_days(self, days: int, now: int) -> int:
        """Forget visits older than `days`; the number of visits forgotten.

        If that would be all of them, and the newest more than a year old, the clock is rather
        wrong than everything too old: then nothing is forgotten.
        """
        query = "SELECT max(at) FROM visits"
        (newest,) = self._database.read(lambda db: db.execute(query).fetchone())
        if newest is None or newest < now - (days + 365) * 86_400:
            return 0
        return self.delete_range(0, now - days * 86_400)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def _delete(self, condition: str, values: Sequence[str]) -> int:
        statement = f"DELETE FROM pages WHERE {condition}"  # noqa: S608 - conditions are ours
        gone = self._database.write(lambda db: db.execute(statement, values).rowcount)
        self._forget_words()
        return gone

    def _forget_words(self) -> None:
        # The word index keeps deleted words in its old segments until they are merged.
        self._database.write(
            lambda db: db.execute("INSERT INTO words (words) VALUES ('optimize')").rowcount
        )
        self._database.forget_traces()


def _recorded(url: str) -> tuple[str, str, str] | None:
    """Address without user information, bare host and site; None for what is not recorded."""
    if len(url) > MAX_URL or not url.isprintable():
        return None
    if scheme_of(url) == "file":
        return url, "", "file:"
    address = parse_web_address(url)
    if address is None:
        return None
    place = f"{address.scheme}://{address.authority}{address.rest}"
    return place, address.authority.removeprefix("www."), site_key(url) or address.host


def _storable(text: str) -> str:
    """`text` without lone surrogates, which pages can put into titles but UTF-8 has not."""
    return text.encode("utf-8", "replace").decode()


def _ranked(rank: float | None, at: int, typed: bool) -> float:
    weight = _TYPED_WEIGHT if typed else 1.0
    added = math.log2(weight) + at / _HALF_LIFE
    if rank is None:
        return added
    high, low = max(rank, added), min(rank, added)
    return high + math.log2(1 + 2 ** (low - high))


def _recount(connection: sqlite3.Connection, page: int) -> None:
    rank: float | None = None
    count = typed_count = last = 0
    for at, typed in connection.execute("SELECT at, typed FROM visits WHERE page = ?", (page,)):
        rank = _ranked(rank, at, bool(typed))
        count, typed_count, last = count + 1, typed_count + typed, max(last, at)
    connection.execute(
        "UPDATE pages SET visits = ?, typed = ?, last = ?, rank = ? WHERE id = ?",
        (count, typed_count, last, rank or 0.0, page),
    )


def _page_of(connection: sqlite3.Connection, place: tuple[str, str, str], title: str) -> int:
    """The id of a page, made if it is not there; a title that is there stays."""
    connection.execute(
        "INSERT INTO pages (url, host, site, title) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (url) DO NOTHING",
        (*place, title),
    )
    (number,) = connection.execute("SELECT id FROM pages WHERE url = ?", place[:1]).fetchone()
    return int(number)


def _rename(connection: sqlite3.Connection, page: int, title: str) -> None:
    connection.execute("UPDATE pages SET title = ? WHERE id = ?", (title, page))


def _bare(typed: str) -> str:
    return re.sub(r"^(?:https?:)?(?://)?(?:www\.)?", "", typed)


def _by_host(connection: sqlite3.Connection, wanted: str, limit: int) -> list[Page]:
    host, slash, _ = wanted.partition("/")
    # "U+10FFFF" sorts behind every host that begins with the typed text.
    index = "INDEXED BY pages_rank" if len(host) <= _SHORT else ""
    condition = (
        "pages.host = ?1" if slash else "pages.host >= ?1 AND pages.host < ?1 || char(0x10ffff)"
    )
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM pages {index} WHERE {condition}"  # noqa: S608
        " ORDER BY pages.rank DESC LIMIT ?2",
        (host, 200 if slash else limit),
    ).fetchall()
    pages = [Page(*row) for row in rows]
    return [page for page in pages if _bare(page.url.lower()).startswith(wanted)][:limit]


def _by_words(connection: sqlite3.Connection, typed: str, limit: int) -> list[Page]:
    match = _match_expression(typed)
    if match is None or len(typed.strip()) == 1:  # one letter begins a word of every page
        return []
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM words(?) JOIN pages ON pages.id = words.rowid"  # noqa: S608
        " ORDER BY pages.rank DESC LIMIT ?",
        (match, limit),
    ).fetchall()
    return [Page(*row) for row in rows]


def _match_expression(text: str) -> str | None:
    """All words of `text`, each as the beginning of a word; None if there is none."""
    words = re.findall(r"\w+", text.replace("_", " "))[:_MAX_WORDS]
    return " AND ".join(f'"{word}"*' for word in words) or None

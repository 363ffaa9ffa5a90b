"""The downloads of a profile, as they are kept between sessions; a private session keeps none.

The database is opened when it is first needed: a start does not look at downloads.
"""

from __future__ import annotations

import sqlite3
from dataclasses import astuple, replace
from enum import Enum
from pathlib import Path
from typing import TypeVar

from myco_browser.domain.dangerous_files import Danger
from myco_browser.domain.downloads import Cause, Download, Phase
from myco_browser.services.database import Database, Report

# What was moving when a session was killed; the end of a session stops it.
_WAITING = (Phase.RUNNING, Phase.PAUSED, Phase.CHECKING, Phase.HELD)
_VERSION = 1
_MOST = 5000
_SCHEMA = """
CREATE TABLE downloads (
    number INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    site TEXT NOT NULL,
    folder TEXT NOT NULL,
    name TEXT NOT NULL,
    started INTEGER NOT NULL,
    phase TEXT NOT NULL,
    total INTEGER,
    received INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    cause TEXT,
    danger TEXT,
    found TEXT NOT NULL,
    etag TEXT NOT NULL,
    modified TEXT NOT NULL,
    anew INTEGER NOT NULL,
    resumable INTEGER NOT NULL
)
"""
_Row = tuple[
    int, str, str, str, str, int, str, int | None, int, int, str | None, str | None, str, str, str,
    int, int,
]  # fmt: skip
_Word = TypeVar("_Word", bound=Enum)


class DownloadStore:
    """Owned by the thread that uses it first. `path` None keeps nothing. Raises sqlite3.Error."""

    def __init__(self, path: Path | None, report: Report) -> None:
        self._path = path
        self._report = report
        self._opened: Database | None = None

    @property
    def keeps(self) -> bool:
        """Whether anything outlives the session."""
        return self._path is not None

    def read_all(self) -> tuple[Download, ...]:
        """All of them, oldest first."""
        database = self._database()
        if database is None:
            return ()
        rows = database.read(
            lambda db: db.execute("SELECT * FROM downloads ORDER BY number").fetchall()
        )
        return tuple(map(_download, rows))

    def count_waiting(self) -> int:
        """How many an earlier session left unfinished, or wait for a decision of the user."""
        if self._path is None or not self._path.exists():
            return 0
        marks = ", ".join("?" * len(_WAITING))
        statement = (
            f"SELECT count(*) FROM downloads WHERE phase IN ({marks})"  # noqa: S608 - marks only
            " OR (phase = ? AND cause = ?)"
        )
        words = (*(one.value for one in _WAITING), Phase.STOPPED.value, Cause.ENDED.name)
        database = self._database()
        assert database is not None
        count: int = database.read(lambda db: db.execute(statement, words).fetchone()[0])
        return count

    def put(self, download: Download) -> None:
        """Keeps a download, new or changed; of very many the oldest go."""
        if (database := self._database()) is None:
            return
        row = tuple(map(_kept, astuple(download)))
        marks = ", ".join("?" * len(row))

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                f"INSERT OR REPLACE INTO downloads VALUES ({marks})",  # noqa: S608 - marks only
                row,
            )
            connection.execute(
                "DELETE FROM downloads WHERE number <= ?", (download.number - _MOST,)
            )

        database.write(work)

    def delete(self, number: int) -> None:
        """Forgets one."""
        self._delete("number = ?", number)

    def delete_site(self, site: str) -> None:
        """Forgets those of a site that have ended."""
        self._delete("site = ? AND ended > 0", site)

    def delete_since(self, since: int) -> None:
        """Forgets those that ended at `since` or later (Unix seconds)."""
        self._delete("ended > 0 AND ended >= ?", since)

    def close(self) -> None:
        """Closes the database, if it was opened."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _database(self) -> Database | None:
        if self._opened is None and self._path is not None:
            self._opened = Database(self._path, _SCHEMA, _VERSION, self._report)
        return self._opened

    def _delete(self, condition: str, value: object) -> None:
        if (database := self._database()) is not None:
            statement = f"DELETE FROM downloads WHERE {condition}"  # noqa: S608 - ours
            database.write(lambda db: db.execute(statement, (value,)).rowcount)
            database.forget_traces()


def _kept(value: object) -> object:
    if isinstance(value, Phase):
        return value.value
    return value.name if isinstance(value, Cause | Danger) else value


def _download(row: _Row) -> Download:
    made = Download(
        number=row[0], url=row[1], site=row[2], folder=row[3], name=row[4], started=row[5],
        phase=_word(Phase, row[6].upper()) or Phase.STOPPED, total=row[7], received=row[8],
        ended=row[9], found=row[12], etag=row[13], modified=row[14], anew=bool(row[15]),
        resumable=bool(row[16]),
    )  # fmt: skip
    return replace(made, cause=_word(Cause, row[10]), danger=_word(Danger, row[11]))


def _word(words: type[_Word], name: str | None) -> _Word | None:
    """What another version wrote may be missing here."""
    return words.__members__.get(name or "")

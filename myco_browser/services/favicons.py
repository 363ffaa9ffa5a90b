"""Site icons kept between sessions, so that history and restored tabs have them at once.

Only what the engine fetched for a page the user visited is kept; nothing is ever asked for.
The store is bounded in number and size.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from myco_browser.domain.urls import origin, site_key
from myco_browser.services.database import Database, Report

MAX_ICON = 64 * 1024
"""Larger icons are not kept, in bytes."""

_VERSION = 1
_SCHEMA = """
CREATE TABLE icons (
    origin TEXT PRIMARY KEY,
    image BLOB NOT NULL,
    used INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX icons_used ON icons (used)
"""


class Favicons:
    """The icons of one profile, one per origin. Owned by the thread that makes it.

    Private sessions make none. When there are more than `limit`, the longest unused go.
    """

    def __init__(self, path: Path, report: Report, limit: int = 5_000) -> None:
        self._limit = limit
        self._database = Database(path, _SCHEMA, _VERSION, report)

    def put(self, url: str, image: bytes, now: int) -> bool:
        """Keep `image` (PNG as the engine gave it) for the origin of `url`; was it kept?"""
        place = origin(url)
        if place is None or not 0 < len(image) <= MAX_ICON:
            return False

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "INSERT INTO icons VALUES (?1, ?2, ?3)"
                " ON CONFLICT (origin) DO UPDATE SET image = ?2, used = ?3",
                (place, image, now),
            )
            connection.execute(
                "DELETE FROM icons WHERE origin IN"
                " (SELECT origin FROM icons ORDER BY used DESC LIMIT -1 OFFSET ?)",
                (self._limit,),
            )

        self._database.write(work)
        return True

    def get(self, url: str) -> bytes | None:
        """The icon for the origin of `url`."""
        query = "SELECT image FROM icons WHERE origin = ?"
        row = self._database.read(lambda db: db.execute(query, (origin(url),)).fetchone())
        return bytes(row[0]) if row else None

    def delete_site(self, site: str) -> None:
        """Forget the icons of all origins of a site (`urls.site_key`)."""

        def work(connection: sqlite3.Connection) -> None:
            origins = connection.execute("SELECT origin FROM icons").fetchall()
            gone = [(place,) for (place,) in origins if site_key(place) == site]
            connection.executemany("DELETE FROM icons WHERE origin = ?", gone)

        self._database.write(work)
        self._database.forget_traces()

    def delete_all(self) -> None:
        """Forget every icon."""
        self._database.write(lambda db: db.execute("DELETE FROM icons").rowcount)
        self._database.forget_traces()

    def close(self) -> None:
        """Close the database."""
        self._database.close()

"""Profiles of other browsers, written as those write them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

_DAY = 86_400
NOW = 1_795_000_000
"""Unix seconds of the newest visit."""

# The tables of Firefox that hold what can be brought over, with the columns they have there.
_PLACES = """
CREATE TABLE moz_places (
    id INTEGER PRIMARY KEY, url LONGVARCHAR, title LONGVARCHAR, rev_host LONGVARCHAR,
    visit_count INTEGER DEFAULT 0, hidden INTEGER DEFAULT 0 NOT NULL,
    typed INTEGER DEFAULT 0 NOT NULL, frecency INTEGER DEFAULT -1 NOT NULL,
    last_visit_date INTEGER, guid TEXT, foreign_count INTEGER DEFAULT 0 NOT NULL,
    url_hash INTEGER DEFAULT 0 NOT NULL, description TEXT, preview_image_url TEXT,
    site_name TEXT, origin_id INTEGER, recalc_frecency INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE moz_historyvisits (
    id INTEGER PRIMARY KEY, from_visit INTEGER, place_id INTEGER, visit_date INTEGER,
    visit_type INTEGER, session INTEGER, source INTEGER DEFAULT 0 NOT NULL,
    triggeringPlaceId INTEGER
);
CREATE TABLE moz_bookmarks (
    id INTEGER PRIMARY KEY, type INTEGER, fk INTEGER DEFAULT NULL, parent INTEGER,
    position INTEGER, title LONGVARCHAR, keyword_id INTEGER, folder_type TEXT,
    dateAdded INTEGER, lastModified INTEGER, guid TEXT,
    syncStatus INTEGER NOT NULL DEFAULT 0, syncChangeCounter INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE moz_keywords (
    id INTEGER PRIMARY KEY AUTOINCREMENT, keyword TEXT UNIQUE, place_id INTEGER, post_data TEXT
);
"""
_ROOTS = (
    (1, 0, "root________"), (2, 1, "menu________"), (3, 1, "toolbar_____"), (4, 1, "tags________"),
    (5, 1, "unfiled_____"), (6, 1, "mobile______"),
)  # fmt: skip


def firefox_profile(home: Path, below: str = ".mozilla/firefox") -> Path:
    """A profile of Firefox with bookmarks, a tag, visits of every kind, and engines."""
    root = home / below
    profile = root / "abcd.default-release"
    profile.mkdir(parents=True)
    (root / "profiles.ini").write_text(
        "[Install4F96D1932A9F858E]\nDefault=abcd.default-release\nLocked=1\n\n"
        "[Profile0]\nName=default-release\nIsRelative=1\nPath=abcd.default-release\n\n"
        "[General]\nStartWithLastProfile=1\nVersion=2\n"
    )
    database = sqlite3.connect(profile / "places.sqlite")
    database.execute("PRAGMA journal_mode = WAL")
    database.executescript(_PLACES)
    places = (
        (1, "https://bar.example/", "On the bar"), (2, "https://deep.example/x", "Deep"),
        (3, "https://other.example/", "Other"), (4, "https://frame.example/", "Frame"),
        (5, "https://look.example/?q=%s", "Look"), (6, "place:sort=8", "A query"),
    )  # fmt: skip
    database.executemany("INSERT INTO moz_places (id, url, title) VALUES (?, ?, ?)", places)
    database.executemany(
        "INSERT INTO moz_bookmarks (id, type, parent, position, title, guid)"
        " VALUES (?, 2, ?, 0, '', ?)",
        _ROOTS,
    )
    items = (
        (10, 1, 1, 3, 0, "On the bar"), (11, 2, None, 3, 1, "Folder"), (12, 1, 2, 11, 0, "Deep"),
        (13, 1, 3, 5, 0, "Other"), (14, 2, None, 4, 0, "animals"), (15, 1, 2, 14, 0, None),
        (16, 3, None, 3, 2, None), (17, 1, 6, 3, 3, "A query"),
    )  # fmt: skip
    database.executemany(
        "INSERT INTO moz_bookmarks (id, type, fk, parent, position, title, dateAdded, guid)"
        f" VALUES (?, ?, ?, ?, ?, ?, {NOW * 1_000_000}, 'x')",
        items,
    )
    visits = ((1, 0, 2), (1, 10, 1), (2, 20, 1), (4, 30, 4), (3, 40, 7))
    database.executemany(
        "INSERT INTO moz_historyvisits (place_id, visit_date, visit_type) VALUES (?, ?, ?)",
        [(place, (NOW - ago) * 1_000_000 + 123, kind) for place, ago, kind in visits],
    )
    database.execute("INSERT INTO moz_keywords (keyword, place_id) VALUES ('lk', 5)")
    database.commit()
    database.close()
    (profile / "search.json.mozlz4").write_bytes(_packed_engines())
    return profile


def chromium_files(profile: Path, *, databases: bool = True) -> None:
    """What Chromium and its kin write into a profile."""
    profile.mkdir(parents=True, exist_ok=True)
    page = {"date_added": str((NOW + 11_644_473_600) * 1_000_000), "type": "url"}
    inside = [{**page, "name": "In a folder", "url": "https://folder.example/"}]
    bar = [
        {**page, "name": "Bar", "url": "https://chromebar.example/"},
        {**page, "type": "folder", "name": "Folder", "children": inside},
        {**page, "name": "No page", "url": "javascript:alert(1)"},
    ]
    empty = {"children": [], "type": "folder"}
    roots = {"bookmark_bar": {"children": bar, "type": "folder"}, "other": empty, "synced": empty}
    (profile / "Bookmarks").write_text(json.dumps({"roots": roots, "version": 1}))
    if not databases:
        return
    history = sqlite3.connect(profile / "History")
    history.executescript(
        "CREATE TABLE urls (id INTEGER PRIMARY KEY AUTOINCREMENT, url LONGVARCHAR,"
        " title LONGVARCHAR, visit_count INTEGER DEFAULT 0 NOT NULL, typed_count INTEGER DEFAULT 0"
        " NOT NULL, last_visit_time INTEGER NOT NULL, hidden INTEGER DEFAULT 0 NOT NULL);"
        "CREATE TABLE visits (id INTEGER PRIMARY KEY AUTOINCREMENT, url INTEGER NOT NULL,"
        " visit_time INTEGER NOT NULL, from_visit INTEGER, transition INTEGER DEFAULT 0 NOT NULL)"
    )
    history.execute("INSERT INTO urls VALUES (1, 'https://visited.example/', 'V', 2, 1, 0, 0)")
    at = (NOW + 11_644_473_600) * 1_000_000
    end = 0x20000000
    history.executemany(
        "INSERT INTO visits (url, visit_time, transition) VALUES (1, ?, ?)",
        [(at, end | 1), (at - 60_000_000, end), (at - 120_000_000, 0), (at - 180_000_000, end | 3)],
    )
    history.commit()
    history.close()
    data = sqlite3.connect(profile / "Web Data")
    data.execute(
        "CREATE TABLE keywords (id INTEGER PRIMARY KEY, short_name VARCHAR NOT NULL,"
        " keyword VARCHAR NOT NULL, url VARCHAR NOT NULL, prepopulate_id INTEGER DEFAULT 0)"
    )
    data.executemany(
        "INSERT INTO keywords (short_name, keyword, url, prepopulate_id) VALUES (?, ?, ?, ?)",
        [
            ("Mine", "mine", "https://mine.example/?q={searchTerms}", 0),
            ("Theirs", "theirs", "https://theirs.example/?q={searchTerms}", 7),
        ],
    )
    data.commit()
    data.close()


def _packed_engines() -> bytes:
    engines = [
        {
            "_name": "Beetles", "_isAppProvided": False, "_metaData": {"alias": "bt"},
            "_urls": [
                {"params": [], "template": "https://s.example/", "type": "x-suggestions+json"},
                {"params": [{"name": "q", "value": "{searchTerms}"}],
                 "template": "https://beetles.example/find"},
            ],
        },
        {"id": "google", "_name": "Google", "_isAppProvided": True, "_metaData": {}, "_urls": []},
    ]  # fmt: skip
    text = json.dumps({"version": 9, "engines": engines}).encode()
    # One run of literals is a valid block: token and length, then the bytes as they are.
    more, extra = divmod(len(text) - 15, 255)
    block = b"\xf0" + b"\xff" * more + bytes([extra]) + text
    return b"mozLz40\0" + len(text).to_bytes(4, "little") + block

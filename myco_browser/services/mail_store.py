"""What is kept of one account on this computer: its folders, lists, and recent messages.

One file for each account, owned by the thread that works for it. Everything in it can be had from
the server again, so a broken file is set aside and begun anew.
"""

from __future__ import annotations

import array
import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from myco_browser.domain.mail import Folder, Person, Role, Summary
from myco_browser.services.database import Database, Report

_VERSION = 1
_SCHEMA = """
CREATE TABLE folder (
    path TEXT PRIMARY KEY, label TEXT NOT NULL, role TEXT NOT NULL, selectable INTEGER NOT NULL,
    unread INTEGER NOT NULL DEFAULT 0, total INTEGER NOT NULL DEFAULT 0, place INTEGER NOT NULL,
    uidvalidity INTEGER NOT NULL DEFAULT 0, modseq INTEGER NOT NULL DEFAULT 0, uids BLOB
) STRICT;
CREATE TABLE message (
    path TEXT NOT NULL, uid INTEGER NOT NULL, received INTEGER NOT NULL, flags TEXT NOT NULL,
    who TEXT NOT NULL, address TEXT NOT NULL, recipients TEXT NOT NULL, subject TEXT NOT NULL,
    size INTEGER NOT NULL, message_id TEXT NOT NULL, attached INTEGER NOT NULL,
    words TEXT NOT NULL DEFAULT '', source BLOB, PRIMARY KEY (path, uid)
) STRICT;
CREATE INDEX message_received ON message (received);
CREATE TABLE allowed (sender TEXT PRIMARY KEY) STRICT;
"""
_ROW = (
    "uid, received, flags, who, address, recipients, subject, size, message_id, attached, answers"
)
# What files of older versions lack.
_LATER = (
    ("message", "answers", "TEXT NOT NULL DEFAULT ''"),
    ("folder", "threads", "BLOB NOT NULL DEFAULT x''"),
)
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Standing:
    """How a folder stood when it was looked at last; `uids` ascending."""

    uidvalidity: int
    modseq: int
    uids: array.array[int]


class MailStore:
    """The cache of one account."""

    def __init__(self, path: Path, report: Report) -> None:
        self._database = Database(path, _SCHEMA, _VERSION, report)
        self._database.write(_complete)

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    # Folders

    def folders(self) -> tuple[Folder, ...]:
        """The folders, in their order."""

        def read(connection: sqlite3.Connection) -> tuple[Folder, ...]:
            rows = connection.execute(
                "SELECT path, label, role, selectable, unread, total FROM folder ORDER BY place"
            )
            return tuple(
                Folder(path, label, _role(role), bool(there), unread, total)
                for path, label, role, there, unread, total in rows
            )

        return self._database.read(read)

    def keep_folders(self, folders: Sequence[Folder]) -> None:
        """Takes over what the server lists; what is gone is forgotten."""

        def write(connection: sqlite3.Connection) -> None:
            known = {row[0] for row in connection.execute("SELECT path FROM folder")}
            for path in known - {folder.path for folder in folders}:
                connection.execute("DELETE FROM folder WHERE path = ?", (path,))
                connection.execute("DELETE FROM message WHERE path = ?", (path,))
            connection.executemany(
                "INSERT INTO folder (path, label, role, selectable, place) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (path) DO UPDATE SET label = excluded.label, role = excluded.role, "
                "selectable = excluded.selectable, place = excluded.place",
                [(f.path, f.label, f.role.name, int(f.selectable), number)
                 for number, f in enumerate(folders)],
            )  # fmt: skip

        self._database.write(write)

    def keep_counts(self, path: str, total: int, unread: int) -> None:
        """How many messages a folder has."""
        self._database.write(
            lambda connection: connection.execute(
                "UPDATE folder SET total = ?, unread = ? WHERE path = ?", (total, unread, path)
            )
        )

    def standing(self, path: str) -> Standing | None:
        """How a folder stood; None when it was never looked at."""

        def read(connection: sqlite3.Connection) -> Standing | None:
            row = connection.execute(
                "SELECT uidvalidity, modseq, uids FROM folder WHERE path = ?", (path,)
            ).fetchone()
            if row is None or row[2] is None:
                return None
            return Standing(row[0], row[1], array.array("I", row[2]))

        return self._database.read(read)

    def keep_standing(self, path: str, standing: Standing, gone: Iterable[int]) -> None:
        """How a folder stands now; messages in `gone` are forgotten."""
        lost = [(path, uid) for uid in gone]

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany("DELETE FROM message WHERE path = ? AND uid = ?", lost)
            # A folder may be opened before the folders were listed.
            role = Role.INBOX if path == "INBOX" else Role.OTHER
            connection.execute(
                "INSERT INTO folder (path, label, role, selectable, place, uidvalidity, modseq, "
                "uids) VALUES (?, ?, ?, 1, 0, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET "
                "uidvalidity = excluded.uidvalidity, modseq = excluded.modseq, "
                "uids = excluded.uids",
                (path, path, role.name, standing.uidvalidity, standing.modseq,
                 standing.uids.tobytes()),
            )  # fmt: skip

        self._database.write(write)

    def threads(self, path: str) -> bytes:
        """Which messages of a folder belong together, as it was kept."""

        def read(connection: sqlite3.Connection) -> bytes:
            query = "SELECT threads FROM folder WHERE path = ?"
            row = connection.execute(query, (path,)).fetchone()
            return bytes(row[0]) if row is not None else b""

        return self._database.read(read)

    def keep_threads(self, path: str, threads: bytes) -> None:
        """Keeps which messages of a folder belong together."""
        self._database.write(
            lambda connection: connection.execute(
                "UPDATE folder SET threads = ? WHERE path = ?", (threads, path)
            )
        )

    def links(self, path: str) -> list[tuple[int, str, tuple[str, ...]]]:
        """Of every message that is known: its number and name, and those that it answers."""
        return self._database.read(
            lambda connection: [
                (uid, name, tuple(answers.split()))
                for uid, name, answers in connection.execute(
                    "SELECT uid, message_id, answers FROM message WHERE path = ?", (path,)
                )
            ]
        )

    def empty_folder(self, path: str) -> None:
        """Forgets the messages of a folder: the server numbers them anew."""
        self._database.write(
            lambda connection: connection.execute("DELETE FROM message WHERE path = ?", (path,))
        )

    # Messages

    def summaries(self, path: str, uids: Sequence[int]) -> dict[int, Summary]:
        """Those that are known, by their number."""

        def read(connection: sqlite3.Connection) -> dict[int, Summary]:
            found: dict[int, Summary] = {}
            for start in range(0, len(uids), _CHUNK):
                part = list(uids[start : start + _CHUNK])
                marks = ",".join("?" * len(part))
                rows = connection.execute(
                    f"SELECT {_ROW} FROM message WHERE path = ? AND uid IN ({marks})",  # noqa: S608 - only question marks
                    (path, *part),
                )
                found.update({row[0]: _summary(row) for row in rows})
            return found

        return self._database.read(read)

    def keep_summaries(self, path: str, summaries: Sequence[Summary]) -> None:
        """Keeps what a list shows."""
        self._database.write(
            lambda connection: connection.executemany(
                f"INSERT INTO message (path, {_ROW}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?) "  # noqa: S608 - our own words
                "ON CONFLICT (path, uid) DO UPDATE SET flags = excluded.flags",
                [(path, *_row(one)) for one in summaries],
            )
        )

    def keep_flags(self, path: str, flags: dict[int, frozenset[str]]) -> None:
        """Changes flags of messages that are known."""
        rows = [(_flags_text(words), path, uid) for uid, words in flags.items()]
        self._database.write(
            lambda connection: connection.executemany(
                "UPDATE message SET flags = ? WHERE path = ? AND uid = ?", rows
            )
        )

    def source(self, path: str, uid: int) -> bytes | None:
        """A message that is kept whole."""

        def read(connection: sqlite3.Connection) -> bytes | None:
            row = connection.execute(
                "SELECT source FROM message WHERE path = ? AND uid = ?", (path, uid)
            ).fetchone()
            return None if row is None else row[0]

        return self._database.read(read)

    def keep_source(self, path: str, uid: int, source: bytes, words: str) -> None:
        """Keeps a message whole; `words` are for searching."""
        self._database.write(
            lambda connection: connection.execute(
                "UPDATE message SET source = ?, words = ? WHERE path = ? AND uid = ?",
                (source, words[:200_000], path, uid),
            )
        )

    def without_source(self, path: str, since: int, limit: int) -> list[int]:
        """Messages since then that are not kept whole yet and are not large; the newest first."""
        return self._database.read(
            lambda connection: [
                row[0]
                for row in connection.execute(
                    "SELECT uid FROM message WHERE path = ? AND received >= ? AND source IS NULL "
                    "AND size < 2000000 ORDER BY uid DESC LIMIT ?", (path, since, limit)
                )
            ]
        )  # fmt: skip

    def forget_sources(self, before: int) -> None:
        """Whole messages from before then are not kept any longer."""
        self._database.write(
            lambda connection: connection.execute(
                "UPDATE message SET source = NULL, words = '' "
                "WHERE received < ? AND source IS NOT NULL", (before,)
            )
        )  # fmt: skip

    def search(self, path: str, text: str) -> list[int]:
        """Messages with all these words in what is kept of them; the oldest first."""
        words = [f"%{_escaped(word)}%" for word in text.split()[:10]]
        one = (
            "(subject LIKE ? ESCAPE '!' OR who LIKE ? ESCAPE '!' OR address LIKE ? ESCAPE '!' "
            "OR words LIKE ? ESCAPE '!')"
        )
        where = " AND ".join([one] * len(words)) or "1"
        values = [value for word in words for value in (word,) * 4]
        return self._database.read(
            lambda connection: [
                row[0]
                for row in connection.execute(
                    f"SELECT uid FROM message WHERE path = ? AND {where} ORDER BY uid",  # noqa: S608 - our own words
                    (path, *values),
                )
            ]
        )

    def known_people(self, text: str, limit: int) -> list[Person]:
        """Who wrote lately and fits what was typed."""
        like = f"%{_escaped(text)}%"
        return self._database.read(
            lambda connection: [
                Person(who, address)
                for who, address in connection.execute(
                    "SELECT max(who), address FROM message WHERE address LIKE ? ESCAPE '!' "
                    "OR who LIKE ? ESCAPE '!' GROUP BY address ORDER BY max(received) DESC LIMIT ?",
                    (like, like, limit),
                )
            ]
        )

    # Who may show pictures

    def is_allowed(self, sender: str) -> bool:
        """Whether pictures of that sender are loaded."""
        return self._database.read(
            lambda connection: connection.execute(
                "SELECT 1 FROM allowed WHERE sender = ?", (sender.lower(),)
            ).fetchone() is not None
        )  # fmt: skip

    def allow(self, sender: str) -> None:
        """Pictures of that sender are loaded from now on."""
        self._database.write(
            lambda connection: connection.execute(
                "INSERT OR IGNORE INTO allowed VALUES (?)", (sender.lower(),)
            )
        )


def _complete(connection: sqlite3.Connection) -> None:
    for table, column, kind in _LATER:
        known = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        if column not in known:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")


def _row(one: Summary) -> tuple[object, ...]:
    people = json.dumps([[person.name, person.address] for person in one.to[:20]])
    return (
        one.uid, one.when, _flags_text(one.flags), _clean(one.sender.name),
        _clean(one.sender.address), people, _clean(one.subject), one.size, one.message_id,
        int(one.has_attachments), " ".join(one.references[-20:]),
    )  # fmt: skip


def _summary(row: tuple[int, int, str, str, str, str, str, int, str, int, str]) -> Summary:
    uid, when, flags, who, address, people, subject, size, message_id, attached, answers = row
    to = tuple(Person(name, mail) for name, mail in json.loads(people))
    words = frozenset(flags.split())
    sender = Person(who, address)
    return Summary(
        uid,
        words,
        when,
        sender,
        to,
        subject,
        size,
        message_id,
        bool(attached),
        tuple(answers.split()),
    )


def _clean(text: str) -> str:
    """Text that can be stored: single halves of letters cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _flags_text(flags: Iterable[str]) -> str:
    return " ".join(sorted(flags))


def _role(name: str) -> Role:
    return Role[name] if name in Role.__members__ else Role.OTHER


def _escaped(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")

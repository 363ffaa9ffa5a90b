"""Messages on their way out, and drafts on their way to the server, so that no crash loses one.

A message is marked before its last byte is sent. One that is found marked after a crash may have
been sent: it is never sent again by itself. Each thread that works with the file has an `Outbox`
of its own. What is to be done to messages is kept in the same file (`mail_acts`).
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from myco_browser.services.database import Database, Report
from myco_browser.services.mail_acts import Acts

_VERSION = 1
_SCHEMA = """
CREATE TABLE letter (
    id TEXT PRIMARY KEY, account TEXT NOT NULL, recipients TEXT NOT NULL, subject TEXT NOT NULL,
    message_id TEXT NOT NULL, raw BLOB NOT NULL, state TEXT NOT NULL, due REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, problem TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE draft (
    id TEXT PRIMARY KEY, account TEXT NOT NULL, message_id TEXT NOT NULL, raw BLOB NOT NULL
) STRICT;
"""
_ROW = "id, account, recipients, subject, message_id, state, due, tries, problem"


class OutState(Enum):
    """Where a message is on its way."""

    WAITING = "waiting"
    SENDING = "sending"
    """Handed to the server, whose answer is not known yet."""
    SENT = "sent"
    """The server took it; the copy among the sent ones is still to be made."""
    DOUBT = "doubt"
    """It may have been sent or not: only the user can know."""
    REFUSED = "refused"
    """The server said no."""


@dataclass(frozen=True, slots=True)
class OutLetter:
    """A message in the outbox; `due` in Unix seconds."""

    letter_id: str
    account_id: str
    recipients: tuple[str, ...]
    subject: str
    message_id: str
    state: OutState
    due: float
    tries: int
    problem: str


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A draft that the server does not have yet; without bytes, one that it is to forget."""

    draft_id: str
    account_id: str
    message_id: str
    raw: bytes


def acts_at(path: Path, report: Report) -> Acts:
    """The acts that are kept in the file of the outbox, for a thread that does them."""
    return Acts.at(path, _VERSION, _SCHEMA, report)


class Outbox:
    """The file of the outbox."""

    def __init__(self, path: Path, report: Report) -> None:
        self._database = Database(path, _SCHEMA, _VERSION, report)
        # A mark that a power failure takes back would send a message twice.
        self._database.read(lambda connection: connection.execute("PRAGMA synchronous = FULL"))
        self.acts = Acts(self._database)

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def all(self) -> tuple[OutLetter, ...]:
        """Everything, the first due first."""

        def read(connection: sqlite3.Connection) -> tuple[OutLetter, ...]:
            rows = connection.execute(f"SELECT {_ROW} FROM letter ORDER BY due, id")  # noqa: S608 - our own words
            return tuple(_letter(row) for row in rows)

        return self._database.read(read)

    def raw(self, letter_id: str) -> bytes:
        """The bytes of a message; empty when it is not there."""

        def read(connection: sqlite3.Connection) -> bytes:
            query = "SELECT raw FROM letter WHERE id = ?"
            row = connection.execute(query, (letter_id,)).fetchone()
            return bytes(row[0]) if row is not None else b""

        return self._database.read(read)

    def put(self, letter: OutLetter, raw: bytes) -> None:
        """Adds a message."""
        row = (
            letter.letter_id, letter.account_id, json.dumps(letter.recipients), letter.subject,
            letter.message_id, raw, letter.state.value, letter.due,
        )  # fmt: skip
        self._write(
            "INSERT INTO letter (id, account, recipients, subject, message_id, raw, state, due) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row,
        )  # fmt: skip

    def mark(self, letter_id: str, state: OutState, due: float, problem: str = "") -> None:
        """Where it is now; counts as a try when it waits again."""
        again = int(state is OutState.WAITING)
        self._write(
            "UPDATE letter SET state = ?, due = ?, problem = ?, tries = tries + ? WHERE id = ?",
            (state.value, due, problem[:500], again, letter_id),
        )

    def claim(self, letter_id: str) -> bool:
        """Marks a waiting message as being sent; False when it does not wait any more."""

        def write(connection: sqlite3.Connection) -> bool:
            query = "UPDATE letter SET state = 'sending' WHERE id = ? AND state = 'waiting'"
            return connection.execute(query, (letter_id,)).rowcount > 0

        return self._database.write(write)

    def release(self, letter_id: str) -> None:
        """The user wants it sent now; what is being sent, or was, is left alone."""
        self._write(
            "UPDATE letter SET state = 'waiting', due = 0, problem = '' "
            "WHERE id = ? AND state IN ('waiting', 'doubt', 'refused')", (letter_id,),
        )  # fmt: skip

    def hurry(self) -> None:
        """What waits for another attempt is tried at once: something has changed."""
        self._write("UPDATE letter SET due = 0 WHERE state = 'waiting' AND tries > 0", ())

    def remove(self, letter_id: str) -> bool:
        """Takes a message out, unless it is being sent; whether it was there."""

        def write(connection: sqlite3.Connection) -> bool:
            query = "DELETE FROM letter WHERE id = ? AND state != 'sending'"
            return connection.execute(query, (letter_id,)).rowcount > 0

        return self._database.write(write)

    def to_draft(self, letter_id: str, draft: KeptDraft) -> bool:
        """Takes a message out and keeps it as a draft instead, both or neither.

        False when it is being sent, or was: then nothing happens.
        """

        def write(connection: sqlite3.Connection) -> bool:
            query = "DELETE FROM letter WHERE id = ? AND state NOT IN ('sending', 'sent')"
            if not connection.execute(query, (letter_id,)).rowcount:
                return False
            row = (draft.draft_id, draft.account_id, draft.message_id, draft.raw)
            connection.execute("INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?)", row)
            return True

        return self._database.write(write)

    # Drafts

    def drafts(self) -> tuple[KeptDraft, ...]:
        """Drafts that the server does not have yet."""
        return self._database.read(
            lambda connection: tuple(
                KeptDraft(*row)
                for row in connection.execute("SELECT id, account, message_id, raw FROM draft")
            )
        )

    def keep_draft(self, draft: KeptDraft) -> None:
        """Keeps a draft in place of what it was before."""
        row = (draft.draft_id, draft.account_id, draft.message_id, draft.raw)
        self._write("INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?)", row)

    def forget_draft(self, draft_id: str, raw: bytes | None = None) -> None:
        """The server has it; `raw`: only if it is still this one."""
        if raw is None:
            self._write("DELETE FROM draft WHERE id = ?", (draft_id,))
        else:
            self._write("DELETE FROM draft WHERE id = ? AND raw = ?", (draft_id, raw))

    def _write(self, query: str, values: tuple[object, ...]) -> None:
        self._database.write(lambda connection: connection.execute(query, values))


def _letter(row: tuple[str, str, str, str, str, str, float, int, str]) -> OutLetter:
    letter_id, account, recipients, subject, message_id, state, due, tries, problem = row
    return OutLetter(
        letter_id, account, tuple(json.loads(recipients)), subject, message_id, OutState(state),
        due, tries, problem,
    )  # fmt: skip

"""What is kept of one account's contacts on this computer. The server has all of it, so a broken
file is set aside and begun anew. Owned by the thread that works for the account.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from myco_browser.contacts.carddav import Stored
from myco_browser.contacts.vcard import CardError, fields_of, parse_card
from myco_browser.domain.contacts import Book, Contact
from myco_browser.services.database import Database, Report

_VERSION = 1
_SCHEMA = """
CREATE TABLE book (
    href TEXT PRIMARY KEY, name TEXT NOT NULL, token TEXT NOT NULL, state TEXT NOT NULL,
    writable INTEGER NOT NULL
) STRICT;
CREATE TABLE card (
    href TEXT PRIMARY KEY, book TEXT NOT NULL REFERENCES book (href) ON DELETE CASCADE,
    etag TEXT NOT NULL, uid TEXT NOT NULL, source TEXT NOT NULL
) STRICT;
CREATE INDEX card_book ON card (book);
"""


class ContactsStore:
    """The cache of one account."""

    def __init__(self, path: Path, report: Report) -> None:
        self._database = Database(path, _SCHEMA, _VERSION, report)

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def books(self) -> tuple[Book, ...]:
        """The books as they were known last, with how far each was followed."""

        def read(connection: sqlite3.Connection) -> tuple[Book, ...]:
            rows = connection.execute(
                "SELECT href, name, token, state, writable FROM book ORDER BY name, href"
            )
            return tuple(
                Book(href, name, token, state, bool(may)) for href, name, token, state, may in rows
            )

        return self._database.read(read)

    def keep_books(self, books: Sequence[Book]) -> None:
        """These are there now; what was followed of others goes. Tokens stay as they are."""

        def write(connection: sqlite3.Connection) -> None:
            known = [row[0] for row in connection.execute("SELECT href FROM book")]
            gone = [(href,) for href in known if href not in {one.href for one in books}]
            connection.executemany("DELETE FROM book WHERE href = ?", gone)
            connection.executemany(
                "INSERT INTO book VALUES (?, ?, '', '', ?) ON CONFLICT (href) DO UPDATE"
                " SET name = excluded.name, writable = excluded.writable",
                [(one.href, one.name, one.may_write) for one in books],
            )

        self._database.write(write)

    def note_followed(self, href: str, token: str, state: str) -> None:
        """How far a book is followed now."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE book SET token = ?, state = ? WHERE href = ?", (token, state, href)
            )

        self._database.write(write)

    def etags(self, book: str) -> dict[str, str]:
        """The etags of a book's cards, by path."""

        def read(connection: sqlite3.Connection) -> dict[str, str]:
            found = connection.execute("SELECT href, etag FROM card WHERE book = ?", (book,))
            return dict(found.fetchall())

        return self._database.read(read)

    def put(self, book: str, cards: Sequence[Stored]) -> None:
        """Keeps cards; what is no card is kept too, so that it is not asked for again."""
        rows = [(one.href, book, one.etag, _uid(one.text), one.text) for one in cards]

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany("INSERT OR REPLACE INTO card VALUES (?, ?, ?, ?, ?)", rows)

        self._database.write(write)

    def forget(self, hrefs: Iterable[str]) -> None:
        """These are gone from the server."""
        rows = [(href,) for href in hrefs]

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany("DELETE FROM card WHERE href = ?", rows)

        self._database.write(write)

    def source(self, href: str) -> str:
        """A card's text; "" when it is not there."""

        def read(connection: sqlite3.Connection) -> str:
            row = connection.execute("SELECT source FROM card WHERE href = ?", (href,)).fetchone()
            return str(row[0]) if row is not None else ""

        return self._database.read(read)

    def sources(self) -> list[str]:
        """The text of every card."""
        return self._database.read(
            lambda connection: [
                str(row[0]) for row in connection.execute("SELECT source FROM card ORDER BY href")
            ]
        )

    def uids(self) -> frozenset[str]:
        """What the cards call themselves."""
        return self._database.read(
            lambda connection: frozenset(
                str(row[0]) for row in connection.execute("SELECT uid FROM card WHERE uid <> ''")
            )
        )

    def contacts(self, account_id: str) -> tuple[Contact, ...]:
        """Everybody, in no order; groups and what is no card are left out."""

        def read(connection: sqlite3.Connection) -> list[tuple[str, str, str, str]]:
            return connection.execute("SELECT book, href, etag, source FROM card").fetchall()

        found: list[Contact] = []
        for book, href, etag, source in self._database.read(read):
            try:
                card = parse_card(source)
            except CardError:
                continue
            if not card.is_group:
                found.append(Contact(account_id, book, href, etag, fields_of(card)))
        return tuple(found)


def _uid(text: str) -> str:
    try:
        return parse_card(text).uid
    except CardError:
        return ""

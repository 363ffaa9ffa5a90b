"""What can be done with one account's contacts: following the server, changing, bringing in."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from myco_browser.contacts.carddav import AT_ONCE, CardDav, Stored
from myco_browser.contacts.vcard import (
    Card,
    CardError,
    fields_of,
    modern,
    new_card,
    parse_card,
    parse_cards,
    with_fields,
    with_uid,
)
from myco_browser.domain.contacts import Book, Contact, Fields
from myco_browser.domain.files import FilesCause
from myco_browser.files.errors import FilesError
from myco_browser.services.contacts_store import ContactsStore

MAX_FILE = 32 << 20
"""Longest file of cards that is brought in, in bytes."""
_MOST_BROUGHT = 20_000


class Desk(NamedTuple):
    """What work is given; it belongs to the thread that works."""

    dav: CardDav
    store: ContactsStore


class Kept(NamedTuple):
    """It is on the server now."""

    href: str


class Conflict(NamedTuple):
    """Somebody changed it meanwhile; `theirs` is how it is now, None when it is gone."""

    theirs: Fields | None


class Brought(NamedTuple):
    """What became of the cards of a file."""

    added: int
    known: int
    """There already, by the name that a card has of its own."""
    refused: int


def new_uid() -> str:
    """A name for a card that tells nothing about it."""
    return str(uuid.uuid4())


def follow(desk: Desk) -> None:
    """Brings what is kept up to date. Raises FilesError."""
    books = desk.dav.books()
    known = {one.href: one for one in desk.store.books()}
    desk.store.keep_books(books)
    for book in books:
        before = known.get(book.href)
        if before is None or not book.state or before.state != book.state:
            _follow_book(desk, book, before.token if before is not None else "")


def _follow_book(desk: Desk, book: Book, token: str) -> None:
    changes = desk.dav.changes(book, token)
    here = desk.store.etags(book.href)
    wanted = [href for href, etag in changes.etags.items() if not etag or here.get(href) != etag]
    for batch in _batches(desk.dav.cards(book, wanted)):
        desk.store.put(book.href, batch)
    gone = set(changes.gone)
    if changes.is_whole:
        gone |= here.keys() - changes.etags.keys()
    desk.store.forget(gone)
    # Last: what broke off before is asked for again.
    desk.store.note_followed(book.href, changes.token, book.state)


def add(desk: Desk, book: Book, fields: Fields, uid: str) -> Kept:
    """Puts somebody new into a book; the same `uid` again is no second one. Raises FilesError."""
    return _add_card(desk, book, new_card(fields, uid), uid)


def change(desk: Desk, contact: Contact, fields: Fields) -> Kept | Conflict:
    """Changes a card, unless somebody else did meanwhile. Raises FilesError."""
    book = _book(desk, contact)
    try:
        text = with_fields(parse_card(desk.store.source(contact.href)), fields).text()
    except CardError as error:
        raise FilesError(FilesCause.GONE, str(error)) from error
    try:
        desk.dav.write(contact.href, text, contact.etag or "*")
    except FilesError as error:
        if error.cause not in (FilesCause.CHANGED, FilesCause.GONE):
            raise
        return _conflict(desk, book, contact)
    _look_again(desk, book, contact.href)
    return Kept(contact.href)


def remove(desk: Desk, contact: Contact) -> None:
    """Deletes a card if it is still as it was known. Raises FilesError."""
    try:
        desk.dav.delete(contact.href, contact.etag)
    except FilesError as error:
        if error.cause is FilesCause.CHANGED:
            _look_again(desk, _book(desk, contact), contact.href)
        if error.cause is not FilesCause.GONE:
            raise
    desk.store.forget([contact.href])


def bring(desk: Desk, book: Book, text: str) -> Brought:
    """Puts a file's cards into a book. Raises FilesError, CardError: what came before stays."""
    known = set(desk.store.uids())
    added = there = refused = 0
    for card in parse_cards(text):
        if added + there + refused >= _MOST_BROUGHT:
            raise CardError("too many cards")
        uid = card.uid or new_uid()
        if uid in known:
            there += 1
            continue
        known.add(uid)
        try:
            _add_card(desk, book, _made_whole(card, uid), new_uid())
        except FilesError as error:
            if error.cause in (FilesCause.UNREACHABLE, FilesCause.INTERRUPTED, FilesCause.REFUSED):
                raise
            refused += 1
        else:
            added += 1
    return Brought(added, there, refused)


def _made_whole(card: Card, uid: str) -> Card:
    """With all that a card has to have (RFC 2426, 5), in a version that servers take."""
    card = with_uid(modern(card), uid)
    return with_fields(card, fields_of(card))


def _add_card(desk: Desk, book: Book, card: Card, name: str) -> Kept:
    href = f"{book.href}{name}.vcf"
    try:
        desk.dav.write(href, card.text(), "")
    except FilesError as error:
        if error.cause is not FilesCause.TAKEN:
            raise
        # The answer to a first try was lost: then it is this very card.
        there = desk.dav.read(book, href)
        if there is None or _uid(there.text) != card.uid:
            raise
    _look_again(desk, book, href)
    return Kept(href)


def _look_again(desk: Desk, book: Book, href: str) -> Stored | None:
    """Keeps a card as the server has it now: servers change what they are given."""
    there = desk.dav.read(book, href)
    if there is None:
        desk.store.forget([href])
    else:
        desk.store.put(book.href, [there])
    return there


def _conflict(desk: Desk, book: Book, contact: Contact) -> Conflict:
    there = _look_again(desk, book, contact.href)
    try:
        return Conflict(fields_of(parse_card(there.text)) if there is not None else None)
    except CardError:
        return Conflict(None)


def _book(desk: Desk, contact: Contact) -> Book:
    known = {one.href: one for one in desk.store.books()}
    return known.get(contact.book, Book(contact.book, ""))


def _uid(text: str) -> str:
    try:
        return parse_card(text).uid
    except CardError:
        return ""


def _batches(cards: Iterator[Stored]) -> Iterator[Sequence[Stored]]:
    batch: list[Stored] = []
    for card in cards:
        batch.append(card)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch

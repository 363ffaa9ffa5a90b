"""Contacts on a real server (Radicale), judged there; and on one that counts no changes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.card_server import CardServer, card_server
from support.dav_servers import CREDENTIALS, USER, direct_way
from support.radicale_server import Radicale, card, radicale

from myco_browser.contacts.carddav import CardDav
from myco_browser.contacts.vcard import parse_card
from myco_browser.domain.contacts import Book, Contact, Reach
from myco_browser.domain.files import FilesCause
from myco_browser.files.errors import FilesError
from myco_browser.files.http import Credentials
from myco_browser.services.contacts_setup import ElsewhereError, look_up
from myco_browser.services.contacts_store import ContactsStore
from myco_browser.services.contacts_work import (
    Brought,
    Conflict,
    Desk,
    Kept,
    add,
    bring,
    change,
    follow,
    new_uid,
    remove,
)


@pytest.fixture(scope="module")
def server() -> Iterator[Radicale]:
    """One server for the module; each test has a book of its own."""
    with radicale() as running:
        yield running


@pytest.fixture
def plain() -> Iterator[CardServer]:
    with card_server() as running:
        yield running


MakeDesk = Callable[[Radicale | CardServer], Desk]


@pytest.fixture
def open_desk(tmp_path: Path) -> Iterator[MakeDesk]:
    """Makes desks, and closes them."""
    with contextlib.ExitStack() as stack:

        def make(server: Radicale | CardServer) -> Desk:
            desk = _desk(server, tmp_path)
            stack.callback(desk.store.close)
            stack.callback(desk.dav.close)
            return desk

        yield make


def _desk(server: Radicale | CardServer, path: Path) -> Desk:
    found = look_up(direct_way(), server.address.url, CREDENTIALS, lambda _name: ())
    store = ContactsStore(path / "contacts.sqlite", lambda what: pytest.fail(str(what)))
    return Desk(CardDav(direct_way(), found.home, CREDENTIALS), store)


def _book(desk: Desk, path: str) -> Book:
    return next(one for one in desk.store.books() if one.href == path)


def _contact(desk: Desk, name: str) -> Contact:
    return next(one for one in desk.store.contacts("a") if one.fields.name == name)


def _names(desk: Desk, book: str) -> list[str]:
    return sorted(one.fields.name for one in desk.store.contacts("a") if one.book == book)


def test_the_books_are_found_from_the_servers_name_alone(server: Radicale) -> None:
    path = server.make_book("found")
    found = look_up(direct_way(), server.address.url, CREDENTIALS, lambda _name: ())
    assert found.home.rest == f"/{USER}/"
    assert path in [one.href for one in found.books]
    with pytest.raises(FilesError) as refused:
        look_up(direct_way(), server.address.url, Credentials(USER, "no"), lambda _name: ())
    assert refused.value.cause is FilesCause.REFUSED


def test_a_book_is_followed(server: Radicale, open_desk: MakeDesk) -> None:
    path = server.make_book("followed")
    for number in range(120):
        server.put(f"{path}{number}.vcf", card(number))
    desk = open_desk(server)
    follow(desk)
    assert len(_names(desk, path)) == 120
    server.put(f"{path}3.vcf", card(3, "Somebody Else"))
    server.ask("DELETE", f"{path}4.vcf")
    server.put(f"{path}new.vcf", card(500, "Someone New"))
    follow(desk)
    names = _names(desk, path)
    assert len(names) == 120
    assert {"Somebody Else", "Someone New"} <= set(names)
    assert "Person 4" not in names
    # A token that the server does not know any more: everything is compared anew.
    server.ask("DELETE", f"{path}5.vcf")
    desk.store.note_followed(path, "http://radicale.org/ns/sync/" + "0" * 64, "old")
    follow(desk)
    assert "Person 5" not in _names(desk, path)
    assert len(_names(desk, path)) == 119
    server.ask("DELETE", path)
    follow(desk)
    assert _names(desk, path) == []


def test_a_change_keeps_what_nobody_knows(server: Radicale, open_desk: MakeDesk) -> None:
    path = server.make_book("changed")
    more = (
        "item1.TEL;TYPE=pref;TYPE=CELL:+33 1\r\nitem1.X-ABLABEL:Boat\r\nX-SHOE;A=b:42\r\n"
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ\r\nCATEGORIES:one,two\r\n"
    )
    server.put(f"{path}1.vcf", card(1, "Ada", more))
    desk = open_desk(server)
    follow(desk)
    ada = _contact(desk, "Ada")
    wanted = ada.fields._replace(
        given="Ada", family="Lovelace", note="one\ntwo; three", birthday="1815-12-10",
        emails=(*ada.fields.emails, Reach("work", "ada@work.test")),
    )  # fmt: skip
    assert change(desk, ada, wanted) == Kept(ada.href)
    there = parse_card(server.get(ada.href))
    assert {one.name for one in there.lines} >= {"X-SHOE", "PHOTO", "CATEGORIES", "X-ABLABEL"}
    assert there.first("PHOTO") == parse_card(card(1, "", more)).first("PHOTO")
    kept = _contact(desk, "Ada Lovelace")
    assert kept.fields == wanted._replace(shown="Ada Lovelace")
    remove(desk, kept)
    assert server.get(ada.href) == ""
    assert _names(desk, path) == []


def test_what_changed_meanwhile_is_not_written_over(server: Radicale, open_desk: MakeDesk) -> None:
    path = server.make_book("conflict")
    server.put(f"{path}1.vcf", card(1, "Bob"))
    desk = open_desk(server)
    follow(desk)
    mine = _contact(desk, "Bob")
    server.put(mine.href, card(1, "Bob of theirs"))
    conflict = change(desk, mine, mine.fields._replace(note="mine"))
    assert isinstance(conflict, Conflict)
    assert conflict.theirs is not None
    assert conflict.theirs.name == "Bob of theirs"
    assert "mine" not in server.get(mine.href)
    # Deleting what was known before is refused as well; then it is known anew.
    server.put(mine.href, card(1, "Bob once more"))
    with pytest.raises(FilesError) as error:
        remove(desk, mine)
    assert error.value.cause is FilesCause.CHANGED
    assert "once more" in server.get(mine.href)
    # Both are kept: mine as somebody new.
    uid = new_uid()
    book = _book(desk, path)
    kept = add(desk, book, mine.fields._replace(note="mine"), uid)
    assert add(desk, book, mine.fields._replace(note="mine"), uid) == kept
    assert _names(desk, path) == ["Bob", "Bob once more"]
    # What is gone is told as gone.
    known = _contact(desk, "Bob once more")
    server.ask("DELETE", known.href)
    assert change(desk, known, known.fields._replace(note="x")) == Conflict(None)


def test_a_file_of_cards_is_brought_in_once(server: Radicale, open_desk: MakeDesk) -> None:
    path = server.make_book("brought")
    desk = open_desk(server)
    follow(desk)
    old = (
        "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=\n=C3=B6rg"
        "\nTEL;CELL:+49 1\nEND:VCARD\n"
    )
    new = "BEGIN:VCARD\nVERSION:4.0\nFN:Zoë\nUID:urn:uuid:4\nTEL;VALUE=uri:tel:+32-2\nEND:VCARD\n"
    text = card(700, "Card of three") + old + new
    assert bring(desk, _book(desk, path), text) == Brought(3, 0, 0)
    assert _names(desk, path) == ["Card of three", "Jörg Müller", "Zoë"]
    assert _contact(desk, "Jörg Müller").fields.phones == (Reach("mobile", "+49 1"),)
    assert _contact(desk, "Zoë").fields.phones == (Reach("", "+32-2"),)
    assert bring(desk, _book(desk, path), card(700) + new) == Brought(0, 2, 0)
    assert len(server.ask("PROPFIND", path, "", {"Depth": "1"})[1].split(".vcf</")) - 1 == 3


def test_a_server_that_counts_no_changes_is_asked_for_little(
    plain: CardServer, open_desk: MakeDesk
) -> None:
    plain.cards = {f"/me/book/{n}.vcf": card(n) for n in range(120)}
    desk = open_desk(plain)
    follow(desk)
    assert len(_names(desk, "/me/book/")) == 120
    assert [one for one in plain.asked if one.startswith("REPORT")] == [
        "REPORT 50", "REPORT 50", "REPORT 20",
    ]  # fmt: skip
    plain.asked.clear()
    follow(desk)
    assert plain.asked == ["PROPFIND"]
    plain.cards["/me/book/7.vcf"] = card(7, "Seven")
    del plain.cards["/me/book/8.vcf"]
    plain.state = 2
    plain.asked.clear()
    follow(desk)
    assert plain.asked == ["PROPFIND", "PROPFIND", "REPORT 1"]
    names = _names(desk, "/me/book/")
    assert "Seven" in names
    assert len(names) == 119
    # The credentials go nowhere before it is known where the contacts are.
    assert plain.credentials[0] == ""


@pytest.mark.parametrize(
    ("trick", "cause"),
    [
        ("bomb", FilesCause.BROKEN),
        ("page", FilesCause.BROKEN),
        ("empty", FilesCause.BROKEN),
        ("deep", FilesCause.BROKEN),
        ("long", FilesCause.BROKEN),
        ("endless", FilesCause.BROKEN),
        ("circles", FilesCause.BROKEN),
        ("elsewhere", FilesCause.BROKEN),
        ("refused", FilesCause.REFUSED),
    ],
)
def test_a_hostile_server_gets_a_clear_word(
    plain: CardServer, trick: str, cause: FilesCause
) -> None:
    plain.broken = trick
    with pytest.raises(FilesError) as error:
        look_up(direct_way(), plain.address.url, CREDENTIALS, lambda _name: ())
    assert error.value.cause is cause


def test_a_name_server_that_leads_elsewhere_is_not_followed() -> None:
    asked: list[str] = []

    def locate(name: str) -> tuple[tuple[str, int], ...]:
        asked.append(name)
        return (("dav.elsewhere.test", 8443),)

    def dial(host: str, _port: int) -> object:
        asked.append(host)
        raise OSError("nobody there")

    way = direct_way()._replace(dial=dial)  # type: ignore[arg-type]
    with pytest.raises(ElsewhereError) as error:
        look_up(way, "alice@coop.test", CREDENTIALS, locate)
    assert error.value.address == "https://dav.elsewhere.test:8443/"
    assert asked == ["coop.test", "_carddavs._tcp.coop.test"]

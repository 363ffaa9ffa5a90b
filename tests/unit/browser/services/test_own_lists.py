"""Lists added by address, and what is told of each list."""

from __future__ import annotations

from pathlib import Path

import pytest

from myco_browser.domain.settings import LIST_CHOICES
from myco_browser.domain.settings_snapshot import Change, Settings, apply_changes
from myco_browser.services.filter_lists import ListPlaces, enabled_ids
from myco_browser.services.list_rows import rows_of
from myco_browser.services.own_lists import ADDED_FILE, MAX_ADDED, AddProblem, OwnLists
from myco_filters.lists.catalogue import CATALOGUE, ListKind, Subscription
from myco_filters.lists.check import Accepted, RefusedCause, check
from myco_filters.lists.check import Refused as RefusedList
from myco_filters.lists.store import ListStore, Metadata

_URL = "https://lists.example/mine.txt"


def _own(folder: Path, *, writable: bool = True) -> OwnLists:
    return OwnLists(folder / ADDED_FILE, writable=writable)


def _added(own: OwnLists, url: str = _URL) -> Subscription:
    found = own.check(url)
    assert isinstance(found, Subscription)
    assert own.add(found) is None
    return found


def test_a_list_stays_until_it_is_removed(tmp_path: Path) -> None:
    own = _own(tmp_path)
    made = _added(own, "https://LISTS.example/mine.txt#part")
    assert made.urls == (_URL,)
    assert made.kind is ListKind.OWN
    again = _own(tmp_path)
    assert again.all == (made,)
    assert again.check(_URL) is AddProblem.KNOWN
    assert again.remove(made.id) is None
    assert _own(tmp_path).all == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", AddProblem.NO_ADDRESS),
        ("ftp://lists.example/x", AddProblem.NO_ADDRESS),
        ("https://me:secret@lists.example/", AddProblem.NO_ADDRESS),
        ("http://lists.example/x.txt", AddProblem.NOT_HTTPS),
        (CATALOGUE[0].urls[0], AddProblem.KNOWN),
    ],
)
def test_addresses_that_are_not_taken(tmp_path: Path, text: str, problem: AddProblem) -> None:
    assert _own(tmp_path).check(text) is problem


def test_a_server_of_this_machine_needs_no_encryption(tmp_path: Path) -> None:
    assert isinstance(_own(tmp_path).check("http://127.0.0.1:8000/x.txt"), Subscription)


def test_ids_are_never_those_of_trusted_lists(tmp_path: Path) -> None:
    own = _own(tmp_path)
    for url in ("https://ublock-filters/", "https://base-ads.example/", "https://user-own/"):
        found = own.check(url)
        assert isinstance(found, Subscription)
        assert found.id.startswith("added-")
        assert ListStore(tmp_path).path(found.id).parent == tmp_path  # a plain name


def test_private_sessions_and_full_tables_take_none(tmp_path: Path) -> None:
    _added(_own(tmp_path))
    private = _own(tmp_path, writable=False)
    assert len(private.all) == 1
    assert private.check("https://other.example/") is AddProblem.NOT_HERE
    assert private.remove(private.all[0].id) is AddProblem.NOT_HERE
    own = _own(tmp_path)
    for number in range(1, MAX_ADDED):
        _added(own, f"https://l{number}.example/")
    assert own.check("https://more.example/") is AddProblem.TOO_MANY


@pytest.mark.parametrize("content", [b"{}", b"[", b"\xff", b'["http://public.example/", 3]'])
def test_a_damaged_table_is_empty(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ADDED_FILE).write_bytes(content)
    assert _own(tmp_path).all == ()


def test_a_disk_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    own = OwnLists(tmp_path / "file" / ADDED_FILE, writable=False)
    own.writable = True
    found = own.check(_URL)
    assert isinstance(found, Subscription)
    assert own.add(found) is AddProblem.NOT_SAVED
    assert own.all == ()


def test_added_lists_are_on_and_can_be_switched_off(tmp_path: Path) -> None:
    made = _added(_own(tmp_path))
    places = ListPlaces(tmp_path / "lists", tmp_path / "c", added=tmp_path / ADDED_FILE)
    assert made.id in enabled_ids(Settings(), "en", places.subscriptions())
    off = apply_changes(Settings(), [Change(LIST_CHOICES, ((made.id, False),))])
    assert isinstance(off, Settings)
    assert made.id not in enabled_ids(off, "en", places.subscriptions())


def test_rows_say_what_is_on_disk(tmp_path: Path) -> None:
    store = ListStore(tmp_path)
    own = _added(_own(tmp_path))
    accepted = check(b"! Title: Mine\n||a.test^\n||b.test^\n")
    assert isinstance(accepted, Accepted)
    store.put(own.id, accepted, Metadata(fetched_at=5.0))
    store.note("easylist", Metadata(failures=1, failure="the server took too long"))
    rows = rows_of((*CATALOGUE, own), store, Settings(), "en", frozenset({"fr"}))
    by_id = {row.subscription.id: row for row in rows}
    mine = by_id[own.id]
    assert (mine.title, mine.on, mine.count, mine.size, mine.fetched_at) == ("Mine", True, 2, 34, 5)
    assert by_id["easylist"].failure == "the server took too long"
    assert by_id["liste-fr"].suggested
    assert not by_id["liste-fr"].on
    assert not by_id["easylist-de"].suggested


def test_a_text_of_words_is_no_list() -> None:
    prose = "This is a readme file of some project.\nIt has words and spaces in every line.\n" * 9
    refused = check(prose.encode())
    assert isinstance(refused, RefusedList)
    assert refused.cause is RefusedCause.PROSE
    for good in (
        "||a.test^",
        "0.0.0.0 ads.test # an ad server\n" * 9,
        "example.test##a b c d e\n" * 9,
    ):
        assert isinstance(check(good.encode()), Accepted)

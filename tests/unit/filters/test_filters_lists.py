from __future__ import annotations

import asyncio
import base64
import hashlib
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myco_filters.engine import Engine
from myco_filters.lists import seed
from myco_filters.lists.catalogue import CATALOGUE, Subscription, by_id, default_ids
from myco_filters.lists.check import (
    DAY,
    Accepted,
    Refused,
    RefusedCause,
    check,
    expires_after,
    has_right_checksum,
)
from myco_filters.lists.collection import base_lists, collect
from myco_filters.lists.store import ListStore, Metadata
from myco_filters.lists.updates import (
    FIRST_WAIT,
    LONGEST_WAIT,
    Failed,
    Fetched,
    Kept,
    NotModified,
    Outcome,
    Unchanged,
    Updated,
    UpdateSettings,
    due,
    due_at,
    update,
)
from myco_filters.request import Kind, Request
from myco_filters.syntax.lists import parse_list
from myco_filters.verdict import Block

NOW = 1_800_000_000.0
GOOD = b"! Title: Good\n! Expires: 2 days\n||ads.test^\n||more.test^\n"


def easylist() -> Subscription:
    found = by_id("easylist")
    assert found is not None
    return found


# --- catalogue and base lists


def test_the_catalogue_is_sound() -> None:
    assert len({one.id for one in CATALOGUE}) == len(CATALOGUE)
    for one in CATALOGUE:
        assert one.urls
        assert one.title
        assert one.licence
        assert all(urlsplit(url).scheme == "https" for url in one.urls)


def test_defaults_follow_the_language() -> None:
    assert "liste-fr" in default_ids({"fr_CA"})
    assert "liste-fr" not in default_ids({"en-GB"})
    for languages in ({"fr"}, {"en"}, set[str]()):
        chosen = default_ids(languages)
        assert {"easylist", "easyprivacy", "urlhaus"} <= set(chosen)
        assert "easylist-cookies" not in chosen, "cookie banners are opt-in"


def test_our_base_lists_are_whole() -> None:
    total = 0
    for one in base_lists():
        parsed = parse_list(one.text)
        assert not parsed.unsupported
        assert not parsed.network, "hosts only: they need no object each"
        total += parsed.kept
    assert total > 400
    engine = Engine.compile(base_lists())
    request = Request.make("https://www.google-analytics.com/x.js", "https://a.test/", Kind.SCRIPT)
    verdict = engine.match(request)
    assert isinstance(verdict, Block)
    assert verdict.filter.list_title.startswith("Myco base")


# --- checks


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"x" * 101, RefusedCause.TOO_LARGE),
        (b"||ads.test^\n\xff\xfe", RefusedCause.NOT_TEXT),
        (b"||ads.test^\n\x00", RefusedCause.NOT_TEXT),
        (b"\n <!DOCTYPE html><title>404", RefusedCause.HTML),
        (b"<html>", RefusedCause.HTML),
        (b"! Title: Only a header\n\n", RefusedCause.NO_FILTERS),
        (b"", RefusedCause.NO_FILTERS),
        (b"! Checksum: AAAAAAAAAAAAAAAAAAAAAA\n||ads.test^\n", RefusedCause.CHECKSUM),
    ],
)
def test_bad_downloads_are_refused(body: bytes, cause: RefusedCause) -> None:
    assert check(body, size_limit=100) == Refused(cause)


def test_a_list_may_not_shrink_to_a_tenth() -> None:
    assert check(GOOD, previous_count=21) == Refused(RefusedCause.SHRUNK)
    assert isinstance(check(GOOD, previous_count=20), Accepted)


def test_a_good_download() -> None:
    found = check(b"\xef\xbb\xbf" + GOOD)
    assert found == Accepted(GOOD.decode(), "Good", 2 * DAY, 2)


def test_checksums() -> None:
    digest = hashlib.md5(b"! Title: x\n||ads.test^\n").digest()
    line = "! Checksum: " + base64.b64encode(digest).decode().rstrip("=")
    assert has_right_checksum(f"! Title: x\r\n{line}\r\n\r\n||ads.test^\r\n")
    assert not has_right_checksum(f"! Title: x\n{line}\n||adz.test^\n")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("! Expires: 6 days (update frequency)", 6 * DAY),
        ("! Expires: 12 hours", DAY // 2),
        ("! Expires: 1 hour", DAY // 4),
        ("! Expires: 999 days", 14 * DAY),
        ("! nothing", 4 * DAY),
    ],
)
def test_expiry(header: str, seconds: int) -> None:
    assert expires_after(header + "\n||a.test^") == seconds


@settings(max_examples=2000, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 50))
def test_any_body_is_judged(body: bytes, previous: int) -> None:
    found = check(body, previous)
    assert isinstance(found, Refused) or found.count > 0


# --- store


def accepted() -> Accepted:
    found = check(GOOD)
    assert isinstance(found, Accepted)
    return found


def test_the_store_keeps_text_and_metadata(tmp_path: Path) -> None:
    store = ListStore(tmp_path / "lists")
    assert store.ids() == ()
    assert store.text("easylist") is None
    store.put("easylist", accepted(), Metadata(etag='"1"', fetched_at=NOW))
    again = ListStore(tmp_path / "lists")
    assert again.ids() == ("easylist",)
    assert again.text("easylist") == GOOD.decode()
    known = again.metadata("easylist")
    assert (known.etag, known.fetched_at, known.count) == ('"1"', NOW, 2)
    assert known.sha256 == hashlib.sha256(GOOD).hexdigest()
    assert sorted(path.name for path in (tmp_path / "lists").iterdir()) == [
        "easylist.json",
        "easylist.txt",
    ]
    again.remove("easylist")
    assert again.ids() == ()


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"[]", b'{"fetched_at": "x", "etag": 5, "failures": -1}', b"[" * 9000, b"\xff"],
)
def test_damaged_metadata_makes_a_list_stale_not_lost(damage: bytes, tmp_path: Path) -> None:
    store = ListStore(tmp_path)
    store.put("easylist", accepted(), Metadata(fetched_at=NOW))
    (tmp_path / "easylist.json").write_bytes(damage)
    assert store.metadata("easylist") == Metadata()
    assert store.text("easylist") == GOOD.decode()
    assert due(NOW, [(easylist(), store.metadata("easylist"))], UpdateSettings()) == (easylist(),)


@pytest.mark.parametrize("name", ["../x", "", "A", "a/b", ".hidden", "x" * 65])
def test_ids_are_no_paths(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a list id"):
        ListStore(tmp_path).path(name)


# --- plan


def test_what_is_due() -> None:
    fresh = Metadata(fetched_at=NOW - 10, expires=DAY)
    old = Metadata(fetched_at=NOW - 2 * DAY, expires=DAY)
    privacy = by_id("easyprivacy")
    assert privacy is not None
    assert due(NOW, [(easylist(), fresh), (privacy, old)], UpdateSettings()) == (privacy,)
    assert due(NOW, [(privacy, old), (easylist(), Metadata())], UpdateSettings()) == (
        easylist(),
        privacy,
    )


def test_metered_and_manual() -> None:
    known = [(easylist(), Metadata())]
    assert due(NOW, known, UpdateSettings(), metered=True) == ()
    assert due(NOW, known, UpdateSettings(on_metered=True), metered=True)
    assert due(NOW, known, UpdateSettings(), metered=None)
    assert due(NOW, known, UpdateSettings(automatic=False)) == ()


def test_failures_wait_longer_each_time() -> None:
    waits = [
        due_at(NOW, Metadata(failures=n, failed_at=NOW)) - NOW for n in (1, 2, 3, 8, 9, 10, 10_000)
    ]
    assert waits[:3] == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT]
    assert waits[-1] == LONGEST_WAIT
    assert waits == sorted(waits)


def test_a_clock_that_was_wrong_does_not_stop_updates() -> None:
    future = Metadata(fetched_at=NOW + 1e9, expires=DAY, failures=3, failed_at=NOW + 1e9)
    assert due_at(NOW, future) <= NOW


# --- updates


class FakeFetcher:
    def __init__(self, *answers: Fetched | NotModified | Failed) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, str]] = []

    async def fetch(
        self, url: str, etag: str, last_modified: str, limit: int
    ) -> Fetched | NotModified | Failed:
        assert limit > 0
        self.asked.append((url, etag, last_modified))
        return self.answers.pop(0)


class FakeClock:
    def now(self) -> float:
        return NOW


def run(store: ListStore, fetcher: FakeFetcher) -> Outcome:
    (outcome,) = asyncio.run(update(fetcher, FakeClock(), store, [easylist()]))
    return outcome


def test_a_first_update_then_a_conditional_one(tmp_path: Path) -> None:
    store = ListStore(tmp_path)
    assert run(store, FakeFetcher(Fetched(GOOD, '"e"', "Sat"))) == Updated("easylist", 2)
    assert store.metadata("easylist").fetched_at == NOW
    second = FakeFetcher(NotModified())
    assert run(store, second) == Unchanged("easylist")
    assert second.asked == [(easylist().urls[0], '"e"', "Sat")]


def test_validators_without_a_text_are_not_sent(tmp_path: Path) -> None:
    store = ListStore(tmp_path)
    run(store, FakeFetcher(Fetched(GOOD, '"e"', "Sat")))
    store.path("easylist").unlink()
    fetcher = FakeFetcher(Fetched(GOOD, "", ""))
    run(store, fetcher)
    assert fetcher.asked[0][1:] == ("", "")


def test_a_bad_answer_keeps_the_old_list_and_tries_the_mirror(tmp_path: Path) -> None:
    store = ListStore(tmp_path)
    run(store, FakeFetcher(Fetched(GOOD, '"e"', "")))
    fetcher = FakeFetcher(Fetched(b"<html>login", "", ""), Failed("no route"))
    assert run(store, fetcher) == Kept("easylist", "no route")
    assert [asked[0] for asked in fetcher.asked] == list(easylist().urls)
    assert store.text("easylist") == GOOD.decode()
    known = store.metadata("easylist")
    assert (known.etag, known.failures, known.failure) == ('"e"', 1, "no route")
    fresh = FakeFetcher(Failed("down"), Fetched(b"! x\n||new.test^\n", "", ""))
    assert run(store, fresh) == Updated("easylist", 1)
    assert store.metadata("easylist").failures == 0


def test_a_full_disk_ends_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    store = ListStore(blocked / "below")
    outcome = run(store, FakeFetcher(Fetched(GOOD, "", ""), Fetched(GOOD, "", "")))
    assert isinstance(outcome, Kept)
    assert "cannot be stored" in outcome.cause


def test_included_files_become_part_of_the_list(tmp_path: Path) -> None:
    store = ListStore(tmp_path)
    main = b"||a.test^\n!#include part.txt\n!#include ../up.txt\n!#include https://b.test/x\n"
    fetcher = FakeFetcher(Fetched(main, '"e"', ""), Fetched(b"||b.test^\n||c.test^\n", "", ""))
    assert run(store, fetcher) == Updated("easylist", 3)
    assert [asked[0] for asked in fetcher.asked] == [
        easylist().urls[0],
        easylist().urls[0].rsplit("/", 1)[0] + "/part.txt",
    ]
    assert "||c.test^\n!#include ../up.txt" in (store.text("easylist") or "")
    assert store.metadata("easylist").etag == "", "the validator is that of one file alone"


def test_a_list_with_a_missing_part_is_refused_whole(tmp_path: Path) -> None:
    store = ListStore(tmp_path)
    run(store, FakeFetcher(Fetched(GOOD, "", "")))
    main = Fetched(b"||a.test^\n!#include part.txt\n", "", "")
    answers = main, Failed("status 404"), main, Fetched(b"<html>", "", "")
    outcome = run(store, FakeFetcher(*answers))
    assert isinstance(outcome, Kept)
    assert "part.txt" in outcome.cause
    assert store.text("easylist") == GOOD.decode()


# --- seed and collection


def test_seed_from_an_unpacked_package(tmp_path: Path) -> None:
    assets = tmp_path / "package" / seed.UNPACKED / "ublock"
    assets.mkdir(parents=True)
    (assets / "filters.min.txt").write_bytes(GOOD)
    (assets / "privacy.min.txt").write_bytes(b"<html>")
    files = seed.find([tmp_path / "missing", tmp_path / "package"])
    assert set(files) == {"ublock-filters", "ublock-privacy"}
    store = ListStore(tmp_path / "lists")
    wanted = ("ublock-filters", "ublock-privacy", "easylist")
    assert seed.plant(store, files, wanted) == ("ublock-filters",)
    assert seed.plant(store, files, wanted) == (), "what is there stays"
    known = store.metadata("ublock-filters")
    assert (known.count, due_at(NOW, known)) == (2, 0.0)


def test_the_engine_gets_what_is_enabled(tmp_path: Path) -> None:
    store = ListStore(tmp_path)
    bases = [one.id for one in base_lists()]
    assert [one.id for one in collect(store, ["easylist"])] == bases
    store.put("easylist", accepted(), Metadata())
    assert [one.id for one in collect(store, ["easylist", "easyprivacy"])] == ["easylist", *bases]
    store.put("easyprivacy", accepted(), Metadata())
    store.put("urlhaus", accepted(), Metadata())
    found = collect(store, ["easylist", "easyprivacy", "urlhaus", "easylist"])
    assert [one.id for one in found] == ["easylist", "easyprivacy", "urlhaus"]
    assert [one.strict for one in found] == [False, False, True]
    assert found[0].title == "EasyList"


def test_own_lists_have_their_own_title(tmp_path: Path) -> None:
    store = ListStore(tmp_path)
    store.put("custom-1", replace(accepted(), title="Mine"), Metadata())
    assert collect(store, ["custom-1"])[0].title == "Mine"

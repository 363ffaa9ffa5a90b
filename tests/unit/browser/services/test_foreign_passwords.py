"""Passwords of other browsers come over; hostile files of theirs end in a sentence."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.foreign_browsers import chromium_files, firefox_profile
from support.foreign_passwords import chromium_logins, firefox_logins, nss_logins

from myco_browser.domain.logins import Login
from myco_browser.services import chromium_passwords, copied_files
from myco_browser.services.copied_files import (
    FileProblem,
    Unreadable,
    UnreadableError,
    copied_database,
    read_json,
    read_whole,
)
from myco_browser.services.der import DerError, read_one
from myco_browser.services.firefox_passwords import read_logins as read_firefox
from myco_browser.services.foreign_files import Findings, read_profile
from myco_browser.services.foreign_profiles import Family, ForeignProfile, find_profiles
from myco_browser.services.password_csv import merge

_ROWS = [("https://a.example/login", "ada", "one"), ("android://x@app/", "ada", "two")]


def _chromium(folder: Path) -> Findings:
    return read_profile(ForeignProfile("Brave (snap)", "Default", folder, Family.CHROMIUM))


def _plain(logins: tuple[Login, ...]) -> list[tuple[str, str, str, int]]:
    return [(one.origin, one.username, one.password, one.changed) for one in logins]


@pytest.mark.parametrize("word", ["peanuts", ""])
def test_chromium_without_a_keyring(tmp_path: Path, word: str) -> None:
    chromium_logins(tmp_path, _ROWS, word)
    found = _chromium(tmp_path)
    assert found.problems == ()
    assert _plain(found.logins) == [("https://a.example", "ada", "one", 1_700_000_000)]
    assert found.other_logins == 1
    assert "one" not in repr(found), "no password gets into a log"


def test_chromium_with_a_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chromium_logins(tmp_path, _ROWS, "kept word", b"v11")
    asked: list[str] = []

    def find(attributes: dict[str, str]) -> str | None:
        asked.append(attributes["application"])
        return {"brave": "another word", "chrome": "kept word"}.get(asked[-1])

    monkeypatch.setattr(chromium_passwords, "find_secret", find)
    assert [one.password for one in _chromium(tmp_path).logins] == ["one"]
    assert asked == ["brave", "chrome"], "each name once"
    monkeypatch.setattr(chromium_passwords, "find_secret", lambda _attributes: None)
    found = _chromium(tmp_path)
    assert (found.logins, found.problems) == (
        (),
        (FileProblem("Login Data", Unreadable.KEYRING),),
    )


def test_firefox_without_a_primary_password(tmp_path: Path) -> None:
    firefox_logins(tmp_path)
    logins, left_out = read_firefox(tmp_path)
    assert _plain(logins) == [("https://fox.example", "ada", "hunter2", 1_700_000_000)]
    assert left_out == 1


def test_what_nss_itself_sealed(tmp_path: Path) -> None:
    if not nss_logins(tmp_path):
        pytest.skip("NSS is not installed")
    logins, _left_out = read_firefox(tmp_path)
    assert [(one.username, one.password) for one in logins] == [("ada", "hunter2")]


def test_a_primary_password_is_respected(tmp_path: Path) -> None:
    firefox_logins(tmp_path, primary="secret")
    with pytest.raises(UnreadableError) as caught:
        read_firefox(tmp_path)
    assert caught.value.cause is Unreadable.PRIMARY


def test_of_two_passwords_the_newer_stays() -> None:
    old = Login("1", "https://a.example", "ada", "old", 100)
    new = Login("2", "https://a.example", "ada", "new", 200)
    assert [one.password for one in merge([old], [new], 0, 300).logins] == ["new"]
    assert [one.password for one in merge([new], [old], 0, 300).logins] == ["new"]


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reading_of_der(raw: bytes) -> None:
    with contextlib.suppress(DerError):
        item = read_one(raw)
        item.number(), item.identifier(), item.inside()


# Files made to do harm


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    chromium_files(tmp_path, databases=False)
    os.mkfifo(tmp_path / "History")
    (tmp_path / "Web Data").symlink_to("/dev/zero")
    (tmp_path / "Login Data").mkdir()
    found = _chromium(tmp_path)
    names = ("History", "Web Data", "Login Data")
    assert found.problems == tuple(FileProblem(name, Unreadable.NO_FILE) for name in names)
    assert found.bookmarks == 3, "the rest comes"
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableError):
        read_json(tmp_path / "pipe")


def test_a_table_that_never_ends_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copied_files, "MAX_STEPS", 2)
    chromium_files(tmp_path)
    database = sqlite3.connect(tmp_path / "History")
    database.executescript(
        "DROP TABLE visits; CREATE VIEW visits AS WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL"
        " SELECT n + 1 FROM c) SELECT n AS id, 1 AS url, n AS visit_time, 0x20000000 AS transition"
        " FROM c"
    )
    database.close()
    assert _chromium(tmp_path).problems == (FileProblem("History", Unreadable.TOO_LONG),)


def test_a_row_as_large_as_the_memory_is_left(tmp_path: Path) -> None:
    chromium_files(tmp_path)
    database = sqlite3.connect(tmp_path / "History")
    database.execute("UPDATE urls SET title = zeroblob(?)", (copied_files.MAX_FIELD + 1,))
    database.commit()
    database.close()
    assert _chromium(tmp_path).problems == (FileProblem("History", Unreadable.TOO_LARGE),)


def test_a_long_title_is_cut_before_it_is_told_with_every_visit(tmp_path: Path) -> None:
    chromium_files(tmp_path)
    database = sqlite3.connect(tmp_path / "History")
    database.execute("UPDATE urls SET title = ?", ("t" * 100_000,))
    database.commit()
    database.close()
    assert {len(visit.title) for visit in _chromium(tmp_path).visits} == {512}


@pytest.mark.parametrize("text", ["[" * 100_000, '{"roots": {"other": []', "\xff"])
def test_json_that_is_no_bookmarks(tmp_path: Path, text: str) -> None:
    (tmp_path / "Bookmarks").write_text(text, "latin-1")
    assert _chromium(tmp_path).problems == (FileProblem("Bookmarks", Unreadable.FORM),)


def test_folders_deeper_than_anybody_makes_them_end(tmp_path: Path) -> None:
    inner: dict[str, object] = {"type": "url", "name": "x", "url": "https://x.example/"}
    for _level in range(200):
        inner = {"type": "folder", "name": "f", "children": [inner]}
    roots = {"bookmark_bar": inner, "other": {}, "synced": {}}
    (tmp_path / "Bookmarks").write_text(json.dumps({"roots": roots}))
    assert _chromium(tmp_path).bookmarks == 0


def test_a_folder_within_itself_is_met_once(tmp_path: Path) -> None:
    folder = firefox_profile(tmp_path)
    database = sqlite3.connect(folder / "places.sqlite")
    database.execute("UPDATE moz_bookmarks SET parent = 11 WHERE guid = 'toolbar_____'")
    database.commit()
    database.close()
    found = read_profile(find_profiles(tmp_path)[0])
    assert found.problems == ()
    assert found.bookmarks == 4


def test_a_packed_file_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    folder = firefox_profile(tmp_path)
    # One byte, then "repeat it" as often as the length can tell: 255 times its size.
    bomb = b"\x1fa\x01\x00" + b"\xff" * 300_000 + b"\x00\x10b"
    (folder / "search.json.mozlz4").write_bytes(b"mozLz40\0\0\0\0\0" + bomb)
    found = read_profile(find_profiles(tmp_path)[0])
    assert found.problems == (FileProblem("search.json.mozlz4", Unreadable.FORM),)


def test_more_than_the_limit_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * 11)
    assert read_whole(tmp_path / "absent", 10) is None
    for limit, fits in ((11, True), (10, False)):
        with contextlib.nullcontext() if fits else pytest.raises(UnreadableError):
            assert read_whole(tmp_path / "large", limit) == b"x" * 11


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    chromium_files(tmp_path)
    (tmp_path / "History").chmod(0)
    assert _chromium(tmp_path).problems == (FileProblem("History", Unreadable.FORBIDDEN),)


def test_an_absent_database_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError), copied_database(tmp_path / "absent.sqlite"):
        pass

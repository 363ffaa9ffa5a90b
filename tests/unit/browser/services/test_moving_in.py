"""Profiles of other browsers are found, read from copies, and brought over once."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.foreign_browsers import NOW, chromium_files, firefox_profile
from support.foreign_passwords import firefox_logins
from support.site import serve

from myco_browser.domain.search_engines import builtin_engines
from myco_browser.services.bookmarks import BAR, OTHER, Bookmarks
from myco_browser.services.copied_files import FileProblem, Unreadable
from myco_browser.services.database import SetAside
from myco_browser.services.foreign_files import ForeignEngine, ForeignVisit, read_profile
from myco_browser.services.foreign_profiles import Family, ForeignProfile, find_profiles
from myco_browser.services.history import History
from myco_browser.services.lz4_block import Lz4Error, unpack_block
from myco_browser.services.moving_in import Taken, new_engines, take_bookmarks, take_visits


def _no_report(what: SetAside) -> None:
    raise AssertionError(what)


def _digest(folder: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_profiles_are_found_however_they_were_installed(tmp_path: Path) -> None:
    firefox_profile(tmp_path)
    firefox_profile(tmp_path, "snap/firefox/common/.mozilla/firefox")
    chromium_files(tmp_path / ".config/google-chrome/Profile 1")
    chromium_files(
        tmp_path / ".var/app/com.brave.Browser/config/BraveSoftware/Brave-Browser/Default"
    )
    chromium_files(tmp_path / ".config/vivaldi/Default")
    (tmp_path / ".config/google-chrome/Local State").write_text(
        '{"profile": {"info_cache": {"Profile 1": {"name": "Ada"}}}}'
    )
    (tmp_path / ".config/chromium/Default").mkdir(parents=True)
    found = [(one.browser, one.name) for one in find_profiles(tmp_path)]
    assert found == [
        ("Firefox", "default-release"),
        ("Firefox (snap)", "default-release"),
        ("Chrome", "Ada"),
        ("Brave (Flatpak)", "Default"),
        ("Vivaldi", "Default"),
    ]


def test_firefox_is_read_while_it_holds_its_database(tmp_path: Path) -> None:
    folder = firefox_profile(tmp_path)
    (profile,) = find_profiles(tmp_path)
    holder = sqlite3.connect(folder / "places.sqlite")
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("UPDATE moz_places SET title = 'In the log' WHERE id = 3")
    holder.commit()
    holder.execute("BEGIN IMMEDIATE")
    before = _digest(folder)
    found = read_profile(profile)
    assert found.problems == ()
    assert _digest(folder) == before, "nothing of theirs is touched"
    holder.close()
    assert [tree.item.title for tree in found.bar] == ["On the bar", "Folder", "A query"]
    deep = found.bar[1].inside[0].item
    assert (deep.url, deep.tags, deep.added) == ("https://deep.example/x", ("animals",), NOW)
    assert [tree.item.url for tree in found.other] == ["https://other.example/"]
    assert found.visits == (
        ForeignVisit("https://bar.example/", "On the bar", NOW, True),
        ForeignVisit("https://bar.example/", "On the bar", NOW - 10, False),
        ForeignVisit("https://deep.example/x", "Deep", NOW - 20, False),
    )
    assert found.engines == (
        ForeignEngine("Beetles", "bt", "https://beetles.example/find?q={query}"),
        ForeignEngine("Look", "lk", "https://look.example/?q=%s"),
    )


def test_chromium_is_read(tmp_path: Path) -> None:
    chromium_files(tmp_path)
    before = _digest(tmp_path)
    found = read_profile(ForeignProfile("Chromium", "Default", tmp_path, Family.CHROMIUM))
    assert found.problems == ()
    assert _digest(tmp_path) == before
    assert found.bookmarks == 3
    assert found.bar[1].inside[0].item.url == "https://folder.example/"
    assert found.visits == (
        ForeignVisit("https://visited.example/", "V", NOW, True),
        ForeignVisit("https://visited.example/", "V", NOW - 60, False),
    )
    assert found.engines == (ForeignEngine("Mine", "mine", "https://mine.example/?q={query}"),)


def test_a_second_run_adds_nothing(tmp_path: Path) -> None:
    firefox_profile(tmp_path)
    found = read_profile(find_profiles(tmp_path)[0])
    bookmarks = Bookmarks(tmp_path / "bookmarks.sqlite", _no_report)
    history = History(tmp_path / "history.sqlite", _no_report)
    bookmarks.add("Folder", None, 1)

    def keep(visits: Sequence[ForeignVisit]) -> int:
        return history.take_in((v.url, v.title, v.at, v.typed) for v in visits)

    assert take_bookmarks(bookmarks, found) == Taken(3, 1), "a query is no page"
    assert list(take_visits(keep, found.visits)) == [Taken(3, 0)]
    assert take_bookmarks(bookmarks, found) == Taken(0, 4)
    assert list(take_visits(keep, found.visits)) == [Taken(0, 3)]
    assert [item.title for item in bookmarks.children(BAR)] == ["Folder", "On the bar"]
    folder = bookmarks.children(BAR)[0]
    assert [(i.url, i.tags) for i in bookmarks.children(folder.id)] == [
        ("https://deep.example/x", ("animals",))
    ]
    assert [item.title for item in bookmarks.children(OTHER)] == ["Other"]
    page = history.complete("bar.example")[0]
    assert (page.visits, page.typed, page.last) == (2, 1, NOW)
    # Moved elsewhere, a page still does not come again.
    bookmarks.move(folder.id, OTHER)
    assert take_bookmarks(bookmarks, found) == Taken(0, 4)
    bookmarks.close()
    history.close()


def test_engines_come_once_and_give_way_to_keywords_that_are_taken() -> None:
    own = builtin_engines()
    found = (
        ForeignEngine("Beetles", "q", "https://beetles.example/?q=%s"),
        ForeignEngine("Plain", "p", "http://plain.example/?q=%s"),
        ForeignEngine("Qwant", "", own[0].template),
    )
    fresh = new_engines(found, own)
    assert [(one.name, one.keywords) for one in fresh] == [("Beetles", ())]
    assert new_engines(found, (*own, *fresh)) == ()


_BROKEN_FIREFOX = [
    ("places.sqlite", Unreadable.DAMAGED),
    ("search.json.mozlz4", Unreadable.FORM),
    ("logins.json", Unreadable.FORM),
    ("key4.db", Unreadable.DAMAGED),
]
_BROKEN_CHROMIUM = [
    ("Bookmarks", Unreadable.FORM),
    ("History", Unreadable.DAMAGED),
    ("Web Data", Unreadable.DAMAGED),
    ("Login Data", Unreadable.DAMAGED),
]


@pytest.mark.parametrize(("name", "cause"), _BROKEN_FIREFOX)
def test_a_broken_file_is_named_and_the_rest_comes(
    tmp_path: Path, name: str, cause: Unreadable
) -> None:
    folder = firefox_profile(tmp_path)
    firefox_logins(folder)
    (folder / name).write_bytes(b"broken" * 1000)
    found = read_profile(find_profiles(tmp_path)[0])
    assert len(found.problems) == 1
    named = "logins.json" if name == "key4.db" else name
    assert found.problems[0] == FileProblem(named, cause)
    assert found.engines or found.visits


@pytest.mark.parametrize(("name", "cause"), _BROKEN_CHROMIUM)
def test_a_broken_file_of_chromium_is_named(tmp_path: Path, name: str, cause: Unreadable) -> None:
    chromium_files(tmp_path)
    (tmp_path / name).write_bytes(b"[broken" * 1000)
    found = read_profile(ForeignProfile("Chromium", "Default", tmp_path, Family.CHROMIUM))
    assert found.problems == (FileProblem(name, cause),)


@given(st.binary(max_size=400))
def test_no_block_breaks_the_unpacking(packed: bytes) -> None:
    with contextlib.suppress(Lz4Error):
        assert len(unpack_block(packed, 1000)) <= 1000


def test_blocks_are_unpacked() -> None:
    assert unpack_block(b"\x10a\x01\x00\x50bcdef", 100) == b"aaaaabcdef"
    assert unpack_block(b"\x40abcd\x04\x00\x10e", 100) == b"abcdabcde"
    with pytest.raises(Lz4Error):
        unpack_block(b"\x10a\x05\x00\x10b", 100)
    with pytest.raises(Lz4Error):
        unpack_block(b"\x1fa\x01\x00\xff\xff\x00\x10b", 100)


@pytest.mark.engine
def test_a_profile_that_chromium_made_is_read(tmp_path: Path) -> None:
    chromium = shutil.which("chromium")
    if chromium is None or os.geteuid() == 0:
        pytest.skip("no chromium, or it would need its sandbox off")
    with serve() as site:
        url = f"http://127.0.0.1:{site.port}/"
        site.page("127.0.0.1/", "<title>really visited</title>")
        subprocess.run(
            [chromium, "--headless=new", "--disable-gpu", f"--user-data-dir={tmp_path}",
             "--timeout=3000", "--dump-dom", url],
            env={**os.environ, "HOME": str(tmp_path)}, timeout=60, check=True, capture_output=True,
        )  # fmt: skip
    folder = tmp_path / "Default"
    found = read_profile(ForeignProfile("Chromium", "Default", folder, Family.CHROMIUM))
    assert found.problems == ()
    assert [(visit.url, visit.title) for visit in found.visits] == [(url, "really visited")]
    assert found.engines == ()

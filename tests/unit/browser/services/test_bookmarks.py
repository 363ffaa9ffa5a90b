from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myco_browser.services.bookmark_file import BookmarkFileError, read_html, write_html
from myco_browser.services.bookmarks import BAR, OTHER, Bookmark, Bookmarks, Tree
from myco_browser.services.database import SetAside


def unexpected(what: SetAside) -> None:
    pytest.fail(str(what))


@pytest.fixture
def bookmarks(tmp_path: Path) -> Iterator[Bookmarks]:
    made = Bookmarks(tmp_path / "bookmarks.sqlite", unexpected)
    yield made
    made.close()


def added(bookmarks: Bookmarks, title: str, folder: int = BAR, place: int | None = None) -> int:
    number = bookmarks.add(title, f"https://{title}.test/", 1, folder, place)
    assert number is not None
    return number


def titles(bookmarks: Bookmarks, folder: int = BAR) -> list[str]:
    found = bookmarks.children(folder)
    assert [item.position for item in found] == list(range(len(found)))
    return [item.title for item in found]


def test_pages_keep_their_order_and_survive_a_restart(tmp_path: Path) -> None:
    first = Bookmarks(tmp_path / "b.sqlite", unexpected)
    for name in "acd":
        added(first, name)
    added(first, "b", place=1)
    first.close()
    again = Bookmarks(tmp_path / "b.sqlite", unexpected)
    assert titles(again) == ["a", "b", "c", "d"]
    again.close()


def test_what_is_no_address_is_not_kept(bookmarks: Bookmarks) -> None:
    for url in ("javascript:alert(1)", "data:text/html,x", "", "https://", "about:blank"):
        assert bookmarks.add("x", url, 1) is None
    number = added(bookmarks, "a")
    item = bookmarks.get(number)
    assert item is not None
    bookmarks.change(replace(item, url="javascript:alert(1)"))
    assert bookmarks.get(number) == item


def test_folders_move_but_not_into_themselves(bookmarks: Bookmarks) -> None:
    outer = bookmarks.add("outer", None, 1)
    assert outer is not None
    inner = bookmarks.add("inner", None, 1, outer)
    assert inner is not None
    page = added(bookmarks, "page", inner)
    assert not bookmarks.move(outer, inner)
    assert not bookmarks.move(outer, outer)
    assert not bookmarks.move(BAR, OTHER)
    assert not bookmarks.move(outer, page), "a page is no folder"
    assert bookmarks.move(inner, OTHER)
    assert titles(bookmarks, OTHER) == ["inner"]
    assert titles(bookmarks, inner) == ["page"]


@pytest.mark.parametrize(
    ("number", "place", "expected"),
    [(0, 2, "bacd"), (0, None, "bcda"), (3, 0, "dabc"), (1, 1, "abcd"), (1, 2, "abcd")],
)
def test_moving_within_a_folder(
    bookmarks: Bookmarks, number: int, place: int | None, expected: str
) -> None:
    made = [added(bookmarks, name) for name in "abcd"]
    assert bookmarks.move(made[number], BAR, place)
    assert "".join(titles(bookmarks)) == expected


def test_what_is_deleted_comes_back_where_it_was(bookmarks: Bookmarks) -> None:
    added(bookmarks, "a")
    folder = bookmarks.add("folder", None, 5)
    assert folder is not None
    added(bookmarks, "z")
    added(bookmarks, "in", folder)
    gone = bookmarks.delete(folder)
    assert gone is not None
    assert titles(bookmarks) == ["a", "z"]
    assert bookmarks.find("https://in.test/") is None
    bookmarks.restore(gone)
    assert titles(bookmarks) == ["a", "folder", "z"]
    back = bookmarks.children(BAR)[1]
    assert titles(bookmarks, back.id) == ["in"]
    assert bookmarks.delete(BAR) is None


def test_search_finds_titles_addresses_and_tags(bookmarks: Bookmarks) -> None:
    number = added(bookmarks, "Recette")
    item = bookmarks.get(number)
    assert item is not None
    bookmarks.change(replace(item, tags=("Cuisine", "cuisine", " dessert ")))
    found = bookmarks.get(number)
    assert found is not None
    assert found.tags == ("cuisine", "dessert")
    for words in ("rece", "DESSERT recette", "recette.test", "cuis"):
        assert [one.id for one in bookmarks.search(words)] == [number], words
    assert bookmarks.search("recette nothing") == ()
    assert bookmarks.search("  ") == ()


def test_a_broken_file_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "b.sqlite"
    path.write_bytes(b"not a database" * 1000)
    told: list[SetAside] = []
    made = Bookmarks(path, told.append)
    assert titles(made) == []
    assert told[0].moved_to.read_bytes().startswith(b"not a database")
    made.close()


def _page(url: str, title: str, tags: tuple[str, ...] = ()) -> Tree:
    return Tree(Bookmark(0, None, 0, url, title, tags, 12))


def test_the_file_that_browsers_exchange(bookmarks: Bookmarks, tmp_path: Path) -> None:
    folder = bookmarks.add("A <folder> & more", None, 7)
    assert folder is not None
    number = bookmarks.add('Quotes "and" <b>', "https://a.test/?a=1&b=2", 9, folder)
    assert number is not None
    item = bookmarks.get(number)
    assert item is not None
    bookmarks.change(replace(item, tags=("one", "two")))
    added(bookmarks, "other", OTHER)
    text = write_html(bookmarks.tree(BAR), bookmarks.tree(OTHER), "Bar")
    bar, other = read_html(text)
    again = Bookmarks(tmp_path / "again.sqlite", unexpected)
    assert again.take_in(BAR, bar) + again.take_in(OTHER, other) == 2
    assert write_html(again.tree(BAR), again.tree(OTHER), "Bar") == text
    again.close()


def test_files_of_other_browsers_are_read() -> None:
    text = """<!DOCTYPE NETSCAPE-Bookmark-file-1><TITLE>Bookmarks</TITLE><H1>Menu</H1>
    <DL><p><DT><H3 ADD_DATE="1600000000" PERSONAL_TOOLBAR_FOLDER="true">Toolbar</H3>
    <DL><p><DT><A HREF="https://one.test/" ADD_DATE="1600000000000000" TAGS="a,b">One</A>
    <DT><A HREF="javascript:alert(1)">No</A></DL><p>
    <DT><A HREF="place:sort=8">Recent</A><DT><A HREF="http://two.test/"></A>
    <DT><H3>Open end</H3><DL><DT><A HREF="https://three.test/">Three"""
    bar, other = read_html(text + "</A>")
    assert bar == (Tree(Bookmark(0, None, 0, "https://one.test/", "One", ("a", "b"), 1600000000)),)
    assert [tree.item.title for tree in other] == ["http://two.test/", "Open end"]
    assert [tree.item.url for tree in other[1].inside] == ["https://three.test/"]


def test_another_file_is_refused() -> None:
    with pytest.raises(BookmarkFileError):
        read_html("<html><p>hello")


_PIECES = st.sampled_from(
    ["<dl>", "</dl>", "<DT>", "<h3>", "</h3>", '<a href="https://x.test/">', "</a>", "t", "<!--",
     "&amp;", '<a href="', "\x00", "<h3 personal_toolbar_folder=true>", "\ud800"]
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(_PIECES, max_size=60))
def test_any_file_gives_trees(pieces: list[str]) -> None:
    bar, other = read_html("<dl>" + "".join(pieces))
    for tree in (*bar, *other):
        assert tree.item.url is None or tree.item.url.startswith("https://x.test/")

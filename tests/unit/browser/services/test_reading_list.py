"""The reading list keeps what it was given, in order, and loses nothing to a broken file."""

from __future__ import annotations

from pathlib import Path

from myco_browser.services.database import SetAside
from myco_browser.services.reading_list import ReadingList


def _list(tmp_path: Path, told: list[SetAside] | None = None) -> ReadingList:
    told = [] if told is None else told
    return ReadingList(tmp_path / "reading.sqlite", told.append)


def test_nothing_is_made_before_it_is_wanted(tmp_path: Path) -> None:
    reading = _list(tmp_path)
    reading.close()
    assert not (tmp_path / "reading.sqlite").exists()


def test_unread_pages_come_first_then_the_newest(tmp_path: Path) -> None:
    reading = _list(tmp_path)
    for number, name in enumerate("abc"):
        assert reading.add(f"https://{name}.example/", name, number)
    reading.set_read("https://c.example/", True)
    assert [(page.title, page.read) for page in reading.pages()] == [
        ("b", False),
        ("a", False),
        ("c", True),
    ]
    assert [page.title for page in reading.pages("EXAMPLE b")] == ["b"]
    reading.close()


def test_a_page_that_is_added_again_is_unread_again_and_keeps_its_title(tmp_path: Path) -> None:
    reading = _list(tmp_path)
    reading.add("https://a.example/", "title", 1)
    reading.set_read("https://a.example/", True)
    reading.add("https://a.example/", "", 2)
    (page,) = reading.pages()
    assert (page.title, page.read, page.added) == ("title", False, 2)
    reading.close()


def test_what_is_removed_can_be_put_back_as_it_was(tmp_path: Path) -> None:
    reading = _list(tmp_path)
    reading.add("https://a.example/", "a", 1)
    reading.set_read("https://a.example/", True)
    before = reading.pages()
    reading.remove("https://a.example/")
    assert reading.pages() == ()
    reading.put_back(before[0])
    assert reading.pages() == before
    reading.close()


def test_only_pages_of_the_web_are_kept(tmp_path: Path) -> None:
    reading = _list(tmp_path)
    for url in ("myco://start/", "file:///etc/passwd", "javascript:1", "https://" + "x" * 70_000):
        assert not reading.add(url, "", 1)
    assert reading.pages() == ()
    reading.close()


def test_a_broken_file_is_set_aside_and_told(tmp_path: Path) -> None:
    (tmp_path / "reading.sqlite").write_bytes(b"no database, far from it" * 200)
    told: list[SetAside] = []
    reading = _list(tmp_path, told)
    assert reading.add("https://a.example/", "a", 1)
    assert [one.path.name for one in told] == ["reading.sqlite"]
    reading.close()


def test_who_looks_on_is_told_of_changes(tmp_path: Path) -> None:
    reading = _list(tmp_path)
    calls: list[int] = []
    stop = reading.observe(lambda: calls.append(1))
    reading.add("https://a.example/", "a\ud800", 1)
    stop()
    reading.remove("https://a.example/")
    assert calls == [1]
    reading.close()

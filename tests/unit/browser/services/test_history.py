"""History and icons: ranking, deletion without residue, survival of a broken file."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myco_browser.services.database import SetAside
from myco_browser.services.favicons import MAX_ICON, Favicons
from myco_browser.services.history import MAX_URL, History, Visit

NOW = 1_800_000_000
DAY = 86_400


def unexpected(problem: SetAside) -> None:
    raise AssertionError(problem)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    opened = History(tmp_path / "profile" / "history.sqlite", unexpected)
    yield opened
    opened.close()


def urls(history: History, typed: str) -> list[str]:
    return [page.url for page in history.complete(typed)]


def test_hosts_complete_without_scheme_and_www(history: History) -> None:
    history.record("https://www.example.org/a", "A", NOW)
    for typed in ("e", "exam", "example.org", "www.exa", "https://exa", "HTTP://WWW.EXA"):
        assert urls(history, typed) == ["https://www.example.org/a"], typed
    assert urls(history, "xample") == []
    assert urls(history, "  ") == []


def test_words_of_the_title_and_the_path_complete(history: History) -> None:
    history.record("https://a.test/recettes/2024", "Crème brûlée maison", NOW)
    for typed in ("creme", "brulee ma", "maison crème", "recet", "2024"):
        assert urls(history, typed) == ["https://a.test/recettes/2024"], typed
    assert urls(history, "creme absent") == []


def test_a_path_completes_below_its_host(history: History) -> None:
    history.record("https://example.org/mail/in", "", NOW)
    history.record("https://example.org/maps", "", NOW + 1)
    assert urls(history, "example.org/mail")[0] == "https://example.org/mail/in"
    assert urls(history, "example.org/ma")[0] == "https://example.org/maps"


def test_frequent_recent_and_typed_pages_come_first(history: History) -> None:
    for _ in range(3):
        history.record("https://exa.test/often", "", NOW)
    history.record("https://exb.test/once", "", NOW)
    history.record("https://exc.test/typed", "", NOW, typed=True)
    history.record("https://exd.test/old", "", NOW - 400 * DAY)
    for _ in range(3):
        history.record("https://exe.test/faded", "", NOW - 90 * DAY)
    assert [url[8:11] for url in urls(history, "ex")] == ["exc", "exa", "exb", "exe", "exd"]


def test_titles_that_come_later_are_found(history: History) -> None:
    history.record("https://a.test/", "", NOW)
    history.set_title("https://a.test/", "Newspaper")
    history.set_title("https://unknown.test/", "Newspaper")
    assert urls(history, "newsp") == ["https://a.test/"]
    history.record("https://a.test/", "Magazine", NOW)
    assert urls(history, "newsp") == []
    assert history.complete("magaz")[0].title == "Magazine"


def test_passwords_scripts_and_giants_are_not_recorded(history: History) -> None:
    history.record("https://me:secret@a.test/", "", NOW)
    for url in ("javascript:1", "data:,x", "about:blank", "myco://start/", "", "\ud800"):
        history.record(url, "", NOW)
        history.set_title(url, "x")
    history.record("https://a.test/" + "x" * MAX_URL, "", NOW)
    history.record("file:///home/me/a.html", "", NOW)
    assert {visit.url for visit in history.search("")} == {
        "https://a.test/",
        "file:///home/me/a.html",
    }


def test_search_lists_visits_newest_first(history: History) -> None:
    history.record("https://a.test/", "Apples", NOW)
    history.record("https://b.test/", "Pears", NOW + 1)
    history.record("https://a.test/", "Apples", NOW + 2)
    apples = [Visit("https://a.test/", "Apples", NOW + n) for n in (2, 0)]
    assert list(history.search("app")) == apples
    assert [visit.at for visit in history.search("")] == [NOW + 2, NOW + 1, NOW]
    assert [visit.at for visit in history.search("", before=NOW + 1)] == [NOW]
    assert history.search("-- !") == ()


def test_the_top_has_one_page_per_site(history: History) -> None:
    for _ in range(2):
        history.record("https://www.a.test/x", "", NOW)
    history.record("https://a.test/y", "", NOW)
    history.record("https://b.test/", "", NOW)
    assert [page.url for page in history.top()] == ["https://www.a.test/x", "https://b.test/"]
    assert len(history.top(1)) == 1


def test_a_range_is_forgotten_and_the_rest_ranks_without_it(history: History) -> None:
    history.record("https://exa.test/", "", NOW - 10, typed=True)
    history.record("https://exa.test/", "", NOW, typed=True)
    history.record("https://exb.test/", "", NOW, typed=True)
    history.record("https://exb.test/", "", NOW)
    history.record("https://exc.test/", "", NOW)
    assert history.delete_range(NOW, NOW + 1) == 4
    (page,) = history.complete("ex")
    assert (page.url, page.visits, page.typed, page.last) == ("https://exa.test/", 1, 1, NOW - 10)
    assert history.keep_days(1, NOW + 3650 * DAY) == 0, "the clock is wrong"
    assert history.keep_days(1, NOW + 2 * DAY) == 1
    assert history.complete("ex") == ()


def test_a_site_a_page_or_all_can_be_forgotten(history: History) -> None:
    for url in ("https://www.a.test/1", "https://a.test/2", "https://b.test/", "https://c.test/"):
        history.record(url, "", NOW)
    assert history.delete_site("a.test") == 2
    assert history.delete_url("https://b.test/") == 1
    assert history.delete_url("about:blank") == 0
    assert [visit.url for visit in history.search("")] == ["https://c.test/"]
    assert history.delete_all() == 1
    assert history.search("") == ()


@pytest.mark.parametrize("way", ["url", "site", "range", "all"])
def test_what_is_forgotten_is_not_in_the_files(tmp_path: Path, way: str) -> None:
    history = History(tmp_path / "history.sqlite", unexpected)
    history.record("https://canary-host.test/canarypath", "Canarytitle", NOW)
    history.record("https://kept.test/", "Kept", NOW + 1)
    assert b"canary" in b"".join(path.read_bytes() for path in tmp_path.iterdir()).lower()
    match way:
        case "url":
            history.delete_url("https://canary-host.test/canarypath")
        case "site":
            history.delete_site("canary-host.test")
        case "range":
            history.delete_range(NOW, NOW + 1)
        case _:
            history.delete_all()
    assert b"canary" not in b"".join(path.read_bytes() for path in tmp_path.iterdir()).lower()
    history.close()
    assert b"canary" not in b"".join(path.read_bytes() for path in tmp_path.iterdir()).lower()


def test_history_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    first = History(path, unexpected)
    first.record("https://a.test/", "A", NOW)
    first.close()
    second = History(path, unexpected)
    assert [visit.title for visit in second.search("")] == ["A"]
    second.close()
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "content", [b"not a database" * 100, b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_a_broken_file_is_set_aside(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "history.sqlite"
    path.write_bytes(content)
    problems: list[SetAside] = []
    history = History(path, problems.append)
    assert [problem.moved_to for problem in problems] == [tmp_path / "history.sqlite.broken"]
    assert problems[0].moved_to.read_bytes() == content
    history.record("https://a.test/", "A", NOW)
    assert urls(history, "a") == ["https://a.test/"]
    history.close()


def test_a_file_that_breaks_in_use_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    problems: list[SetAside] = []
    history = History(path, problems.append)
    for number in range(500):
        history.record(f"https://a{number}.test/" + "x" * 200, "A", NOW)
    history.close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xa5" * (size - 8192))
    history = History(path, problems.append)
    history.record("https://b.test/", "B", NOW)
    assert urls(history, "b") == ["https://b.test/"]
    assert len(problems) == 1
    history.close()


def test_a_file_of_another_version_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    problems: list[SetAside] = []
    History(path, problems.append).close()
    assert "99" in problems[0].detail


def test_another_thread_may_not_use_it(history: History) -> None:
    caught: list[BaseException] = []

    def use() -> None:
        try:
            history.complete("a")
        except sqlite3.ProgrammingError as error:
            caught.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert len(caught) == 1


@settings(max_examples=1_000, deadline=None)
@given(st.lists(st.text(max_size=30) | st.just("\ud800"), max_size=3))
def test_any_text_may_be_typed(texts: list[str]) -> None:
    history = SHARED[0]
    for text in texts:
        history.record(f"https://a.test/{text}", text, NOW)
        history.complete(text)
        history.search(text)


@pytest.fixture(autouse=True, scope="module")
def shared_history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    SHARED.append(History(tmp_path_factory.mktemp("shared") / "history.sqlite", unexpected))
    yield
    SHARED.pop().close()


SHARED: list[History] = []


def test_icons_are_kept_per_origin_and_bounded(tmp_path: Path) -> None:
    icons = Favicons(tmp_path / "icons.sqlite", unexpected, limit=2)
    assert icons.put("https://a.test/page", b"A", 1)
    assert icons.put("https://b.test/", b"B", 2)
    assert icons.get("https://a.test/other") == b"A"
    assert icons.get("http://a.test/") is None
    assert icons.put("https://a.test/", b"A2", 3)
    assert icons.put("https://c.test/", b"C", 4)
    found = [icons.get(f"https://{name}.test/") for name in "abc"]
    assert found == [b"A2", None, b"C"]
    assert not icons.put("about:blank", b"X", 5)
    assert not icons.put("https://a.test/", b"", 5)
    assert not icons.put("https://a.test/", b"X" * (MAX_ICON + 1), 5)
    icons.delete_site("a.test")
    assert icons.get("https://a.test/") is None
    icons.delete_all()
    assert icons.get("https://c.test/") is None
    icons.close()

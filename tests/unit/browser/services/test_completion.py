"""The rows below the address bar and the inline completion."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myco_browser.domain.search_engines import builtin_engines
from myco_browser.services.completion import (
    MAX_ROWS,
    Completion,
    CompletionRow,
    OpenTab,
    RowKind,
    complete,
)
from myco_browser.services.history import Page

ENGINES = builtin_engines("en")
QWANT, DDG = ENGINES[0], ENGINES[1]


def page(url: str, title: str = "", visits: int = 2, typed: int = 0) -> Page:
    return Page(url, title, visits, typed, 0, 0.0)


def offered(typed: str, *pages: Page, tabs: tuple[OpenTab, ...] = ()) -> Completion:
    return complete(typed, pages, tabs, ENGINES, QWANT)


def test_nothing_typed_offers_nothing() -> None:
    assert offered("  ") == Completion()


def test_the_first_row_is_what_enter_does() -> None:
    known = page("https://weather.test/", "Weather")
    assert offered("weather", known).rows[0] == CompletionRow(
        RowKind.SEARCH, "weather", "Qwant", "weather", QWANT.url_for("weather"), QWANT
    )
    first, second, *_ = offered("example.org", known).rows
    assert (first.kind, first.url) == (RowKind.URL, "https://example.org/")
    assert (second.kind, second.text) == (RowKind.SEARCH, "?example.org")


def test_a_refused_text_offers_no_action() -> None:
    assert offered("javascript:alert(1)") == Completion()


def test_tabs_come_before_history_and_replace_it() -> None:
    tabs = (OpenTab(7, "https://www.news.test/a", "The News"), OpenTab(8, "about:blank", ""))
    rows = offered("new", page("https://news.test/a/"), page("https://news.test/b"), tabs=tabs).rows
    assert [(row.kind, row.url, row.tab) for row in rows[1:]] == [
        (RowKind.TAB, "https://www.news.test/a", 7),
        (RowKind.HISTORY, "https://news.test/b", None),
    ]


def test_bookmarks_come_before_history_and_replace_it() -> None:
    kept = (OpenTab(1, "https://www.news.test/a", "Kept"), OpenTab(2, "https://x.test/", "New"))
    pages = (page("https://news.test/a/"), page("https://news.test/b"))
    rows = complete("new", pages, (), ENGINES, QWANT, kept).rows
    assert [(row.kind, row.url, row.tab) for row in rows[1:]] == [
        (RowKind.BOOKMARK, "https://www.news.test/a", None),
        (RowKind.BOOKMARK, "https://x.test/", None),
        (RowKind.HISTORY, "https://news.test/b", None),
    ]


def test_a_keyword_offers_its_engine() -> None:
    row = offered("dd").rows[1]
    assert (row.kind, row.text, row.engine) == (RowKind.ENGINE, "ddg ", DDG)
    searching = offered("ddg cats").rows[0]
    assert (searching.title, searching.detail) == ("cats", "DuckDuckGo")


@pytest.mark.parametrize(
    ("typed", "inline", "url"),
    [
        ("exa", "example.org/", "https://www.example.org/"),
        ("EXA", "EXAmple.org/", "https://www.example.org/"),
        ("www.exa", "www.example.org/", "https://www.example.org/"),
        ("https://exa", "https://example.org/", "https://www.example.org/"),
        ("http://exa", "", ""),
        ("example.org/ma", "example.org/mail", "https://www.example.org/mail"),
        ("example.org/x", "", ""),
        ("exa mple", "", ""),
        ("?exa", "", ""),
        ("exa ", "", ""),
        ("xample", "", ""),
        ("https://", "", ""),
    ],
)
def test_inline_completion(typed: str, inline: str, url: str) -> None:
    completion = offered(typed, page("https://www.example.org/mail", "Mail"))
    assert (completion.inline, completion.inline_url) == (inline, url)


def test_one_accidental_visit_is_not_completed() -> None:
    assert offered("exa", page("https://example.org/", visits=1)).inline == ""
    assert offered("exa", page("https://example.org/", visits=1, typed=1)).inline == "example.org/"
    assert offered("exa", page("http://localhost:8000/")).inline == ""
    assert offered("loc", page("http://localhost:8000/")).inline_url == "http://localhost:8000/"


def test_rows_are_bounded() -> None:
    pages = [page(f"https://e{number}.test/") for number in range(50)]
    tabs = tuple(OpenTab(number, f"https://t{number}.test/", "e") for number in range(50))
    rows = offered("e", *pages, tabs=tabs).rows
    assert len(rows) == MAX_ROWS
    assert sum(row.kind is RowKind.TAB for row in rows) == 3


URLS = st.sampled_from(
    [
        "https://exa.test/",
        "http://www.exa.test/a",
        "file:///x",
        "https://b.test/?exa",
        "about:blank",
    ]
)
PAGES = st.lists(st.builds(page, URLS, st.text(max_size=5), st.integers(1, 3)), max_size=6)
TABS = st.lists(st.builds(OpenTab, st.integers(), URLS, st.text(max_size=5)), max_size=4)
TYPED = st.sampled_from(["exa", "exa.test/", "https://exa", "b", "ddg x"]) | st.text(max_size=10)


@settings(max_examples=2_000, deadline=None)
@given(TYPED, PAGES, TABS)
def test_any_text_is_completed_honestly(typed: str, pages: list[Page], tabs: list[OpenTab]) -> None:
    completion = complete(typed, pages, tabs, ENGINES, QWANT)
    assert len(completion.rows) <= MAX_ROWS
    assert completion.inline.startswith(typed) or not completion.inline
    assert bool(completion.inline) == bool(completion.inline_url)
    for row in completion.rows:
        assert row.url or row.kind is RowKind.ENGINE
        assert not row.url.startswith(("javascript:", "data:"))

"""What the address bar offers while somebody types: a pure ranking of what is known locally.

The first row is always what Enter will do, so that nothing can push itself between the typed
text and its meaning. Nothing is asked from the network.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum, auto
from typing import NamedTuple

from myco_browser.domain.addresses import parse_web_address
from myco_browser.domain.omnibox import Navigate, Outcome, Refused, Search, parse_input
from myco_browser.domain.search_engines import SearchEngine
from myco_browser.domain.session_state import is_restorable
from myco_browser.domain.urls import show_url
from myco_browser.services.history import Page

MAX_ROWS = 8
_MAX_TABS = 3
_MAX_BOOKMARKS = 3
_MAX_ENGINES = 2
_PREFIX = re.compile(r"(?:https?:)?(?://)?(?:www\.)?", re.IGNORECASE | re.ASCII)


class RowKind(Enum):
    """What choosing a row does."""

    URL = auto()
    SEARCH = auto()
    TAB = auto()
    BOOKMARK = auto()
    HISTORY = auto()
    ENGINE = auto()


class OpenTab(NamedTuple):
    """A tab, or a bookmark, as completion sees it; a tab's `id` comes back in the row."""

    id: int
    url: str
    title: str


class CompletionRow(NamedTuple):
    """One row. `text` is what choosing it puts into the field, `url` what it opens.

    SEARCH and ENGINE rows name their `engine`; an ENGINE row has no `url`: its text is the
    keyword, and terms are to follow. `tab` is set in TAB rows.
    """

    kind: RowKind
    title: str
    detail: str
    text: str
    url: str = ""
    engine: SearchEngine | None = None
    tab: int | None = None


class Completion(NamedTuple):
    """Rows, and the text to append behind the cursor as a selection.

    `inline` begins with the typed text or is empty; `inline_url` is what it opens, which may
    differ in scheme and in `www.` from what the text alone would mean.
    """

    rows: tuple[CompletionRow, ...] = ()
    inline: str = ""
    inline_url: str = ""


def complete(
    typed: str,
    pages: Sequence[Page],
    tabs: Sequence[OpenTab],
    engines: Sequence[SearchEngine],
    default_engine: SearchEngine,
    bookmarks: Sequence[OpenTab] = (),
) -> Completion:
    """Rank what is known for `typed`. `pages` come from `History.complete`, best first;
    `bookmarks` have all its words, newest first, and no other order."""
    if not typed.strip():
        return Completion()
    outcome = parse_input(typed, engines, default_engine)
    inline, inline_url = _inline(typed, pages, outcome, default_engine)
    found = [*_first_rows(typed, outcome, engines, default_engine)]
    found += _engine_rows(typed, engines)
    # A switched-to tab is offered instead of the same page from history.
    found += _tab_rows(typed, tabs)
    found += _bookmark_rows(bookmarks)
    found += _history_rows(pages)
    return Completion(tuple(_without_repeats(found))[:MAX_ROWS], inline, inline_url)


def _first_rows(
    typed: str, outcome: Outcome, engines: Sequence[SearchEngine], default_engine: SearchEngine
) -> Iterable[CompletionRow]:
    match outcome:
        case Navigate(url):
            shown = show_url(url).text
            yield CompletionRow(RowKind.URL, shown, "", typed.strip(), url)
            forced = parse_input(f"?{typed.strip()}", engines, default_engine)
            if isinstance(forced, Search):
                yield _search_row(forced, f"?{typed.strip()}")
        case Search():
            yield _search_row(outcome, typed.strip())
        case Refused():
            return


def _search_row(search: Search, text: str) -> CompletionRow:
    return CompletionRow(
        RowKind.SEARCH, search.terms, search.engine.name, text, search.url, search.engine
    )


def _engine_rows(typed: str, engines: Sequence[SearchEngine]) -> list[CompletionRow]:
    word = typed.strip().lower().removeprefix("@")
    rows = [
        CompletionRow(RowKind.ENGINE, keyword, engine.name, f"{keyword} ", engine=engine)
        for engine in engines
        for keyword in engine.keywords[:1]
        if keyword == word or (len(word) > 1 and keyword.startswith(word))
    ]
    return rows[:_MAX_ENGINES]


def _tab_rows(typed: str, tabs: Sequence[OpenTab]) -> list[CompletionRow]:
    words = _PREFIX.sub("", typed.strip(), count=1).casefold().split()
    rows = []
    for tab in tabs:
        shown = show_url(tab.url).text
        place = f"{tab.title} {shown}".casefold()
        if words and all(word in place for word in words) and is_restorable(tab.url):
            row = CompletionRow(RowKind.TAB, tab.title or shown, shown, shown, tab.url, tab=tab.id)
            rows.append(row)
    return rows[:_MAX_TABS]


def _bookmark_rows(bookmarks: Sequence[OpenTab]) -> list[CompletionRow]:
    rows = []
    for one in bookmarks[:_MAX_BOOKMARKS]:
        shown = show_url(one.url).text
        rows.append(CompletionRow(RowKind.BOOKMARK, one.title or shown, shown, one.url, one.url))
    return rows


def _history_rows(pages: Sequence[Page]) -> list[CompletionRow]:
    rows = []
    for page in pages:
        shown = show_url(page.url).text
        rows.append(CompletionRow(RowKind.HISTORY, page.title or shown, shown, page.url, page.url))
    return rows


def _without_repeats(rows: Iterable[CompletionRow]) -> Iterable[CompletionRow]:
    seen: set[str] = set()
    for row in rows:
        # http and https, with and without "www." and closing slash are one page to a reader.
        key = _bare(row.url).rstrip("/") if row.url else row.text
        if row.kind is RowKind.SEARCH:
            key = f"search {row.url}"
        if key not in seen:
            seen.add(key)
            yield row


def _inline(
    typed: str, pages: Sequence[Page], outcome: Outcome, default_engine: SearchEngine
) -> tuple[str, str]:
    """Text and address of the best completion of a host, or of a page below it."""
    meant_otherwise = isinstance(outcome, Refused) or (
        isinstance(outcome, Search) and outcome.engine != default_engine
    )
    wanted = _bare(typed).lower()
    if meant_otherwise or not wanted or re.search(r"[\s?]", typed):
        return "", ""
    if "/" in wanted:
        return _inline_page(typed, wanted, pages)
    return _inline_host(typed, wanted, pages)


def _inline_host(typed: str, wanted: str, pages: Sequence[Page]) -> tuple[str, str]:
    visits: dict[str, int] = {}
    best: dict[str, str] = {}
    for page in pages:
        address = parse_web_address(page.url)
        if address is None:
            continue
        host = address.authority.removeprefix("www.")
        if host.startswith(wanted) and _allows(typed, page.url):
            visits[host] = visits.get(host, 0) + page.visits + 2 * page.typed
            best.setdefault(host, f"{address.scheme}://{address.authority}/")
    # One visit may have been an accident; completing it would invite the next.
    known = [host for host, count in visits.items() if count > 1]
    if not known:
        return "", ""
    host = known[0]
    return f"{typed}{host[len(wanted) :]}/", best[host]


def _inline_page(typed: str, wanted: str, pages: Sequence[Page]) -> tuple[str, str]:
    for page in pages:
        known = page.visits > 1 or page.typed > 0
        bare = _bare(page.url)
        if known and bare.lower().startswith(wanted) and _allows(typed, page.url):
            return typed + bare[len(wanted) :], page.url
    return "", ""


def _allows(typed: str, url: str) -> bool:
    """A typed scheme must be kept: who types https must not get http."""
    scheme, colon, _ = typed.lower().partition(":")
    return not colon or scheme not in {"http", "https"} or url.startswith(f"{scheme}:")


def _bare(url: str) -> str:
    return _PREFIX.sub("", url, count=1)

"""Brings over what another browser kept. What is here already is left out: a second run adds
nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from myco_browser.domain.search_engines import EngineProblem, SearchEngine, make_engine
from myco_browser.services.bookmarks import BAR, OTHER, Bookmark, Bookmarks, Tree, is_keepable
from myco_browser.services.foreign_files import (
    Findings,
    ForeignEngine,
    ForeignVisit,
    count_pages,
)

_BATCH = 1000

TakeVisits = Callable[[Sequence[ForeignVisit]], int]
"""Keeps visits; how many were new."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How many came, and how many were here already or could not be kept."""

    came: int = 0
    left: int = 0


def take_bookmarks(bookmarks: Bookmarks, findings: Findings) -> Taken:
    """Folders of the same name at the same place become one. Raises sqlite3.Error."""
    came = 0
    known = {item.url for item in _pages(bookmarks)}
    for root, trees in ((BAR, findings.bar), (OTHER, findings.other)):
        came += _merge(bookmarks, root, trees, known)
    return Taken(came, findings.bookmarks - came)


def take_visits(take: TakeVisits, visits: Sequence[ForeignVisit]) -> Iterator[Taken]:
    """Batch by batch, so that the window lives meanwhile; tells the sum so far after each."""
    rest, came, done = iter(visits), 0, 0
    while batch := tuple(islice(rest, _BATCH)):
        came += take(batch)
        done += len(batch)
        yield Taken(came, done - came)


def new_engines(
    found: Iterable[ForeignEngine], own: Sequence[SearchEngine]
) -> tuple[SearchEngine, ...]:
    """Those that can be kept and are not here yet, by address. A keyword that is taken falls."""
    every, added = list(own), list[SearchEngine]()
    known = {engine.template.replace("%s", "{query}") for engine in every}
    for one in found:
        if one.template.replace("%s", "{query}") in known:
            continue
        made = make_engine(one.name, one.keyword, one.template, every)
        if isinstance(made, EngineProblem):
            made = make_engine(one.name, "", one.template, every)
        if isinstance(made, SearchEngine):
            every.append(made)
            added.append(made)
            known.add(one.template.replace("%s", "{query}"))
    return tuple(added)


def _pages(bookmarks: Bookmarks) -> Iterator[Bookmark]:
    waiting = [bookmarks.tree(BAR), bookmarks.tree(OTHER)]
    while waiting:
        tree = waiting.pop()
        waiting.extend(tree.inside)
        if tree.item.url is not None:
            yield tree.item


def _merge(bookmarks: Bookmarks, folder: int, trees: Iterable[Tree], known: set[str | None]) -> int:
    folders = {item.title: item.id for item in bookmarks.children(folder) if item.url is None}
    fresh: list[Tree] = []
    came = 0
    for tree in trees:
        if tree.item.url is None:
            title = " ".join(tree.item.title.split())
            if title in folders:
                came += _merge(bookmarks, folders[title], tree.inside, known)
                continue
        kept = _without_known(tree, known)
        if kept is not None:
            fresh.append(kept)
    return came + (bookmarks.take_in(folder, fresh) if fresh else 0)


def _without_known(tree: Tree, known: set[str | None]) -> Tree | None:
    """What of a tree is new; None for nothing, and for folders in which nothing is left."""
    if tree.item.url is not None:
        is_new = tree.item.url not in known and is_keepable(tree.item.url)
        return tree if is_new else None
    inside = tuple(kept for one in tree.inside if (kept := _without_known(one, known)) is not None)
    return Tree(tree.item, inside) if any(map(count_pages, inside)) else None

"""The lists that an engine is made of: what the user switched on, as far as it is on disk."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from myco_filters.lists.catalogue import ListKind, by_id
from myco_filters.lists.store import ListStore
from myco_filters.syntax.lists import FilterList

BASE_TITLES = {"ads": "Myco base – ads", "trackers": "Myco base – trackers"}
_FOLDER = Path(str(files("myco_filters"))) / "base"


def base_lists() -> tuple[FilterList, ...]:
    """Our own lists, which come with the program and need no download."""
    paths = dict(base_paths())
    return tuple(
        FilterList(f"base-{name}", title, paths[f"base-{name}"].read_text(encoding="utf-8"))
        for name, title in BASE_TITLES.items()
    )


def base_paths() -> tuple[tuple[str, Path], ...]:
    """Id and file of each of our own lists."""
    return tuple((f"base-{name}", _FOLDER / f"{name}.txt") for name in BASE_TITLES)


def annoyance_list() -> FilterList:
    """Our own list against annoyances of the sites themselves, for sites with the strict level."""
    text = (_FOLDER / "annoyances.txt").read_text(encoding="utf-8")
    return FilterList("base-annoyances", "Myco base – annoyances", text)


def collect(store: ListStore, enabled: Iterable[str]) -> tuple[FilterList, ...]:
    """The enabled lists on disk; with our base lists until both ads and trackers have a list."""
    found: list[FilterList] = []
    kinds: set[ListKind] = set()
    for identifier in dict.fromkeys(enabled):
        text = store.text(identifier)
        if text is None:
            continue
        known = by_id(identifier)
        title = store.metadata(identifier).title
        if known is not None:
            kinds.add(known.kind)
            title = known.title
        strict = known is not None and known.strict
        found.append(FilterList(identifier, title or identifier, text, strict))
    if not kinds >= {ListKind.ADS, ListKind.PRIVACY}:
        found.extend(base_lists())
    return tuple(found)

"""What is to be told of each filter list: one row a list, from the catalogue and from disk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from myco_browser.domain.settings import COOKIE_BANNERS, is_list_enabled
from myco_browser.domain.settings_snapshot import Settings
from myco_filters.lists.catalogue import Subscription, default_ids
from myco_filters.lists.store import ListStore


@dataclass(frozen=True, slots=True)
class ListRow:
    """One list. Times are seconds since the epoch, 0 for never."""

    subscription: Subscription
    title: str
    on: bool
    suggested: bool
    """It is for one of the user's languages."""
    count: int
    """Filters; 0 when the list is not on disk."""
    size: int
    """Bytes of text on disk."""
    fetched_at: float
    failure: str
    """Why the last attempt failed, or empty."""


class Progress(NamedTuple):
    """An update under way: how many of how many lists are done, and which is next."""

    done: int
    total: int
    title: str


def rows_of(
    subscriptions: Iterable[Subscription],
    store: ListStore,
    settings: Settings,
    language: str,
    languages: frozenset[str],
) -> tuple[ListRow, ...]:
    """The rows, in the order given. `languages` are those of the desktop (ISO 639-1)."""
    usual = usual_ids(settings, language)
    return tuple(_row(one, store, settings, usual, languages) for one in subscriptions)


def usual_ids(settings: Settings, language: str) -> frozenset[str]:
    """The lists of the catalogue that are on when the user chose nothing about them."""
    cookies = ("easylist-cookies",) if settings[COOKIE_BANNERS] else ()
    return frozenset((*default_ids({language}), *cookies))


def is_usual(subscription: Subscription, usual: frozenset[str]) -> bool:
    """Whether a list is on when the user chose nothing: what was added by hand is."""
    return subscription.id in usual or subscription.id.startswith("added-")


def _row(
    one: Subscription,
    store: ListStore,
    settings: Settings,
    usual: frozenset[str],
    languages: frozenset[str],
) -> ListRow:
    known = store.metadata(one.id)
    try:
        size = store.path(one.id).stat().st_size
    except OSError:
        size = 0
    own = one.id.startswith("added-")
    return ListRow(
        subscription=one,
        title=(known.title or one.title) if own else one.title,
        on=is_list_enabled(settings, one.id, is_usual(one, usual)),
        suggested=bool(one.languages & languages),
        count=known.count if size else 0,
        size=size,
        fetched_at=known.fetched_at,
        failure=known.failure if known.failures else "",
    )

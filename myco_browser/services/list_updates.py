"""Keeps the filter lists fresh in the background, as far as the user wants it.

Nothing is fetched in the first minutes after a start: a browser that was just opened makes no
connection by itself. On a connection that is paid by volume nothing is fetched either, unless
allowed; when that is not known, it is taken for unpaid.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Protocol

from myco_browser.domain.settings import LIST_INTERVAL, LIST_UPDATES, LISTS_ON_METERED
from myco_browser.domain.settings_snapshot import Settings
from myco_browser.services.list_rows import Progress
from myco_filters.lists.catalogue import Subscription
from myco_filters.lists.store import ListStore, Metadata
from myco_filters.lists.updates import (
    Clock,
    Fetcher,
    Kept,
    Outcome,
    Updated,
    UpdateSettings,
    due,
    due_at,
    update,
)

START_DELAY = 180.0
"""Seconds after a start in which nothing is fetched."""

SHORTEST_WAIT = 60.0
LONGEST_WAIT = 3600.0
"""Seconds between two looks at the clock; the machine may have slept in between."""

_log = logging.getLogger(__name__)


class Connection(Protocol):
    """What is known of the way to the network."""

    async def is_metered(self) -> bool | None:
        """Is it paid by volume? None if nobody knows. Never raises."""
        ...


Subscriptions = Callable[[], Iterable[Subscription]]
Observer = Callable[[tuple[Outcome, ...]], None]


class ListUpdates:
    """The background task of one everyday session. Lives on the asyncio thread.

    `subscriptions` and `settings` are asked at each round, so changes count at once. `observer`
    is called after a round that fetched something; lists that changed are `Updated`, and whoever
    listens compiles a new engine.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        clock: Clock,
        store: ListStore,
        connection: Connection,
        *,
        subscriptions: Subscriptions,
        settings: Callable[[], Settings],
        observer: Observer,
    ) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._store = store
        self._connection = connection
        self._subscriptions = subscriptions
        self._settings = settings
        self._observer = observer
        self._woken = asyncio.Event()
        self._busy = asyncio.Lock()

    async def run(self, start_delay: float = START_DELAY) -> None:
        """Update for ever; ends by cancellation."""
        await asyncio.sleep(start_delay)
        while True:
            self._woken.clear()
            wait = await self.round()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), wait)

    def wake(self) -> None:
        """Look again now: settings or subscriptions have changed. On the asyncio thread."""
        self._woken.set()

    async def round(self) -> float:
        """Fetch what is due; the seconds to wait before the next look."""
        known = self._known()
        settings = self._settings()
        wanted = UpdateSettings(settings[LIST_UPDATES], settings[LISTS_ON_METERED])
        now = self._clock.now()
        # The connection is asked only if there is something to fetch.
        late = due(now, known, wanted)
        if late and await self._connection.is_metered():
            late = due(now, known, wanted, metered=True)
        if late:
            await self._update(late)
        return self._wait()

    async def update_now(
        self,
        wanted: Iterable[Subscription] | None = None,
        told: Callable[[Progress], None] = lambda _: None,
    ) -> tuple[Outcome, ...]:
        """Fetch lists, by default all, because the user asked for it, whatever the settings say."""
        chosen = tuple(self._subscriptions() if wanted is None else wanted)
        outcomes: list[Outcome] = []
        async with self._busy:
            for number, one in enumerate(chosen):
                told(Progress(number, len(chosen), one.title))
                outcomes += await update(self._fetcher, self._clock, self._store, (one,))
        self._report(tuple(outcomes))
        return tuple(outcomes)

    async def _update(self, wanted: Iterable[Subscription]) -> tuple[Outcome, ...]:
        async with self._busy:
            outcomes = await update(self._fetcher, self._clock, self._store, wanted)
        self._report(outcomes)
        return outcomes

    def _report(self, outcomes: tuple[Outcome, ...]) -> None:
        for outcome in outcomes:
            if isinstance(outcome, Kept):
                _log.warning("Filter list %s was not updated: %s", outcome.id, outcome.cause)
        self._observer(outcomes)

    def _known(self) -> list[tuple[Subscription, Metadata]]:
        """Subscriptions with what is known, no list more often than the user wants."""
        shortest = self._settings()[LIST_INTERVAL] * 3600
        pairs = []
        for subscription in self._subscriptions():
            metadata = self._store.metadata(subscription.id)
            interval = max(metadata.expires, shortest)
            pairs.append((subscription, replace(metadata, expires=interval)))
        return pairs

    def _wait(self) -> float:
        now = self._clock.now()
        nearest = min((due_at(now, metadata) - now for _, metadata in self._known()), default=0)
        return min(max(nearest, SHORTEST_WAIT), LONGEST_WAIT)


def has_news(outcomes: Iterable[Outcome]) -> bool:
    """Is there a new text among the outcomes, so that the engine has to be compiled anew?"""
    return any(isinstance(outcome, Updated) for outcome in outcomes)

"""When lists are fetched, under which settings, and who is told."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from myco_browser.domain.settings import LIST_INTERVAL, LIST_UPDATES, LISTS_ON_METERED
from myco_browser.domain.settings_snapshot import Change, Settings, apply_changes
from myco_browser.services.list_updates import (
    LONGEST_WAIT,
    SHORTEST_WAIT,
    ListUpdates,
    has_news,
)
from myco_filters.lists.catalogue import ListKind, Subscription
from myco_filters.lists.store import ListStore
from myco_filters.lists.updates import (
    Failed,
    Fetched,
    Kept,
    NotModified,
    Outcome,
    Unchanged,
    Updated,
)

HOUR = 3600
LISTS = tuple(
    Subscription(name, name, (f"https://{name}.test/",), ListKind.ADS, "", "") for name in "ab"
)


@dataclass
class Server:
    """Answers with `answer`, and remembers what was asked."""

    answer: Fetched | NotModified | Failed = field(
        default_factory=lambda: Fetched(b"! Expires: 12 hours\n||ads.test^\n", '"1"', "")
    )
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def fetch(
        self, url: str, etag: str, last_modified: str, limit: int
    ) -> Fetched | NotModified | Failed:
        self.asked.append((url, etag))
        return self.answer


@dataclass
class World:
    """The ports of the use case, all in the hands of the test."""

    store: ListStore
    server: Server = field(default_factory=Server)
    settings: Settings = field(default_factory=Settings)
    time: float = 1_800_000_000.0
    metered: bool | None = None
    told: list[tuple[Outcome, ...]] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    async def is_metered(self) -> bool | None:
        return self.metered

    def make(self) -> ListUpdates:
        return ListUpdates(
            self.server,
            self,
            self.store,
            self,
            subscriptions=lambda: LISTS,
            settings=lambda: self.settings,
            observer=self.told.append,
        )

    def round(self) -> float:
        async def once() -> float:
            return await self.make().round()

        return asyncio.run(once())

    def change(self, *changes: Change[Any]) -> None:
        changed = apply_changes(self.settings, changes)
        assert isinstance(changed, Settings)
        self.settings = changed


def test_the_first_round_fetches_all_and_the_next_nothing(tmp_path: Path) -> None:
    world = World(ListStore(tmp_path))
    wait = world.round()
    assert [url for url, _ in world.server.asked] == ["https://a.test/", "https://b.test/"]
    assert world.told == [(Updated("a", 1), Updated("b", 1))]
    assert has_news(world.told[0])
    assert wait == LONGEST_WAIT
    world.round()
    assert len(world.server.asked) == 2
    assert len(world.told) == 1


def test_no_list_is_asked_more_often_than_the_user_wants(tmp_path: Path) -> None:
    world = World(ListStore(tmp_path))
    world.round()
    world.time += 23 * HOUR  # the lists themselves would want 12 hours
    world.round()
    assert len(world.server.asked) == 2
    world.time += HOUR
    world.server.answer = NotModified()
    world.round()
    assert world.server.asked[2:] == [("https://a.test/", '"1"'), ("https://b.test/", '"1"')]
    assert world.told[-1] == (Unchanged("a"), Unchanged("b"))
    assert not has_news(world.told[-1])
    world.change(Change(LIST_INTERVAL, 1))
    world.time += 11 * HOUR
    world.round()
    assert len(world.server.asked) == 4
    world.time += HOUR
    world.round()
    assert len(world.server.asked) == 6


def test_nothing_is_fetched_unless_wanted(tmp_path: Path) -> None:
    world = World(ListStore(tmp_path))
    world.change(Change(LIST_UPDATES, False))
    world.round()
    assert world.server.asked == []
    outcomes = asyncio.run(_update_now(world))
    assert outcomes == (Updated("a", 1), Updated("b", 1))


async def _update_now(world: World) -> tuple[Outcome, ...]:
    return await world.make().update_now()


def test_nothing_is_fetched_on_metered_connections_unless_allowed(tmp_path: Path) -> None:
    world = World(ListStore(tmp_path), metered=True)
    assert world.round() == SHORTEST_WAIT
    assert world.server.asked == []
    world.change(Change(LISTS_ON_METERED, True))
    world.round()
    assert len(world.server.asked) == 2


def test_failures_are_tried_again_later_and_later(tmp_path: Path) -> None:
    world = World(ListStore(tmp_path), server=Server(Failed("no way")))
    assert world.round() == 300
    assert world.told == [(Kept("a", "no way"), Kept("b", "no way"))]
    world.time += 299
    world.round()
    assert len(world.server.asked) == 2
    world.time += 1
    assert world.round() == 600


def test_run_waits_after_the_start_and_wakes_on_demand(tmp_path: Path) -> None:
    async def scenario() -> None:
        world = World(ListStore(tmp_path))
        told = asyncio.Event()
        updates = ListUpdates(
            world.server,
            world,
            world.store,
            world,
            subscriptions=lambda: LISTS,
            settings=lambda: world.settings,
            observer=lambda _outcomes: told.set(),
        )
        waiting = asyncio.create_task(_run(updates.run()))
        await asyncio.sleep(0)
        assert world.server.asked == []
        waiting.cancel()
        running = asyncio.create_task(_run(updates.run(start_delay=0)))
        await told.wait()
        assert len(world.server.asked) == 2
        told.clear()
        world.time += 100 * HOUR
        updates.wake()
        await told.wait()
        assert len(world.server.asked) == 4
        running.cancel()
        await asyncio.gather(waiting, running, return_exceptions=True)

    asyncio.run(scenario())


async def _run(forever: Coroutine[Any, Any, None]) -> None:
    await forever

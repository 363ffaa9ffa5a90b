"""Keeps a session's filter lists: loads, compiles, updates, adds and removes them.

Lives on the Qt thread and works in the asyncio thread. What the lists page shows and does goes
through here.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from myco_browser.domain.addresses import parse_web_address
from myco_browser.domain.hosts import is_local_host
from myco_browser.domain.settings import LIST_CHOICES
from myco_browser.domain.settings_snapshot import Change, Settings
from myco_browser.services.filter_lists import (
    FilterLists,
    FirstEngine,
    ListPlaces,
    SystemClock,
    enabled_ids,
)
from myco_browser.services.late_engine import LateEngine
from myco_browser.services.list_rows import ListRow, Progress, is_usual, rows_of, usual_ids
from myco_browser.services.own_lists import AddProblem, OwnLists
from myco_browser.services.settings_store import SettingsStore
from myco_filters.engine import Engine
from myco_filters.lists.catalogue import CATALOGUE, Subscription
from myco_filters.lists.store import ListStore

if TYPE_CHECKING:
    from myco_browser.services.list_updates import ListUpdates
    from myco_filters.lists.updates import Outcome

_UPDATES_AFTER_S = 10.0

AddDone = Callable[[AddProblem | str | None], None]
"""Hears how adding a list ended: None when it is there, or a problem, or why it did not come."""


class Beside(Protocol):
    """The asyncio thread."""

    def start(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None: ...

    def to_qt(self, act: Callable[[], None]) -> None: ...


class Granting(Protocol):
    """The door."""

    def grant_local(self, host: str, port: int | None) -> bool: ...


class KeeperFacts(NamedTuple):
    """What the keeper is told of its session."""

    places: ListPlaces
    language: str
    user_agent: str
    door_port: int


class ListKeeper:
    """The lists of one session. Qt thread only; observers are called there after each change.

    `use` gets each engine, and whether it is the one that was loaded at the start.
    """

    def __init__(
        self,
        facts: KeeperFacts,
        settings: SettingsStore,
        beside: Beside,
        door: Granting,
        use: Callable[[Engine, bool], None],
        load_first: Callable[[], FirstEngine],
    ) -> None:
        self._facts = facts
        self._settings = settings
        self._beside = beside
        self._door = door
        self._use = use
        self._load_first = load_first
        self._store = ListStore(facts.places.lists)
        self._own = OwnLists(
            facts.places.added or facts.places.lists / "none", writable=not facts.places.read_only
        )
        self._lists = FilterLists(
            facts.places, lambda: settings.settings, facts.language, self._deliver
        )
        self._updates: ListUpdates | None = None
        self._observers: list[Callable[[], None]] = []
        self.progress: Progress | None = None
        """The update that the user asked for, while it runs."""
        self.late_engine = LateEngine(self._load, self._deliver_first)

    # What the page shows

    @property
    def writable(self) -> bool:
        """Whether this session may change lists; a private one may not."""
        return self._own.writable

    def rows(self) -> tuple[ListRow, ...]:
        """All lists, as they are now."""
        facts = self._facts
        every = (*CATALOGUE, *self._own.all)
        from PyQt6.QtCore import QLocale  # its many names are made at the first use

        desktop = frozenset(name[:2] for name in QLocale.system().uiLanguages())
        return rows_of(every, self._store, self._settings.settings, facts.language, desktop)

    def observe(self, observer: Callable[[], None]) -> Callable[[], None]:
        """Calls `observer` after each change; the returned function ends that."""
        self._observers.append(observer)
        return lambda: self._observers.remove(observer) if observer in self._observers else None

    # What the page does

    def switch(self, identifier: str, on: bool) -> None:
        """A list on or off. Raises OSError."""
        every = {one.id: one for one in (*CATALOGUE, *self._own.all)}
        settings = self._settings.settings
        usual = is_usual(every[identifier], usual_ids(settings, self._facts.language))
        table = settings[LIST_CHOICES]
        choices = dict(table)
        choices.pop(identifier, None)
        if on != usual:
            choices[identifier] = on
        self._settings.change(Change(LIST_CHOICES, tuple(sorted(choices.items()))))
        self._tell()

    def settings_changed(self, before: Settings) -> None:
        """Compile anew if other lists are on now; what is not on disk is fetched now."""
        every = (*CATALOGUE, *self._own.all)
        language = self._facts.language
        was = enabled_ids(before, language, every)
        wanted = enabled_ids(self._settings.settings, language, every)
        if was == wanted:
            return
        self.compile()
        missing = [
            one
            for one in every
            if one.id in wanted and one.id not in was and not self._store.path(one.id).is_file()
        ]
        if missing and self.writable:
            self._fetch(missing, lambda _: None)

    def update_now(self) -> None:
        """Fetch all lists that are on."""
        if self.writable and self.progress is None:
            self._fetch(self._lists.enabled(), lambda _: None)

    def add(self, text: str, done: AddDone) -> None:
        """Fetch the list at an address, and keep it if it is one."""
        found = self._own.check(text)
        if isinstance(found, AddProblem):
            done(found)
            return

        from myco_filters.lists.updates import Kept

        def fetched(outcomes: tuple[Outcome, ...]) -> None:
            failed = next((one for one in outcomes if isinstance(one, Kept)), None)
            if failed is not None:
                self._store.remove(found.id)
                done(failed.cause)
            else:
                done(self._own.add(found))
            self.compile()
            self._tell()

        self._fetch((found,), fetched)

    def remove(self, identifier: str) -> AddProblem | None:
        """Forget a list that the user added."""
        problem = self._own.remove(identifier)
        if problem is None:
            self._store.remove(identifier)
            self.compile()
        self._tell()
        return problem

    # What runs beside

    def compile(self) -> None:
        """Make the engine anew if lists or choices have changed."""
        self._beside.start(self._lists.compile_if_needed)

    def keep_fresh(self) -> None:
        """Update lists from now on, as far as the user wants it."""

        async def run() -> None:
            import asyncio

            # Not while the first page loads: the HTTP client takes long to import.
            await asyncio.sleep(_UPDATES_AFTER_S)
            await self._make_updates().run()

        self._beside.start(run)

    def _fetch(
        self, wanted: Iterable[Subscription], done: Callable[[tuple[Outcome, ...]], None]
    ) -> None:
        chosen = tuple(wanted)
        for one in chosen:
            self._grant(one)
        self._show(Progress(0, len(chosen), chosen[0].title if chosen else ""))

        def tell(progress: Progress) -> None:
            self._beside.to_qt(lambda: self._show(progress))

        def finish(outcomes: tuple[Outcome, ...]) -> None:
            self.progress = None
            done(outcomes)
            self._tell()

        async def run() -> None:
            outcomes: tuple[Outcome, ...] = ()
            try:
                outcomes = await self._make_updates().update_now(chosen, tell)
            finally:
                self._beside.to_qt(lambda: finish(outcomes))

        self._beside.start(run)

    def _grant(self, subscription: Subscription) -> None:
        for address in map(parse_web_address, subscription.urls):
            if address is not None and is_local_host(address.host):
                usual = 443 if address.scheme == "https" else 80
                self._door.grant_local(address.host.strip("[]"), address.port or usual)

    def _make_updates(self) -> ListUpdates:
        """In the asyncio thread."""
        if self._updates is None:
            from myco_browser.services.door_fetcher import DoorFetcher
            from myco_browser.services.list_updates import ListUpdates, has_news
            from myco_browser.system.metered import SystemConnection

            def updated(outcomes: tuple[Outcome, ...]) -> None:
                if has_news(outcomes):
                    self.compile()
                self._beside.to_qt(self._tell)

            self._facts.places.lists.mkdir(parents=True, exist_ok=True)
            self._updates = ListUpdates(
                DoorFetcher(("127.0.0.1", self._facts.door_port), "lists", self._facts.user_agent),
                SystemClock(),
                self._store,
                SystemConnection(),
                subscriptions=self._lists.enabled,
                settings=lambda: self._settings.settings,
                observer=updated,
            )
        return self._updates

    # Engines

    def _load(self) -> Engine:
        first = self._load_first()
        self._lists.in_use = first.file
        self._lists.began_with = first.wanted
        return first.engine

    def _deliver_first(self, engine: Engine) -> None:
        self._beside.to_qt(lambda: self._use(engine, True))

    def _deliver(self, engine: Engine) -> None:
        def use() -> None:
            self._use(engine, False)
            self._tell()

        self._beside.to_qt(use)

    def _show(self, progress: Progress) -> None:
        self.progress = progress
        self._tell()

    def _tell(self) -> None:
        for observer in tuple(self._observers):
            observer()

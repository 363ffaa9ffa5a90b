"""The filter lists of a session: from disk to an engine, compiled outside the Qt thread."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from myco_browser.domain.settings import CLEAN_LINKS, is_list_enabled
from myco_browser.domain.settings_snapshot import Settings
from myco_browser.services.list_rows import is_usual, usual_ids
from myco_browser.services.own_filters import OWN_LIST, read_own
from myco_browser.services.own_lists import read_added, subscription_of
from myco_filters.cache import CacheError
from myco_filters.engine import Engine
from myco_filters.lists.catalogue import CATALOGUE, LINKS, LINKS_TITLE, Subscription, links_path
from myco_filters.lists.seed import INSTALLED, find, plant
from myco_filters.lists.store import ListStore

if TYPE_CHECKING:
    import asyncio

_log = logging.getLogger(__name__)

_COMPILE_S = 120


@dataclass(frozen=True, slots=True)
class ListPlaces:
    """Where lists and compiled engines are; a private session writes to neither.

    `own` is the file of the user's own filters, `added` the table of lists that the user added.
    """

    lists: Path
    cache: Path
    seeds: tuple[Path, ...] = INSTALLED
    read_only: bool = False
    own: Path | None = None
    added: Path | None = None

    def subscriptions(self) -> tuple[Subscription, ...]:
        """The catalogue, and what the user added."""
        urls = read_added(self.added) if self.added is not None else ()
        return (*CATALOGUE, *map(subscription_of, urls))


class SystemClock:
    """The time of the system."""

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()


def let_others_run() -> None:
    """Gives the interpreter to a thread that waits for it, such as Qt's."""
    time.sleep(0)


def enabled_ids(
    settings: Settings, language: str, among: Iterable[Subscription] = CATALOGUE
) -> tuple[str, ...]:
    """The lists that are on, in the catalogue's order; ours for clean links at the end."""
    usual = usual_ids(settings, language)
    on = (one.id for one in among if is_list_enabled(settings, one.id, is_usual(one, usual)))
    return (*on, *((LINKS,) if settings[CLEAN_LINKS] else ()))


class FirstEngine(NamedTuple):
    """The engine that a session starts with, and the compiled file it came from."""

    engine: Engine
    file: Path | None
    wanted: tuple[str, ...]


def first_engine(places: ListPlaces, wanted: tuple[str, ...]) -> FirstEngine:
    """The best engine that is there at once.

    That is the compiled one of these lists, or any older compiled one, or our own base lists.
    """
    for path in dict.fromkeys((_cache_path(places, wanted), *_compiled(places))):
        try:
            return FirstEngine(Engine.load(path, let_others_run), path, wanted)
        except FileNotFoundError:
            continue
        except (CacheError, OSError) as error:
            _log.warning("%s cannot be used: %s", path, error)
    return FirstEngine(_base_engine(_own_text(places), LINKS in wanted), None, wanted)


def _base_engine(text: str, links: bool) -> Engine:
    # What parses lists is imported here, because a usual start has a compiled engine.
    from myco_filters.lists.collection import base_lists
    from myco_filters.syntax.lists import FilterList

    lists = list(base_lists())
    if links:
        lists.append(FilterList(LINKS, LINKS_TITLE, links_path().read_text(encoding="utf-8")))
    if text:
        lists.append(FilterList(OWN_LIST, OWN_LIST, text))
    return Engine.compile(lists)


def plant_seeds(places: ListPlaces, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Takes lists that are on this machine already; returns what was taken."""
    files = find(places.seeds)
    if not files:
        return ()
    places.lists.mkdir(parents=True, exist_ok=True)
    return plant(ListStore(places.lists), files, wanted)


class FilterLists:
    """Compiles lists. Runs in the asyncio thread; `deliver` gets each new engine.

    `in_use` is the compiled file of the engine that is used already, if there is one;
    `began_with` are the lists that the first engine was wanted for.
    """

    def __init__(
        self,
        places: ListPlaces,
        settings: Callable[[], Settings],
        language: str,
        deliver: Callable[[Engine], None],
    ) -> None:
        self._places = places
        self._settings = settings
        self._language = language
        self._deliver = deliver
        self._compiling: asyncio.Lock | None = None
        self.in_use: Path | None = None
        self.began_with: tuple[str, ...] | None = None

    async def compile_if_needed(self) -> None:
        """Makes the engine of the lists on disk, unless it was made before, and delivers it.

        Whoever asks while one is made waits, and then gets one of what is on disk by then.
        """
        if self._places.read_only:
            return
        import asyncio  # not at the start, where it takes long to load

        self._compiling = self._compiling or asyncio.Lock()
        async with self._compiling:
            await self._compile_and_deliver()

    async def _compile_and_deliver(self) -> None:
        import asyncio

        wanted = enabled_ids(self._settings(), self._language, self._places.subscriptions())
        plant_seeds(self._places, wanted)
        path = _cache_path(self._places, wanted)
        if not path.is_file() and not await self._compile(path, wanted):
            return
        if path != _cache_path(self._places, wanted):
            # Changed meanwhile, so the name may not fit the content; the change asked for a turn
            # of its own, which comes after this one.
            path.unlink(missing_ok=True)
            return
        if path != self.in_use:
            self._deliver(await asyncio.to_thread(Engine.load, path, let_others_run))
            self.in_use = path
        for other in _compiled(self._places):
            if other != path:
                other.unlink(missing_ok=True)

    def enabled(self) -> tuple[Subscription, ...]:
        """The subscriptions that are on."""
        every = self._places.subscriptions()
        wanted = enabled_ids(self._settings(), self._language, every)
        return tuple(one for one in every if one.id in wanted)

    async def _compile(self, path: Path, wanted: tuple[str, ...]) -> bool:
        import asyncio

        from myco_filters.compile import command
        from myco_filters.lists.collection import base_paths

        path.parent.mkdir(parents=True, exist_ok=True)
        store = ListStore(self._places.lists)
        strict = {one.id for one in CATALOGUE if one.strict}
        lists = [
            (name, store.path(name), name in strict)
            for name in wanted
            if store.path(name).is_file()
        ]
        own = self._places.own if _own_text(self._places) else None
        if not lists:
            if own is None and self.in_use is None and self.began_with in (None, wanted):
                return False  # the first engine is made of our own lists already
            lists = [(name, path, False) for name, path in base_paths()]
        if LINKS in wanted:
            lists.append((LINKS, links_path(), False))
        if own is not None:
            lists.append((OWN_LIST, own, False))
        process = await asyncio.create_subprocess_exec(
            *command(path, lists), stderr=asyncio.subprocess.PIPE
        )
        try:
            async with asyncio.timeout(_COMPILE_S):
                _out, errors = await process.communicate()
        except TimeoutError:
            process.kill()
            _log.warning("compiling the filter lists took too long")
            return False
        if process.returncode != 0:
            _log.warning("compiling the filter lists failed: %s", errors.decode(errors="replace"))
        return process.returncode == 0


def _compiled(places: ListPlaces) -> list[Path]:
    if not places.cache.is_dir():
        return []
    found = places.cache.glob("engine-*.cache")
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)


def _cache_path(places: ListPlaces, wanted: tuple[str, ...]) -> Path:
    """The compiled file of exactly these texts."""
    store = ListStore(places.lists)
    digest = hashlib.sha256()
    for name in wanted:
        # Ours comes with the program, and changes with it.
        known = "" if name == LINKS else store.metadata(name).sha256
        digest.update(f"{name}={known}\n".encode())
    if LINKS in wanted:
        digest.update(links_path().read_bytes())
    text = _own_text(places)
    if text:
        digest.update(f"{OWN_LIST}=".encode() + text.encode("utf-8", "surrogateescape"))
    return places.cache / f"engine-{digest.hexdigest()[:24]}.cache"


def _own_text(places: ListPlaces) -> str:
    if places.own is None:
        return ""
    try:
        return read_own(places.own)
    except OSError as error:
        _log.warning("%s cannot be used: %s", places.own, error)
        return ""

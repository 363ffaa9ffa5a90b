"""From lists on disk to an engine: at once what there is, soon what the lists say."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from myco_browser.domain.settings import LIST_CHOICES
from myco_browser.domain.settings_snapshot import Change, Settings, apply_changes
from myco_browser.services.filter_lists import (
    FilterLists,
    ListPlaces,
    enabled_ids,
    first_engine,
    plant_seeds,
)
from myco_browser.services.own_filters import OWN_FILE, OwnFilters
from myco_filters.engine import Engine
from myco_filters.request import Kind, Request
from myco_filters.verdict import Block

_LINES = "".join(f"||ad{number}.example^\n" for number in range(400))
EASYLIST = f"[Adblock Plus 2.0]\n! Title: EasyList\n||only-here.example^\n{_LINES}"


def _places(folder: Path, *, read_only: bool = False) -> ListPlaces:
    seed = folder / "seed"
    (seed / "thirdparties" / "easylist").mkdir(parents=True, exist_ok=True)
    (seed / "thirdparties" / "easylist" / "easylist.txt").write_text(EASYLIST)
    return ListPlaces(folder / "lists", folder / "cache", (seed,), read_only)


def _blocks(engine: Engine, host: str) -> bool:
    request = Request.make(f"https://{host}/x", "https://news.example/", Kind.SCRIPT)
    return isinstance(engine.match(request), Block)


def _compile(places: ListPlaces) -> list[Engine]:
    made: list[Engine] = []
    lists = FilterLists(places, Settings, "en", made.append)
    asyncio.run(lists.compile_if_needed())
    return made


def test_the_first_start_is_protected_by_the_base_list(tmp_path: Path) -> None:
    first = first_engine(ListPlaces(tmp_path / "lists", tmp_path / "cache"), ("easylist",))
    assert _blocks(first.engine, "doubleclick.net")
    assert first.file is None


def test_seeds_are_compiled_beside_and_used_at_the_next_start(tmp_path: Path) -> None:
    places = _places(tmp_path)
    wanted = enabled_ids(Settings(), "en")
    assert not _blocks(first_engine(places, wanted).engine, "only-here.example")
    (engine,) = _compile(places)
    assert _blocks(engine, "only-here.example")
    assert _blocks(first_engine(places, wanted).engine, "only-here.example")


def test_an_engine_that_is_in_use_is_not_loaded_again(tmp_path: Path) -> None:
    places = _places(tmp_path)
    _compile(places)
    first = first_engine(places, enabled_ids(Settings(), "en"))
    assert first.file is not None
    made: list[Engine] = []
    lists = FilterLists(places, Settings, "en", made.append)
    lists.in_use = first.file
    asyncio.run(lists.compile_if_needed())
    assert made == []
    assert first.file.is_file()


def test_a_damaged_cache_falls_back_and_is_made_anew(tmp_path: Path) -> None:
    places = _places(tmp_path)
    _compile(places)
    (cached,) = places.cache.glob("engine-*.cache")
    cached.write_bytes(cached.read_bytes()[:-100])
    engine = first_engine(places, enabled_ids(Settings(), "en")).engine
    assert _blocks(engine, "doubleclick.net")


def test_a_private_session_reads_and_writes_nothing(tmp_path: Path) -> None:
    places = _places(tmp_path, read_only=True)
    before = sorted(tmp_path.rglob("*"))
    assert _compile(places) == []
    first_engine(places, ("easylist",))
    assert sorted(tmp_path.rglob("*")) == before


def test_french_readers_get_the_french_list_and_choices_win() -> None:
    assert "liste-fr" in enabled_ids(Settings(), "fr")
    assert "liste-fr" not in enabled_ids(Settings(), "en")
    assert "easylist-cookies" not in enabled_ids(Settings(), "fr")
    change = Change(LIST_CHOICES, (("easylist", False), ("easylist-cookies", True)))
    chosen = apply_changes(Settings(), [change])
    assert isinstance(chosen, Settings)
    ids = enabled_ids(chosen, "en")
    assert "easylist" not in ids
    assert "easylist-cookies" in ids


def test_only_missing_lists_are_planted(tmp_path: Path) -> None:
    places = _places(tmp_path)
    assert plant_seeds(places, ("easylist", "urlhaus")) == ("easylist",)
    assert plant_seeds(places, ("easylist", "urlhaus")) == ()


def test_own_filters_are_part_of_each_engine(tmp_path: Path) -> None:
    """With subscriptions and without, at once after a restart, and gone when taken back."""
    for seed in (True, False):
        folder = tmp_path / str(seed)
        own = OwnFilters(folder / OWN_FILE, writable=True)
        places = replace(_places(folder), own=own.path, seeds=(folder / "seed",) if seed else ())
        own.append("||mine.example^")
        wanted = enabled_ids(Settings(), "en")
        made: list[Engine] = []
        lists = FilterLists(places, Settings, "en", made.append)
        if not seed:
            assert _blocks(first_engine(places, wanted).engine, "mine.example")
        asyncio.run(lists.compile_if_needed())
        assert _blocks(made[0], "mine.example")
        assert _blocks(made[0], "only-here.example" if seed else "doubleclick.net")
        assert _blocks(first_engine(places, wanted).engine, "mine.example")
        own.remove("||mine.example^")
        asyncio.run(lists.compile_if_needed())
        assert not _blocks(made[1], "mine.example")
        assert _blocks(made[1], "only-here.example" if seed else "doubleclick.net")


def test_changes_in_quick_succession_end_with_the_last_text(tmp_path: Path) -> None:
    own = OwnFilters(tmp_path / OWN_FILE, writable=True)
    places = replace(_places(tmp_path), own=own.path)
    made: list[Engine] = []
    lists = FilterLists(places, Settings, "en", made.append)

    async def change() -> None:
        tasks = []
        for number in range(4):
            own.append(f"||mine{number}.example^")
            tasks.append(asyncio.create_task(lists.compile_if_needed()))
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)

    asyncio.run(change())
    assert all(_blocks(made[-1], f"mine{number}.example") for number in range(4))
    assert len(list(places.cache.glob("engine-*.cache"))) == 1

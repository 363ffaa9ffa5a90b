"""Bookmarks of another session are read as they stand, and the disk is left as it was."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from myco_browser.services import database_copy
from myco_browser.services.bookmarks import BAR, OTHER, Bookmarks, Tree
from myco_browser.services.database import SetAside
from myco_browser.services.database_copy import read_copy


def _no_report(what: SetAside) -> None:
    raise AssertionError(what)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bookmarks.sqlite"


@pytest.fixture
def owner(path: Path) -> Iterator[Bookmarks]:
    """The everyday session's bookmarks, while it runs."""
    made = Bookmarks(path, _no_report)
    yield made
    made.close()


def _disk(folder: Path) -> dict[str, tuple[int, int, int, int]]:
    facts = {one.name: one.stat() for one in folder.iterdir()}
    return {
        name: (fact.st_atime_ns, fact.st_mtime_ns, fact.st_ctime_ns, fact.st_size)
        for name, fact in facts.items()
    }


def _read(path: Path) -> tuple[Tree, Tree]:
    """What a copy says; the disk is the same afterwards."""
    before = _disk(path.parent)
    copy = Bookmarks(path, _no_report, copied=True)
    found = copy.tree(BAR), copy.tree(OTHER)
    copy.close()
    assert _disk(path.parent) == before
    return found


def _whole(owner: Bookmarks) -> tuple[Tree, Tree]:
    return owner.tree(BAR), owner.tree(OTHER)


def test_what_waits_in_the_log_is_read_and_what_was_closed(path: Path, owner: Bookmarks) -> None:
    owner.add("one", "https://one.example/", 1)
    log = path.with_name(f"{path.name}-wal")
    assert log.stat().st_size > 0
    plain = sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        plain.execute("SELECT count(*) FROM items")
    plain.close()
    assert _read(path) == _whole(owner)
    assert [tree.item.title for tree in _read(path)[0].inside] == ["one"]
    owner.close()
    assert not log.exists()
    assert [tree.item.title for tree in _read(path)[0].inside] == ["one"]


def test_the_copy_follows_whatever_was_done(path: Path, owner: Bookmarks) -> None:
    chance = random.Random(7)
    other = sqlite3.connect(path, isolation_level=None)
    kept: list[int] = []
    for step in range(120):
        match chance.randrange(6):
            case 0 | 1 | 2:
                title = "t" * chance.randrange(400)
                folder = chance.choice((BAR, OTHER))
                added = owner.add(title, f"https://{step}.example/", step, folder)
                assert added is not None
                kept.append(added)
            case 3 if kept:
                owner.delete(kept.pop(chance.randrange(len(kept))))
            case 4:
                mode = chance.choice(("PASSIVE", "RESTART", "TRUNCATE"))
                other.execute(f"PRAGMA wal_checkpoint({mode})")
            case _:
                other.execute("BEGIN IMMEDIATE")
                other.execute("UPDATE items SET title = 'never committed'")
                other.execute("ROLLBACK")
        assert _read(path) == _whole(owner), step
    other.close()


def test_nothing_can_be_changed_in_a_copy(path: Path, owner: Bookmarks) -> None:
    number = owner.add("one", "https://one.example/", 1)
    assert number is not None
    copy = Bookmarks(path, _no_report, copied=True)
    assert not copy.can_change
    assert owner.can_change
    before = _disk(path.parent)
    for act in (
        lambda: copy.add("two", "https://two.example/", 2),
        lambda: copy.delete(number),
        lambda: copy.move(number, OTHER),
    ):
        with pytest.raises(PermissionError):
            act()
    assert _disk(path.parent) == before
    assert copy.tree(BAR) == owner.tree(BAR)
    copy.close()


@pytest.mark.parametrize("damage", [b"", b"no database" * 1000, b"SQLite format 3\0" + b"x" * 5000])
def test_what_is_damaged_is_empty_and_left_alone(path: Path, damage: bytes) -> None:
    path.write_bytes(damage)
    bar, other = _read(path)
    assert bar.inside == other.inside == ()


@pytest.mark.parametrize("part", ["bookmarks.sqlite", "bookmarks.sqlite-wal"])
def test_no_damage_does_more_than_hide(path: Path, owner: Bookmarks, part: str) -> None:
    for step in range(40):
        owner.add("t" * 300, f"https://{step}.example/", step)
    place = path.with_name(part)
    whole, chance = place.read_bytes(), random.Random(part)
    for _try in range(60):
        torn = bytearray(whole[: chance.randrange(len(whole) + 1)])
        for _byte in range(chance.randrange(4)):
            if torn:
                torn[chance.randrange(len(torn))] = chance.randrange(256)
        folder = path.parent / "torn"
        folder.mkdir(exist_ok=True)
        for name in (path.name, f"{path.name}-wal"):
            source = path.with_name(name)
            (folder / name).write_bytes(bytes(torn) if name == part else source.read_bytes())
        bar, _other = _read(folder / path.name)
        assert len(bar.inside) <= 40


def test_a_writer_that_never_rests_gives_nothing(
    path: Path, owner: Bookmarks, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert owner.can_change
    seen = iter(range(1000))
    monkeypatch.setattr(database_copy, "_bytes_of", lambda _log: bytes([next(seen) % 256]))
    assert read_copy(path) is None
    assert next(seen) < 20


def test_where_nothing_is_nothing_is_made(tmp_path: Path) -> None:
    assert read_copy(tmp_path / "bookmarks.sqlite") is None
    assert os.listdir(tmp_path) == []

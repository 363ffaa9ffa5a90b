"""Bridges are built two at a time, those of pages in sight first."""

from __future__ import annotations

from functools import partial

from myco_browser.web.turns import Turn, Turns


class _Building:
    """Notes who has begun; `in_sight` are the names of pages that are shown."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.begun: list[str] = []
        self.in_sight: set[str] = set()
        self.of: dict[str, Turn] = {}

    def take(self, *names: str) -> None:
        for name in names:
            turn = Turn(partial(self.is_in_sight, name), partial(self.begun.append, name))
            self.turns.take(self.of.setdefault(name, turn))

    def is_in_sight(self, name: str) -> bool:
        return name in self.in_sight

    def leave(self, name: str) -> None:
        self.turns.leave(self.of[name])


def test_two_begin_and_the_others_follow_in_order() -> None:
    building = _Building()
    building.take("a", "b", "c", "d")
    assert building.begun == ["a", "b"]
    building.leave("b")
    assert building.begun == ["a", "b", "c"]
    building.leave("a")
    assert building.begun == ["a", "b", "c", "d"]


def test_what_is_in_sight_comes_first() -> None:
    building = _Building()
    building.take("a", "b", "c", "d")
    building.in_sight = {"d"}
    building.leave("a")
    building.leave("b")
    assert building.begun == ["a", "b", "d", "c"]


def test_who_asks_twice_begins_once_and_again_after_leaving() -> None:
    building = _Building()
    building.take("a", "a")
    assert building.begun == ["a"]
    building.leave("a")
    building.take("a")
    assert building.begun == ["a", "a"]


def test_who_leaves_while_waiting_never_begins() -> None:
    building = _Building()
    building.take("a", "b", "c", "d")
    building.leave("c")
    building.leave("a")
    assert building.begun == ["a", "b", "d"]


def test_at_the_end_nobody_waits() -> None:
    building = _Building()
    building.take("a", "b", "c")
    building.turns.end()
    building.leave("a")
    assert building.begun == ["a", "b"]

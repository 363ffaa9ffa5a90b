"""Steps that wait for idle moments are taken one by one, and only the newest ones."""

from __future__ import annotations

from collections.abc import Iterator

from pytestqt.qtbot import QtBot

from myco_browser.bridge.idle import IdleSteps


def _steps(name: str, count: int, done: list[str]) -> Iterator[None]:
    for number in range(count):
        done.append(f"{name}{number}")
        yield


def test_steps_are_taken_until_there_are_none(qtbot: QtBot) -> None:
    done: list[str] = []
    idle = IdleSteps(0)
    idle.take(_steps("a", 3, done))
    assert done == [], "nothing is done before the event loop has its turn"
    qtbot.waitUntil(lambda: not idle.is_busy)
    assert done == ["a0", "a1", "a2"]


def test_new_steps_take_the_place_of_old_ones(qtbot: QtBot) -> None:
    done: list[str] = []
    idle = IdleSteps(0)
    idle.take(_steps("old", 3, done))
    idle.take(_steps("new", 2, done))
    qtbot.waitUntil(lambda: not idle.is_busy)
    assert done == ["new0", "new1"]

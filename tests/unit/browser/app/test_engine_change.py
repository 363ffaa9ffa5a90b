"""A new engine is taken into use, and the collector of garbage keeps out of it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Coroutine, Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pytestqt.qtbot import QtBot

from myco_browser.app.engine_change import change_engine
from myco_browser.bridge.idle import IdleSteps
from myco_browser.web.policy import PolicyControl
from myco_filters.engine import Engine
from myco_filters.syntax.lists import FilterList


class _Beside:
    def __init__(self) -> None:
        self.works: list[Callable[[], Coroutine[Any, Any, None]]] = []

    def start(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Notes the work."""
        self.works.append(work)


class _Policy:
    """What decides, as far as an engine is changed in it."""

    def __init__(self, engine: Engine) -> None:
        self.snapshot = SimpleNamespace(engine=engine)

    def set_engine(self, engine: Engine) -> None:
        """New lists were compiled."""
        self.snapshot = SimpleNamespace(engine=engine)


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def _engine(host: str) -> Engine:
    return Engine.compile([FilterList("a", "A", f"||{host}^\n/ad-{host}/x\n")])


def test_no_collection_while_steps_are_taken_and_one_again_afterwards(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    warm = Engine.warm

    def watched(engine: Engine) -> Iterator[None]:
        for step in warm(engine):
            seen.append(gc.isenabled())
            yield step

    monkeypatch.setattr(Engine, "warm", watched)
    policy, idle, beside = _Policy(_engine("a.test")), IdleSteps(0), _Beside()
    control = cast("PolicyControl", policy)
    change_engine(control, _engine("b.test"), idle, beside)
    qtbot.waitUntil(lambda: bool(seen))
    assert idle.is_busy
    newest = _engine("c.test")
    change_engine(control, newest, idle, beside)
    assert gc.isenabled(), "the steps that were given up left it as it was"
    qtbot.waitUntil(lambda: not idle.is_busy)
    assert policy.snapshot.engine is newest
    assert not any(seen)
    assert gc.isenabled()
    assert len(beside.works) == 1, "the engine before is let go in the other thread"

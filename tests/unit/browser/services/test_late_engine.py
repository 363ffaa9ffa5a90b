"""Nothing is decided before the filters are there, and nothing passes when they never come."""

from __future__ import annotations

import threading

from myco_browser.services.late_engine import LateEngine
from myco_filters.engine import Engine
from myco_filters.request import Kind, Request
from myco_filters.syntax.lists import FilterList
from myco_filters.verdict import Allow, Block

ADS = Request.make("https://ads.example/x", "https://news.example/", Kind.SCRIPT)
OTHER = Request.make("https://cdn.example/x", "https://news.example/", Kind.SCRIPT)


def _engine() -> Engine:
    return Engine.compile([FilterList("t", "Test", "||ads.example^\nnews.example###ad")])


def test_a_question_waits_for_the_filters() -> None:
    gate = threading.Event()
    loaded: list[Engine] = []

    def load() -> Engine:
        assert gate.wait(30)
        return _engine()

    late = LateEngine(load, loaded.append)
    answers: list[object] = []
    asking = threading.Thread(target=lambda: answers.append(late.match(ADS)))
    asking.start()
    assert answers == []
    gate.set()
    asking.join(30)
    assert isinstance(answers[0], Block)
    assert isinstance(late.match(OTHER), Allow)
    assert late.cosmetics("https://news.example/").selectors == ("#ad",)
    assert [one.title for one in late.lists] == ["Test"]
    assert len(loaded) == 1


def test_loading_happens_once() -> None:
    count: list[int] = []

    def load() -> Engine:
        count.append(1)
        return _engine()

    late = LateEngine(load, lambda _engine: None)
    late.start()
    late.start()
    late.match(ADS)
    assert count == [1]


def test_without_filters_everything_is_refused() -> None:
    def load() -> Engine:
        raise OSError("no filters")

    late = LateEngine(load, lambda _engine: None)
    assert isinstance(late.match(OTHER), Block)


def test_no_question_is_answered_without_the_filters() -> None:
    """Whatever an engine can be asked waits for the one that is loaded."""
    made = {"compile", "cool", "load", "save", "take_over", "warm"}
    asked = {name for name in vars(Engine) if not name.startswith("_")} - made
    missing = asked - {name for name in vars(LateEngine) if not name.startswith("_")}
    assert missing == set()

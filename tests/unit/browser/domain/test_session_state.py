"""Session state: round trip, limits, and sparing treatment of hostile or damaged input."""

from __future__ import annotations

import base64
import json
import random
import struct
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from support.seeded import SEEDS, any_text, inputs, try_all, whole_number

from myco_browser.domain.session_json import (
    StateCause,
    StateProblem,
    state_from_json,
    state_to_json,
)
from myco_browser.domain.session_state import (
    MAX_CLOSED,
    MAX_ENGINE_HISTORY,
    MAX_ENTRIES,
    MAX_TABS,
    ClosedTab,
    ClosedWindow,
    Geometry,
    HistoryEntry,
    SessionState,
    TabState,
    WindowState,
    is_restorable,
    remember_closed,
)

TAB = TabState(
    url="https://example.org/b",
    title="B",
    favicon="https://example.org/favicon.ico",
    pinned=True,
    muted=True,
    zoom=120,
    entries=(HistoryEntry("https://example.org/a", "A", 5), HistoryEntry("https://example.org/b")),
    index=1,
    engine_history=base64.b64encode(b"opaque").decode(),
    last_seen=1_800_000_000,
)
WINDOW = WindowState(1, (TAB, TabState("about:blank")), 1, Geometry(-5, 0, 800, 500), True)
STATE = SessionState((WINDOW,), (ClosedTab(TAB, 1, 0, 5), ClosedWindow(WINDOW, 6)))


def row_of(tab: TabState) -> dict[str, Any]:
    raw: Any = state_to_json(SessionState((WindowState(1, (tab,)),)))
    row: dict[str, Any] = raw["windows"][0]["tabs"][0]
    return row


def read_tabs(*rows: object) -> tuple[tuple[TabState, ...], tuple[StateProblem, ...]]:
    raw = {"format": 1, "windows": [{"id": 1, "tabs": list(rows)}], "closed": []}
    state, problems = state_from_json(json.loads(json.dumps(raw)))
    return (state.windows[0].tabs if state.windows else ()), problems


def test_a_state_comes_back_whole() -> None:
    assert state_from_json(json.loads(json.dumps(state_to_json(STATE)))) == (STATE, ())


def test_one_bad_tab_does_not_cost_the_others() -> None:
    tabs, problems = read_tabs({"url": "https://a.test/"}, {"url": 5}, 7, {"url": "about:blank"})
    assert [tab.url for tab in tabs] == ["https://a.test/", "about:blank"]
    assert problems == (
        StateProblem("windows.0.tabs.1", StateCause.WRONG_FORM),
        StateProblem("windows.0.tabs.2", StateCause.WRONG_FORM),
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("pinned", "yes"),
        ("muted", 1),
        ("zoom", 10_000),
        ("zoom", True),
        ("last_seen", -1),
        ("index", "0"),
        ("title", None),
        ("entries", {}),
    ],
)
def test_a_bad_field_costs_at_most_its_tab(field: str, value: object) -> None:
    tabs, problems = read_tabs({**row_of(TAB), field: value}, {"url": "about:blank"})
    assert tabs[-1] == TabState("about:blank")
    assert problems


def test_a_tab_on_a_script_goes_back_to_its_last_good_page() -> None:
    tabs, problems = read_tabs({**row_of(TAB), "url": "javascript:alert(1)"})
    assert tabs[0].url == "https://example.org/b"
    assert tabs[0].engine_history is None
    assert problems == (StateProblem("windows.0.tabs.0.url", StateCause.ADDRESS),)


def test_a_bad_entry_costs_the_entry_and_the_engines_history() -> None:
    row = row_of(TAB)
    row["entries"][1][0] = "data:text/html,x"
    tabs, _ = read_tabs(row)
    assert [entry.url for entry in tabs[0].entries] == ["https://example.org/a"]
    assert tabs[0].index == 0
    assert tabs[0].engine_history is None


@pytest.mark.parametrize("history", ["", "not base64!", "AAA", 5, "A" * (MAX_ENGINE_HISTORY + 4)])
def test_an_unusable_engine_history_is_left_out(history: object) -> None:
    tabs, _ = read_tabs({**row_of(TAB), "engine_history": history})
    assert tabs[0].engine_history is None
    assert tabs[0].entries == TAB.entries


def test_a_window_without_tabs_is_dropped() -> None:
    tabs, problems = read_tabs()
    assert tabs == ()
    assert problems == (StateProblem("windows.0", StateCause.EMPTY),)


def test_a_wrong_place_costs_the_place_only() -> None:
    raw: Any = state_to_json(STATE)
    raw["windows"][0]["geometry"] = [0, 0, 0, 0]
    assert state_from_json(raw)[0].windows[0].geometry is None


@pytest.mark.parametrize("raw", [None, [], "x", {}, {"format": 2}, {"format": True}, {"format": 1}])
def test_foreign_forms_are_an_empty_state_with_a_problem(raw: object) -> None:
    state, problems = state_from_json(raw)
    assert state == SessionState()
    assert problems


def test_there_are_limits() -> None:
    many = {"format": 1, "windows": [{"id": 1, "tabs": [{"url": "about:blank"}] * 6_000}] * 2}
    state, problems = state_from_json(many)
    assert sum(len(window.tabs) for window in state.windows) == MAX_TABS
    assert problems[0].cause is StateCause.TOO_MANY
    long_ago = TabState("https://a.test/", entries=(HistoryEntry("https://a.test/"),) * 200)
    tab = TabState(long_ago.url, entries=long_ago.entries, index=150)
    written = row_of(tab)
    assert len(written["entries"]) == MAX_ENTRIES
    assert written["index"] == MAX_ENTRIES // 2
    assert row_of(TabState("about:blank", title="t" * 10_000))["title"] == "t" * 512


def test_closed_tabs_are_a_bounded_stack() -> None:
    closed: tuple[ClosedTab | ClosedWindow, ...] = ()
    for number in range(MAX_CLOSED + 5):
        closed = remember_closed(closed, ClosedTab(TAB, 1, 0, number))
    assert [item.closed_at for item in closed] == list(range(5, MAX_CLOSED + 5))


@pytest.mark.parametrize(
    ("url", "restorable"),
    [
        ("https://example.org/", True),
        ("http://localhost:8000/a|b", True),
        ("file:///home/me/a.html", True),
        ("about:blank", True),
        ("myco://start/", True),
        ("view-source:https://example.org/", True),
        ("javascript:alert(1)", False),
        ("JavaScript:alert(1)", False),
        ("data:text/html,x", False),
        ("blob:https://example.org/1", False),
        ("view-source:javascript:1", False),
        ("view-source:view-source:https://a.test/", False),
        ("file://server/share", False),
        ("chrome://settings", False),
        ("https://a..b/", False),
        (" javascript:1", False),
        ("https://example.org/\n", False),
        ("https://example.org/" + "a" * 70_000, False),
        ("", False),
    ],
)
def test_what_may_be_reopened(url: str, restorable: bool) -> None:
    assert is_restorable(url) is restorable


Make = Callable[[random.Random], object]
URLS = ["https://a.test/", "javascript:1", "data:,", "about:blank", "", "file:///x", "http:"]
URLS += ["\ud800"]
FLOATS = [0.0, -0.0, 1.0, 1.5, -1.0, 5e-324, 2.0**53, 1e308, *map(float, ("inf", "-inf", "nan"))]


def leaf(chance: random.Random) -> object:
    match chance.randrange(6):
        case 0:
            return None
        case 1:
            return chance.random() < 0.5
        case 2:
            return whole_number(chance)
        case 3:
            any_float: float = struct.unpack("d", chance.randbytes(8))[0]
            return chance.choice([*FLOATS, any_float])
        case 4:
            return any_text(chance, 5)
        case _:
            return chance.choice(URLS)


def mostly(make: Make, share: float = 0.5) -> Make:
    """What is made, or instead of it any leaf."""
    return lambda chance: make(chance) if chance.random() < share else leaf(chance)


def many(most: int, make: Make) -> Make:
    return lambda chance: [make(chance) for _ in range(chance.randint(0, most))]


def row(always: dict[str, Make], sometimes: dict[str, Make]) -> Make:
    def make(chance: random.Random) -> object:
        there = {name: how for name, how in sometimes.items() if chance.random() < 0.5}
        return {name: how(chance) for name, how in (always | there).items()}

    return make


def one(_: random.Random) -> object:
    return 1


def entry(chance: random.Random) -> object:
    return [chance.choice(URLS), leaf(chance), leaf(chance)]


LEAVES = ("url", "title", "index", "engine_history", "favicon", "pinned", "zoom", "last_seen")
ROW = row({}, {**dict.fromkeys(LEAVES, leaf), "entries": mostly(many(3, mostly(entry)))})
WINDOW_ROW = row(
    {"id": mostly(one, 0.3), "tabs": mostly(many(3, mostly(ROW)))},
    {"active": leaf, "geometry": mostly(many(5, leaf))},
)
CLOSED_ROW = row(
    {"closed_at": mostly(one, 0.3)},
    {"tab": mostly(ROW), "window": WINDOW_ROW, "window_id": leaf, "position": leaf},
)
HOSTILE_STATE = row(
    {"format": one, "windows": mostly(many(2, mostly(WINDOW_ROW)))},
    {"closed": mostly(many(2, mostly(CLOSED_ROW)))},
)


@inputs(10_000)
@given(SEEDS)
def test_hostile_state_is_read_without_harm(seed: int) -> None:
    try_all(seed, mostly(HOSTILE_STATE, 0.95), is_read_without_harm)


def is_read_without_harm(raw: object) -> None:
    state, problems = state_from_json(raw)
    windows = [*state.windows]
    tabs = [tab for window in windows for tab in window.tabs]
    tabs += [item.tab for item in state.closed if isinstance(item, ClosedTab)]
    urls = [tab.url for tab in tabs]
    urls += [entry.url for tab in tabs for entry in tab.entries]
    assert all(is_restorable(url) for url in urls)
    assert all(0 <= window.active < len(window.tabs) for window in windows)
    assert isinstance(raw, dict) or problems
    # What was accepted is valid: it survives another round unchanged and without complaint.
    assert state_from_json(json.loads(json.dumps(state_to_json(state)))) == (state, ())

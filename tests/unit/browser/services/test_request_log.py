"""The request log: what was decided on each request, in bounds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from myco_browser.services.request_log import (
    CHARACTERS_KEPT,
    ENTRIES_KEPT,
    LONGEST_URL,
    Outcome,
    RequestLog,
)
from myco_browser.services.request_policy import Decision, RefuseLocal
from myco_filters.request import Kind, Request
from myco_filters.verdict import PASS, Allow, Block, FilterRef, Redirect, Rewrite

REASON = FilterRef("||ads.example^", "EasyList", "easylist")
PAGE = "https://news.example/"


def _request(url: str = "https://ads.example/x.js") -> Request:
    return Request.make(url, PAGE, Kind.SCRIPT, "GET", PAGE)


def _logged(*notes: tuple[Decision | None, Outcome]) -> RequestLog:
    log = RequestLog()
    for decision, outcome in notes:
        log.note(_request(), decision, outcome)
    log.drain()
    return log


def test_every_decision_says_what_and_why() -> None:
    log = _logged(
        (PASS, Outcome.ALLOWED),
        (Allow(REASON), Outcome.EXCEPTED),
        (Block(REASON), Outcome.BLOCKED),
        (Redirect(REASON, "noop.js"), Outcome.REPLACED),
        (Redirect(REASON, "unknown"), Outcome.BLOCKED),
        (Rewrite(REASON, "https://ads.example/"), Outcome.REWRITTEN),
        (RefuseLocal("router"), Outcome.REFUSED_LOCAL),
        (None, Outcome.FAILED),
    )
    entries = log.since(0)
    assert [(entry.list_id, entry.filter_text, entry.target) for entry in entries] == [
        ("", "", ""),
        ("easylist", REASON.raw, ""),
        ("easylist", REASON.raw, ""),
        ("easylist", REASON.raw, "noop.js"),
        ("easylist", REASON.raw, ""),
        ("easylist", REASON.raw, "https://ads.example/"),
        ("", "", ""),
        ("", "", ""),
    ]
    assert {(entry.url, entry.page, entry.kind) for entry in entries} == {
        ("https://ads.example/x.js", PAGE, "script")
    }
    assert [entry.number for entry in entries] == list(range(8))


def test_memory_is_bounded() -> None:
    log = RequestLog()
    for number in range(ENTRIES_KEPT + 500):
        log.note(_request(f"https://a.example/{number}"), PASS, Outcome.ALLOWED)
        if number % 100 == 0:
            log.drain()
    log.drain()
    assert len(log.since(0)) == ENTRIES_KEPT
    assert log.first == 500
    assert log.since(0)[0].url == "https://a.example/500"
    for _ in range(2 * CHARACTERS_KEPT // LONGEST_URL):
        log.note(_request("https://a.example/" + "x" * 100_000), PASS, Outcome.ALLOWED)
        log.drain()
    kept = log.since(0)
    assert sum(entry.weight for entry in kept) <= CHARACTERS_KEPT
    assert max(len(entry.url) for entry in kept) == LONGEST_URL


def test_notes_that_nobody_drains_are_bounded_too() -> None:
    log = RequestLog()
    for _ in range(20_000):
        log.note(_request(), PASS, Outcome.ALLOWED)
    log.drain()
    assert len(log.since(0)) == 4000


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["note", "drain", "clear"]), max_size=60), st.integers(-1, 70))
def test_since_gives_what_is_new(steps: list[str], number: int) -> None:
    log = RequestLog()
    expected: list[int] = []
    drained = noted = 0
    for step in steps:
        if step == "note":
            log.note(_request(), PASS, Outcome.ALLOWED)
            noted += 1
        elif step == "drain":
            log.drain()
            expected += range(drained, drained + noted)
            drained, noted = drained + noted, 0
        else:
            log.clear()
            expected, noted = [], 0
    assert [entry.number for entry in log.since(number)] == [n for n in expected if n >= number]

from __future__ import annotations

import sqlite3

import pytest

from myco_browser.app.clearing import _first_cause


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (OSError(28, "No space left on device"), "No space left on device"),
        (sqlite3.OperationalError("database or disk is full"), "database or disk is full"),
    ],
)
def test_what_can_be_forgotten_is_and_the_first_cause_is_told(error: Exception, cause: str) -> None:
    done: list[str] = []

    def fail() -> None:
        raise error

    assert _first_cause([lambda: done.append("a"), fail, lambda: done.append("b"), fail]) == cause
    assert done == ["a", "b"]
    assert _first_cause([lambda: done.append("c")]) == ""

"""What scripts may rely on: exit codes and words, as the manual says."""

from __future__ import annotations

from pathlib import Path

import pytest

from myco_vpn.cli.codes import Code, code_of, sentence
from myco_vpn.tunnel.report import report
from myco_vpn.tunnel.states import Blocked, Cause, Connecting, Off, Protected, State

_MANUAL = (Path(__file__).parents[3] / "docs" / "vpn.md").read_text("utf-8")
_STATES: tuple[State, ...] = (Off(), Connecting("a", 1), Protected("a", 1), Protected("a", 1, True))


@pytest.mark.parametrize("code", Code)
def test_exit_code_is_in_the_manual(code: Code) -> None:
    assert f"\n| {code.value} | " in _MANUAL


@pytest.mark.parametrize("cause", Cause)
def test_cause_is_in_the_manual_and_has_a_sentence(cause: Cause) -> None:
    state = Blocked(cause, "a", 1)
    assert f"`{cause.value}`" in _MANUAL
    assert sentence(state).startswith("Blocked: ")
    assert code_of(state) not in (Code.OK, Code.OFF, Code.CONNECTING)


@pytest.mark.parametrize("state", [*_STATES, Blocked(Cause.NO_ANSWER, "a", 1, 1, 2.0)])
def test_json_has_no_word_that_the_manual_does_not_know(state: State) -> None:
    body = report(state, None, 0.0)
    assert [key for key in body if f"`{key}`" not in _MANUAL] == []
    assert f"`{body['state']}`" in _MANUAL

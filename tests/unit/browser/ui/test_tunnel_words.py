"""Every state of the tunnel has words, and an unknown one is never shown as protected."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myco_browser.domain.tunnel import TunnelPhase, tunnel_view
from myco_browser.ui.tunnel_problems import problem_words
from myco_browser.ui.tunnel_words import tunnel_words
from myco_vpn.tunnel import states
from myco_vpn.tunnel.report import Traffic, report
from myco_vpn.tunnel.states import Blocked, Cause, Connecting, Off, Protected, State
from myco_vpn.wireguard.fields import Flaw
from myco_vpn.wireguard.parse import Cause as Mistake
from myco_vpn.wireguard.parse import Problem, Rejected, parse

_EXIT = {
    "id": "a",
    "name": "Home",
    "colour": "blue",
    "endpoint": "vpn.example:1",
    "dns": ["10.0.0.1"],
}


def _shown(state: State) -> tuple[str, str]:
    body = {**report(state, Traffic(5.0, 1, 2, "e", 0.5), 9.0), "exits": [_EXIT], "last": "a"}
    words = tunnel_words(tunnel_view(body))
    return words.word, words.tone


def test_states_have_their_words_and_colours() -> None:
    assert _shown(Off()) == ("VPN off", "quiet")
    assert _shown(Connecting("a", 1)) == ("Connecting…", "warning")
    assert _shown(Protected("a", 1)) == ("Protected: Home", "good")
    assert _shown(Protected("a", 1, True)) == ("No answer: Home", "warning")
    assert _shown(Blocked(Cause.NO_ANSWER, "a", 1)) == ("Blocked: no answer", "danger")


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_its_own_words_and_a_next_step(cause: Cause) -> None:
    words = tunnel_words(tunnel_view(report(Blocked(cause, "a", 1), None, 0.0)))
    others = {
        tunnel_words(tunnel_view(report(Blocked(other, "a", 1), None, 0.0))).word
        for other in Cause
        if other is not cause
    }
    assert words.word not in others
    assert words.next_step


def test_figures_arrive() -> None:
    view = tunnel_view(report(Protected("a", 1), Traffic(5.0, 1, 2, "e", 0.5), 9.0))
    assert view.figures is not None
    assert (view.figures.handshake_age_s, view.figures.latency_s) == (4.0, 0.5)
    assert tunnel_view(report(states.Off(), None, 0.0)).figures is None


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
_names = st.sampled_from(["state", "exit", "exits", "keeper", "cause", "sent", "latency_s", "last"])


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(_names, _json, max_size=8))
def test_any_message_is_shown_and_none_as_more_than_it_says(body: dict[str, object]) -> None:
    view = tunnel_view(body)
    assert tunnel_words(view).word
    if view.phase is TunnelPhase.PROTECTED:
        assert body["state"] == "protected"


def test_two_hops_are_both_named() -> None:
    other = {**_EXIT, "id": "b", "name": "Far"}
    body = {**report(Protected("b~a", 1), None, 9.0), "exits": [_EXIT, other]}
    assert tunnel_words(tunnel_view(body)).word == "Protected: Far through Home"
    before = {"state": "off", "last": "b", "last_through": "a", "exits": [_EXIT, other]}
    first = tunnel_view(before).first_hop()
    assert first is not None
    assert first.name == "Home"


def test_little_room_has_a_shorter_word() -> None:
    def short(state: State) -> str:
        body = {**report(state, Traffic(5.0, 1, 2, "e", 0.5), 9.0), "exits": [_EXIT], "last": "a"}
        return tunnel_words(tunnel_view(body)).short

    assert short(Protected("a", 1)) == "Home"
    assert short(Protected("a", 1, is_silent=True)) == "No answer"
    assert short(Blocked(Cause.NO_ANSWER, "a", 1)) == "Blocked"
    assert short(Off()) == ""


def test_every_mistake_in_a_configuration_names_file_line_and_cause() -> None:
    words = {problem_words(Problem("a.conf", 7, cause, "")) for cause in Mistake}
    assert len(words) == len(Mistake)
    assert all(text.startswith("a.conf, line 7: ") for text in words)
    flaws = {problem_words(Problem("a.conf", 7, Mistake.BAD_VALUE, "x", flaw)) for flaw in Flaw}
    assert len(flaws) == len(Flaw)
    spoiled = parse("[Interface]\nMTU = 12\nDNS = a..b", "a.conf")
    assert isinstance(spoiled, Rejected)
    assert {problem_words(one) for one in spoiled.problems if one.flaw} == {
        "a.conf, line 2: an MTU is a number in the range 576–65535",
        "a.conf, line 3: “a..b” is neither an address nor a name",
    }
    missing = Problem("a.conf", 1, Mistake.MISSING_KEY, "Address")
    assert problem_words(missing) == "a.conf, line 1: a key is missing in this section (Address)"

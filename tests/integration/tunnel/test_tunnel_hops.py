"""Tunnels through tunnels, and sessions with exits of their own, in a lab with two gateways.

The peer's address at the server says by which way a request came; a tap on the client's only cable
sees what else left.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.vpn_lab import obstacle

_PROGRAM = Path(__file__).parents[2] / "support" / "vpn_hops.py"
_PATIENCE_S = 120
pytestmark = pytest.mark.timeout(_PATIENCE_S + 10)
_CLIENT, _NEAR, _FAR = "198.51.100.2", "203.0.113.1", "192.0.2.2"

Seen = dict[str, dict[str, object]]


@pytest.fixture(scope="module")
def seen() -> Seen:
    if problem := obstacle():
        pytest.skip(f"no lab here: {problem}")
    done = subprocess.run(
        [sys.executable, str(_PROGRAM)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    found: Seen = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("stage", ["off", "one_session_off"])
def test_tap_sees_what_goes_directly(seen: Seen, stage: str) -> None:
    assert "tcp 203.0.113.10 80 S" in str(seen[stage]["others"])


@pytest.mark.parametrize(
    "stage",
    [
        "two_hops",
        "two_hops_by_name",
        "outer_killed",
        "inner_killed",
        "first_gateway_dead",
        "hops_switched",
        "through_itself",
        "sessions",
    ],
)
def test_nothing_but_wireguard_to_the_first_gateway_leaves(seen: Seen, stage: str) -> None:
    assert seen[stage]["others"] == []


def test_two_hops_come_out_at_the_second_gateway(seen: Seen) -> None:
    found = seen["two_hops"]
    # by address, by a name of the second gateway's server; it has no IPv6 and not the first's names
    assert found["answers"] == [_FAR, _FAR, "", ""]
    assert found["large"] == 300_000
    assert found["report"] == "a"
    assert seen["two_hops_by_name"]["answer"] == _FAR


@pytest.mark.parametrize("stage", ["outer_killed", "inner_killed"])
def test_either_tunnel_killed_blocks_and_is_replaced(seen: Seen, stage: str) -> None:
    expected = ["tunnel-ended", "", _FAR]
    assert (seen[stage]["program"], seen[stage]["worker"]) == (expected, expected)


def test_dead_first_gateway_leads_nowhere(seen: Seen) -> None:
    assert (seen["first_gateway_dead"]["without"], seen["first_gateway_dead"]["back"]) == ("", _FAR)


def test_hops_are_switched_under_load(seen: Seen) -> None:
    assert int(str(seen["hops_switched"]["answered"])) > 0
    assert seen["through_itself"]["cause"] == "bad-configuration"


def test_each_session_leaves_by_its_own_exit(seen: Seen) -> None:
    found = seen["sessions"]
    assert found["each"] == [_NEAR, _FAR, _NEAR, _NEAR]
    assert found["changed"] == [_NEAR, _NEAR]
    assert found["shared"] == [_FAR, _NEAR]
    assert found["after"] == [_FAR, _NEAR]


def test_one_key_serves_one_tunnel(seen: Seen) -> None:
    """What others do with a tunnel that is shared does not disturb a stream in it."""
    assert (seen["sessions"]["in_use"], seen["sessions"]["refused"]) == ("in-use", "")
    assert seen["sessions"]["goes_on"] is True
    assert seen["sessions"]["left"] == ["a"]


def test_one_session_off_leaves_the_others_protected(seen: Seen) -> None:
    assert seen["one_session_off"]["found"] == [_NEAR, _CLIENT]
    assert seen["one_session_off"]["again"] == _CLIENT

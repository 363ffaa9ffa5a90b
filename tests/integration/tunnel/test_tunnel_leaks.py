"""What leaves the client of a lab while things happen to its tunnel, seen on its only cable.

The gateway is the one that `myco-vpn gateway` sets up. Everything runs as an ordinary user, in
namespaces that the test makes itself; where those or the programs are missing, it is left out.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.vpn_lab import obstacle

_SCENARIOS = Path(__file__).parents[2] / "support" / "vpn_scenarios.py"
_PATIENCE_S = 240
pytestmark = pytest.mark.timeout(_PATIENCE_S + 10)
_DIRECT = ("198.51.100.2", "2001:db8:1::2")
_V4, _V6 = "203.0.113.1", "2001:db8:2::1"
"""The gateway's addresses towards the internet: what the server sees through the tunnel."""

Seen = dict[str, dict[str, object]]


@pytest.fixture(scope="module")
def seen() -> Seen:
    """Two labs at the same time: WireGuard's own timers make the stages wait, the walk never."""
    if problem := obstacle():
        pytest.skip(f"no lab here: {problem}")
    if shutil.which("dovecot", path="/usr/sbin:/usr/bin") is None:
        pytest.skip("no mail server for the lab: Dovecot is not installed")
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    labs = [
        subprocess.Popen(
            [sys.executable, str(_SCENARIOS), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environ,
        )
        for words in (["--but", "random_walk"], ["off", "random_walk"])
    ]
    found: Seen = {}
    for lab in labs:
        answer, said = lab.communicate(timeout=_PATIENCE_S)
        assert lab.returncode == 0, said[-4000:]
        found = {**json.loads(answer), **found}
    return found


@pytest.mark.parametrize("stage", ["off", "control"])
def test_tap_sees_what_leaks(seen: Seen, stage: str) -> None:
    assert any("203.0.113.10 80" in str(other) for other in _list(seen[stage]["others"]))


def test_off_is_direct(seen: Seen) -> None:
    assert seen["off"]["direct"] == list(_DIRECT)


@pytest.mark.parametrize(
    "stage",
    [
        "command_line",
        "lookups_end",
        "resolver_burst",
        "more_specific_routes",
        "address_changes",
        "link_down",
        "switched",
        "clients_running",
        "launcher_killed",
        "gateway_dead",
        "wireguard_killed",
        "worker_killed",
        "door_killed",
        "blocked",
        "no_answer",
        "random_walk",
    ],
)
def test_nothing_but_wireguard_leaves(seen: Seen, stage: str) -> None:
    assert seen[stage]["others"] == []


def test_commands_set_up_a_gateway_and_a_tunnel(seen: Seen) -> None:
    found = seen["command_line"]
    # added, a second time, imported, machine, exit, status; up, status, removed, down
    assert found["codes"] == [0, 1, 0, 0, 0, 10, 0, 0, 0, 0]
    assert found["gateway"] == [True, True]  # put back as it was; a second time changes nothing
    assert isinstance(found["latency"], float)
    assert (found["through"], found["state"], found["listed"]) == (_V6, "protected", True)
    assert (found["shut_out"], found["gone"]) == ("", "")


def test_connecting_cuts_what_was_open(seen: Seen) -> None:
    """Seen are what was open directly until then, and its end; nothing that began after it."""
    others = [str(other).split() for other in _list(seen["connected"]["others"])]
    assert all(other[:3] == ["tcp", "203.0.113.10", "80"] for other in others)
    assert not any("S" in other[-1] for other in others)


def test_mail_lists_and_downloads_are_cut_with_each_switch(seen: Seen) -> None:
    """Off, on, another exit, blocked; new mail is told each time, by the way of that moment."""
    found = seen["clients_running"]
    assert found["cuts"] == [True, True, True]
    assert found["subjects"] == ["subject 0", "subject 1", "subject 2"]
    assert found["from"] == [_DIRECT[0], _V4]  # by the mail server's log
    assert found["blocked"] == ""
    ends = [str(other).split() for other in _list(found["ends"])]
    assert all(other[:2] == ["tcp", "203.0.113.10"] for other in ends), ends
    assert not any("S" in other[-1] for other in ends), ends


def test_killed_launcher_takes_everything_with_it(seen: Seen) -> None:
    found = seen["launcher_killed"]
    assert (found["through"], found["gone"]) == (_V4, True)
    assert int(str(found["processes"])) >= 4  # door, session, worker, wireguard-go
    assert json.loads(str(found["wish"]))["wish"] == "secured"


def test_names_and_both_families_go_through_the_tunnel(seen: Seen) -> None:
    assert seen["connected"]["state"] == "Protected"
    assert seen["connected"]["answers"] == {
        "inside.example": _V6,
        "203.0.113.10": _V4,
        "2001:db8:2::10": _V6,
        "no-such-name.example": "",
    }
    assert seen["connected"]["services"] == [["imap.coop.example", 993]]
    assert seen["more_specific_routes"]["answers"] == [_V6, _V4, _V6]
    assert seen["resolver_burst"]["answered"] == 0
    assert seen["resolver_burst"]["still"] == _V6


def test_lookups_were_under_way(seen: Seen) -> None:
    assert seen["lookups_end"]["asked"] is True


def test_tunnel_follows_the_client(seen: Seen) -> None:
    assert (seen["address_changes"]["moved"], seen["address_changes"]["back"]) == (_V4, _V4)
    assert (seen["link_down"]["without"], seen["link_down"]["with"]) == ("", _V4)


def test_switching_goes_on_under_load(seen: Seen) -> None:
    assert seen["switched"]["exit"] == "b"
    assert int(str(seen["switched"]["answered"])) > 0


def test_dead_gateway_comes_back(seen: Seen) -> None:
    assert seen["gateway_dead"]["without"] == ["", "", "", ""]
    assert seen["gateway_dead"]["back"] == _V4


@pytest.mark.parametrize("stage", ["wireguard_killed", "worker_killed"])
def test_killed_process_blocks_and_is_replaced(seen: Seen, stage: str) -> None:
    found = seen[stage]
    assert (found["cause"], found["refused"], found["back"]) == ("tunnel-ended", "", _V4)
    assert found.get("inner_gone", True)


def test_new_door_uses_the_same_tunnel(seen: Seen) -> None:
    assert (seen["door_killed"]["answer"], seen["door_killed"]["waiting"]) == (_V4, _V4)


def test_blocked_means_nothing(seen: Seen) -> None:
    assert seen["blocked"]["answers"] == ["", "", "", ""]
    assert seen["blocked"]["cause"] == "exit-blocked"


def test_gateway_that_does_not_answer(seen: Seen) -> None:
    found = seen["no_answer"]
    assert (found["first"], found["waiting"]) == ("Connecting", "")
    assert (found["cause"], found["retries"], found["refused"]) == ("no-answer", 1.0, "")


def test_random_transitions(seen: Seen) -> None:
    found = seen["random_walk"]
    assert found["wrong"] == []
    assert int(str(found["protected"])) > 25


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value

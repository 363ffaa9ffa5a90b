"""The tunnel of the whole computer: installed, used, and what left the client's only cable.

The client is called root in namespaces that the test makes itself; its programs use plain sockets.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from support.vpn_lab import obstacle
from support.vpn_whole import start_helper

from myco_vpn.whole import client, installation, machine
from myco_vpn.whole.installation import Tree
from myco_vpn.whole.verbs import State

_PROGRAM = Path(__file__).parents[2] / "support" / "vpn_whole.py"
_PATIENCE_S = 120
pytestmark = pytest.mark.timeout(_PATIENCE_S + 10)
_CLIENT, _V4, _V6 = "198.51.100.2", "203.0.113.1", "2001:db8:2::1"

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


@pytest.mark.parametrize("stage", ["off", "nothing_left", "off_again"])
def test_tap_sees_what_goes_directly(seen: Seen, stage: str) -> None:
    assert "tcp 203.0.113.10 80 S" in str(seen[stage]["others"])


@pytest.mark.parametrize(
    "stage",
    [
        "connected",
        "helper_killed",
        "routes_added",
        "link_down",
        "address_changes",
        "switched",
        "gateway_dead",
        "program_killed",
        "blocked",
        "booted",
    ],
)
def test_nothing_but_wireguard_leaves_the_computer(seen: Seen, stage: str) -> None:
    assert seen[stage]["others"] == []


def test_plain_programs_go_through_the_tunnel_with_their_names(seen: Seen) -> None:
    """The name is known to the tunnel's name server alone; the system has another one."""
    through = [_V4, _V6, _V4]
    assert seen["connected"]["answers"] == through
    assert seen["routes_added"]["answers"] == through


def test_rules_and_tunnel_outlive_the_helper(seen: Seen) -> None:
    assert seen["helper_killed"]["without"] == [_V4, _V6, _V4]
    assert seen["helper_killed"]["state"] == "protected"


def test_tunnel_follows_the_cable_and_the_address(seen: Seen) -> None:
    assert (seen["link_down"]["without"], seen["link_down"]["with"]) == ("", _V4)
    assert seen["address_changes"]["back"] == _V4


def test_switching_under_load(seen: Seen) -> None:
    assert int(str(seen["switched"]["answered"])) > 0
    assert seen["switched"]["wrong"] == []


def test_dead_gateway_leads_nowhere(seen: Seen) -> None:
    found = seen["gateway_dead"]
    assert (found["without"], found["still"]) == (["", "", ""], ["", ""])
    assert found["back"] == _V4


def test_killed_program_leaves_the_rules(seen: Seen) -> None:
    found = seen["program_killed"]
    assert (found["without"], found["wrong"], found["back"]) == (["", "", ""], [], _V4)


def test_blocked_means_not_even_wireguard(seen: Seen) -> None:
    assert (seen["blocked"]["state"], seen["blocked"]["allowed"]) == ("blocked", 0)
    assert seen["blocked"]["answers"] == ["", "", ""]


def test_start_of_the_computer_is_blocked_if_a_tunnel_was_wanted(seen: Seen) -> None:
    found = seen["booted"]
    assert (found["wanted"], found["damaged"], found["not"]) == ("blocked", "blocked", "off")


def test_down_puts_everything_back(seen: Seen) -> None:
    found = seen["nothing_left"]
    assert found["changed"] is True
    assert found["differs"] == []
    assert found["same"] is True
    assert found["answers"] == [_CLIENT, _V4, _CLIENT]


def test_others_may_look_and_nothing_else(tmp_path: Path) -> None:
    """Here the helper and who asks are ordinary users, and polkit has no word for it."""
    if os.geteuid() == 0:
        pytest.skip("root may do everything")
    tree = Tree(tmp_path)
    installation.pack(tree.program)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "socket"))
    listener.listen()
    helper = start_helper(tree, listener, "--kept", str(tmp_path / "kept"))
    try:
        for verb in ("down", "block"):
            answer = client.ask(verb, None, tmp_path / "socket")
            assert (answer.state, answer.problem) == (None, "you are not allowed to do that")
        assert client.ask("status", None, tmp_path / "socket").state is State.OFF
        assert not (tmp_path / "kept").exists()
    finally:
        os.kill(helper, signal.SIGTERM)
        os.waitpid(helper, 0)
        listener.close()


def test_installation_can_be_repeated_and_taken_back(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    if machine.missing_programs():
        pytest.skip("programs are missing")
    for users in ([1000], [1000, 1001]):
        installation.install(tree, users, services=False)
    assert json.loads(tree.users.read_text()) == [1000, 1001]
    assert "auth_admin_keep" in tree.policy.read_text()
    installation.uninstall(tree, services=False)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]

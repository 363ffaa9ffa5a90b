"""The tunnel of the whole computer: installed, used, and what left the client's only cable.

The client is called root in namespaces that the test makes itself; its programs use plain sockets.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import vpn_polkit
from support.vpn_lab import obstacle
from support.vpn_whole import start_helper

from myco_vpn.whole import client, installation, machine
from myco_vpn.whole.helper import _has_ended
from myco_vpn.whole.installation import Tree
from myco_vpn.whole.machine import MachineError
from myco_vpn.whole.verbs import BadRequestError, State

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


@pytest.fixture
def helper(tmp_path: Path) -> Iterator[Path]:
    """Where a helper can be asked that nobody has allowed anything."""
    tree = Tree(tmp_path)
    installation.pack(tree.program)
    path = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        pid = start_helper(tree, listener, "--kept", str(tmp_path / "kept"))
        yield path
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)


def test_others_may_look_and_nothing_else(helper: Path, tmp_path: Path) -> None:
    """Here the helper and who asks are ordinary users, and polkit has no word for it."""
    if os.geteuid() == 0:
        pytest.skip("root may do everything")
    for verb in ("down", "block"):
        answer = client.ask(verb, None, helper)
        assert (answer.state, answer.problem) == (None, "you are not allowed to do that")
    assert client.ask("status", None, helper).state is State.OFF
    assert not (tmp_path / "kept").exists()


def test_slow_askers_keep_nobody_waiting_and_there_are_few(helper: Path) -> None:
    slow = [socket.socket(socket.AF_UNIX) for _ in range(4)]
    for sock in slow[:3]:
        sock.connect(str(helper))
        sock.sendall(b'{"verb":')
    assert client.ask("status", None, helper).state is State.OFF
    slow[3].connect(str(helper))
    with pytest.raises((BadRequestError, OSError)):  # one too many
        client.ask("status", None, helper)
    for sock in slow:
        assert _is_quiet(sock)
        sock.close()


def test_broken_requests_do_not_end_the_helper(helper: Path) -> None:
    for said in (b"", b"{", b"x" * 300_000, b"\xff\xfe\n", b"[" * 100_000 + b"\n"):
        with socket.socket(socket.AF_UNIX) as sock, contextlib.suppress(BrokenPipeError):
            sock.connect(str(helper))
            sock.sendall(said)
            sock.shutdown(socket.SHUT_WR)
            with sock.makefile("rb") as answers:
                assert b'"state": null' in answers.readline()
    assert client.ask("status", None, helper).state is State.OFF


def test_who_asked_and_is_gone_is_noticed(tmp_path: Path) -> None:
    """Its number may be another process's by then."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        listener.listen()
        with socket.socket(socket.AF_UNIX) as alive:
            alive.connect(str(tmp_path / "socket"))
            with listener.accept()[0] as ours:
                assert not _has_ended(ours)
                if not _kernel_tells(ours):
                    pytest.skip("this kernel does not tell (before 6.5)")
        program = "import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])"
        subprocess.run([sys.executable, "-c", program, str(tmp_path / "socket")], check=True)
        with listener.accept()[0] as ours:
            assert _has_ended(ours)


def _kernel_tells(client_: socket.socket) -> bool:
    try:
        os.close(client_.getsockopt(socket.SOL_SOCKET, 77))  # SO_PEERPIDFD
    except OSError:
        return False
    return True


def _is_quiet(sock: socket.socket) -> bool:
    return not select.select([sock], [], [], 0)[0]


def test_polkit_decides_who_may(tmp_path: Path) -> None:
    """A real one: no, without it, and without somebody at the computer; yes, by an administrator's
    rule; and what asks for a password that nobody gives is no."""
    if problem := obstacle() or vpn_polkit.obstacle():
        pytest.skip(f"no polkit here: {problem}")
    done = subprocess.run(
        [sys.executable, str(_PROGRAM.with_name("vpn_polkit.py")), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    no = "you are not allowed to do that"
    assert json.loads(done.stdout) == {
        "without_polkit": no,
        "without_session": no,
        "active": no,
        "active_by_rule": "State.BLOCKED",
        "inactive_by_rule": no,
        "gone_again": no,
    }


def test_program_that_others_could_change_is_not_installed(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    installation.pack(tree.program)
    installation.demand_owned(tree.program, tmp_path)
    for path in (tree.program, tree.program.parent, tree.program.parents[2]):
        path.chmod(0o775)
        with pytest.raises(MachineError, match="can be changed by others"):
            installation.demand_owned(tree.program, tmp_path)
        path.chmod(0o755)


def test_units_are_what_systemd_takes(tmp_path: Path) -> None:
    """Each setting by its name and value; the programs are not where they will be."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not here")
    units = {
        "myco-vpn-whole.socket": installation.socket_unit(),
        "myco-vpn-whole.service": installation.service_unit(),
        "myco-vpn-whole-boot.service": installation.boot_unit(),
    }
    for name, text in units.items():
        (tmp_path / name).write_text(text.replace("/usr/bin/python3 -I -B", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in units)],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if "myco-vpn-whole" in line]
    assert said == []


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

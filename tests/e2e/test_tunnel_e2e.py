"""The browser and its tunnel, used as people use it, in a lab of three computers.

The server tells from which address it was asked, and a tap on the only cable of the client sees all
that leaves it (see support/vpn_lab). Pages do what could go past a proxy: STUN, preconnect,
dns-prefetch, prefetch, WebTransport, a WebSocket and a stream open while the tunnel is switched.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.vpn_lab import obstacle

_ROOT = Path(__file__).parents[2]
_PROGRAM = _ROOT / "tests" / "support" / "vpn_browser.py"
_CLIENT, _GATEWAY = "198.51.100.2", "203.0.113.1"
_FAR_GATEWAY = "192.0.2.2"
_GATEWAY_V6 = "2001:db8:2::1"

Seen = dict[str, dict[str, object]]


@pytest.fixture(scope="module")
def seen() -> Seen:
    if problem := obstacle():
        pytest.skip(f"no lab here: {problem}")
    parts = (".", "filters", "vpn", "resources", "tests")
    walked = subprocess.run(
        [sys.executable, "-P", str(_PROGRAM)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(str(_ROOT / part) for part in parts)},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert walked.returncode == 0, walked.stderr[-4000:]
    found: Seen = json.loads(walked.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("step", ["off", "turned_off"])
def test_off_is_direct_and_seen(seen: Seen, step: str) -> None:
    assert seen[step]["body"] == _CLIENT
    assert any("203.0.113.10 80" in str(other) for other in _list(seen[step]["others"]))


@pytest.mark.parametrize(
    "step",
    [
        "through",
        "page",
        "switched",
        "private_windows",
        "killed",
        "blocked",
        "restarted",
    ],
)
def test_nothing_but_the_tunnel_leaves(seen: Seen, step: str) -> None:
    assert seen[step]["others"] == []


@pytest.mark.parametrize("step", ["imported", "managed"])
def test_exits_are_kept_without_asking_anybody(seen: Seen, step: str) -> None:
    # The page in front goes on meanwhile: its icon may come late.
    _assert_only_the_page(seen[step]["others"])


def test_one_click_cuts_what_was_open(seen: Seen) -> None:
    packets = [str(one) for one in _list(seen["connected"]["others"])]
    # The click comes a moment after the tap was emptied; from the first reset on it counts.
    cut = next(number for number, packet in enumerate(packets) if "R" in packet.split()[-1])
    _assert_nothing_began(packets[cut:])


def test_pages_come_through_the_tunnel(seen: Seen) -> None:
    assert seen["through"]["bodies"] == [_GATEWAY_V6, _GATEWAY, _GATEWAY_V6]
    assert seen["through"]["exit"] == "tunnel"
    assert seen["through"]["sealed"] is True
    assert (seen["switched"]["body"], seen["switched"]["download"]) == (_GATEWAY, "NETWORK")


def test_exits_are_imported_by_drop_and_from_files(seen: Seen) -> None:
    assert seen["imported"]["names"] == ["198.51.100.1", "Coop 1", "Far away"]


def test_commands_are_shown_and_a_copied_qr_code_is_read(seen: Seen) -> None:
    notices = _list(seen["imported"]["notices"])
    assert any("never run: PostUp = touch /x" in str(notice) for notice in notices)
    assert seen["imported"]["again"] == ["198.51.100.1"]


def test_private_windows_have_exits_of_their_own(seen: Seen) -> None:
    found = seen["private_windows"]
    assert found["bodies"] == [_GATEWAY, _FAR_GATEWAY, _GATEWAY]
    began, badges = _list(found["began"]), _list(found["badges"])
    assert began == [began[0]] * 3
    assert badges == [began[0], "VPN: Protected: Far away", began[0]]
    assert found["before_hops"] == []


def test_private_window_goes_by_two_hops_and_on_its_own(seen: Seen) -> None:
    """By two hops; while the everyday session is blocked; and once more after a crash."""
    found = seen["private_windows"]
    assert found["hops"] == _FAR_GATEWAY
    assert found["alone"] == [_FAR_GATEWAY, _GATEWAY]
    assert found["crashed"] == _FAR_GATEWAY


def test_exits_are_managed(seen: Seen) -> None:
    """A favourite goes first; an export is a new file; a gateway gets the public half of a key."""
    found = seen["managed"]
    assert found["favourite_first"] is True
    assert (found["mode"], found["exported"], found["refused"]) == ("0o600", True, True)
    assert found["pair"] is True


def test_panel_stays_on_the_screen(seen: Seen) -> None:
    assert seen["managed"]["panel_fits"] is True


def test_status_icon_says_and_does_what_the_toolbar_does(seen: Seen) -> None:
    assert seen["managed"]["tray"] == [True, "VPN off", "Turn the VPN on"]
    assert seen["networks"]["tray"] == ["Protected", "Turn the VPN off"]


def test_tunnel_turns_on_by_itself_on_networks_that_are_not_trusted(seen: Seen) -> None:
    found = seen["networks"]
    assert (found["untrusted"], found["again"]) == (_GATEWAY, _GATEWAY)
    _assert_nothing_began(found["before"])
    assert (found["trusted"], found["still"]) == ([_CLIENT, "off"], "off")


def test_killed_processes_are_replaced(seen: Seen) -> None:
    assert seen["killed"]["bodies"] == [_GATEWAY, _GATEWAY]


def test_blocked_page_says_so(seen: Seen) -> None:
    assert seen["blocked"]["message"] == "The exit is closed"


def test_killed_launcher_leaves_nothing_open_and_the_wish_stays(seen: Seen) -> None:
    assert (seen["restarted"]["killed"], seen["restarted"]["cause"]) == ([], "locked")
    assert seen["restarted"]["body"] == _GATEWAY


def _assert_nothing_began(others: object) -> None:
    """All that was seen beside the tunnel belongs to what was open directly before: its end."""
    packets = _assert_only_the_page(others)
    assert not any("S" in packet[-1] for packet in packets), packets


def _assert_only_the_page(others: object) -> list[list[str]]:
    packets = [str(other).split() for other in _list(others)]
    assert all(packet[:3] == ["tcp", "203.0.113.10", "80"] for packet in packets), packets
    return packets


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value

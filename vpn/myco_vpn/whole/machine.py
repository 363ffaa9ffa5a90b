"""What the helper does to the computer, from typed values only; no shell, no path from outside.

The rules come first and go last, so that there is no moment without them while a tunnel is wanted.
All state is the kernel's, but for two small files: what the user wants (for the next start of the
computer) and how the kernel's settings were before.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from myco_vpn.files import replace_file
from myco_vpn.whole import rules
from myco_vpn.whole.rules import DEVICE, MARK
from myco_vpn.whole.verbs import Answer, State
from myco_vpn.wireguard.config import DEFAULT_MTU, Config, Peer

_FOLDERS = "/usr/sbin:/usr/bin:/sbin:/bin"
_ROUTES = "27961"
"""The routing table of our own."""
_PRIORITY = "5209"
_LAST = "4294967295"
_START_S = 20.0
_GONE_S = 3.0
"""For each program that is run."""
_STALE_S = 180
"""WireGuard's REJECT_AFTER_TIME: a handshake that is older carries nothing."""
_ENVIRONMENT = {"PATH": _FOLDERS, "LC_ALL": "C", "LOG_LEVEL": "error"}
_SETTINGS = {
    # The mark counts when the way back of an incoming packet is checked.
    "/proc/sys/net/ipv4/conf/all/src_valid_mark": "1",
    # Nobody on the local network is told the tunnel's address.
    "/proc/sys/net/ipv4/conf/all/arp_ignore": "2",
}

_KERNELS_OWN = "0"
"""Both settings, where nobody has changed them."""


class MachineError(Exception):
    """Something could not be done; the message is for people."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the two files are."""

    kept: Path = Path("/var/lib/myco-vpn/whole.json")
    runtime: Path = Path("/run/myco-vpn-whole/settings.json")


def up(places: Places, config: Config) -> None:
    """Everything through this tunnel. Raises MachineError; the rules stand then all the same."""
    _keep_wish(places, True)
    _apply(rules.tunnelled(config))
    _change_settings(places)
    _remove_device()
    _make_device()
    # The mark first: without it not even the first handshake passes the rules.
    _demand("wg", "set", DEVICE, "fwmark", hex(MARK))
    assert config.private_key is not None
    _demand("wg", "set", DEVICE, "private-key", "/dev/stdin", text=config.private_key.text)
    _demand("wg", "addconf", DEVICE, "/dev/stdin", text=_peers(config))
    for address in config.addresses:
        _demand("ip", "address", "add", str(address), "dev", DEVICE, *_no_dad(address.version))
    _demand("ip", "link", "set", DEVICE, "mtu", str(config.mtu or DEFAULT_MTU), "up")
    _lead(config)
    _tell_resolver(config)


def block(places: Places) -> None:
    """Nothing leaves. Raises MachineError."""
    _keep_wish(places, True)
    _apply(rules.blocked())
    _remove_device()


def down(places: Places) -> None:
    """Everything as it was. Raises MachineError, and then the rules stand."""
    _keep_wish(places, False)
    _unlead()
    _remove_device()
    _restore_settings(places)
    _apply(rules.no_rules())


def block_if_wanted(places: Places) -> None:
    """At the start of the computer: what was wanted counts; unreadable means blocked."""
    if wants_protection(places):
        _apply(rules.blocked())


def wants_protection(places: Places) -> bool:
    """What the user wants."""
    try:
        return json.loads(places.kept.read_bytes())["secured"] is not False
    except FileNotFoundError:
        return False
    except (OSError, ValueError, KeyError, TypeError):
        return True


def status(now: float | None = None) -> Answer:
    """How it is, by the kernel."""
    if not _run("nft", "list", "table", "inet", rules.TABLE):
        return Answer(State.OFF)
    done = _call("wg", "show", DEVICE, "dump")
    if done.returncode != 0:
        return Answer(State.BLOCKED)
    handshake = received = sent = 0
    for line in done.stdout.splitlines()[1:]:  # the first is the device, with its key
        fields = line.split("\t")
        handshake = max(handshake, int(fields[4]))
        received, sent = received + int(fields[5]), sent + int(fields[6])
    fresh = handshake and (time.time() if now is None else now) - handshake < _STALE_S
    state = State.PROTECTED if fresh else State.CONNECTING
    return Answer(state, "", handshake, received, sent)


def missing_programs() -> list[str]:
    """What has to be installed first."""
    return [name for name in ("ip", "nft", "wg") if shutil.which(name, path=_FOLDERS) is None]


def _make_device() -> None:
    if _run("ip", "link", "add", DEVICE, "type", "wireguard"):
        return
    # A kernel without WireGuard. The program goes to the background when the device is there.
    quiet = subprocess.DEVNULL
    done = subprocess.run(
        [_program("wireguard-go"), DEVICE],
        env=_ENVIRONMENT, stdin=quiet, stdout=quiet, stderr=quiet, timeout=_START_S, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise MachineError("neither the kernel nor wireguard-go can make the tunnel's device")


def _remove_device() -> None:
    _run("ip", "link", "delete", DEVICE)
    # wireguard-go hears of it a moment later. Until then it answers as if nothing had happened, and
    # then it takes its socket away, which must not be the next one's.
    deadline = time.monotonic() + _GONE_S
    while _run("wg", "show", DEVICE) and time.monotonic() < deadline:
        time.sleep(0.01)


def _peers(config: Config) -> str:
    return "\n".join(line for peer in config.peers for line in _peer(peer)) + "\n"


def _peer(peer: Peer) -> list[str]:
    lines = ["[Peer]", f"PublicKey = {peer.public_key.text}"]
    if peer.preshared_key is not None:
        lines.append(f"PresharedKey = {peer.preshared_key.text}")
    if peer.allowed_ips:
        lines.append(f"AllowedIPs = {', '.join(map(str, peer.allowed_ips))}")
    if peer.endpoint is not None:
        lines.append(f"Endpoint = {peer.endpoint}")
    # A tunnel that says nothing cannot be told from one whose gateway is gone.
    lines.append(f"PersistentKeepalive = {peer.keepalive or 25}")
    return lines


def _lead(config: Config) -> None:
    """A routing table that nobody else writes to, before all others; what it lacks goes nowhere."""
    for version in (4, 6):
        family = f"-{version}"
        needed = version == 4 or any(one.version == 6 for one in config.addresses)
        networks = {n for p in config.peers for n in p.allowed_ips if n.version == version}
        steps: list[tuple[str, ...]] = [
            ("route", "replace", "unreachable", "default", "metric", _LAST)
        ]
        if any(one.version == version for one in config.addresses):
            steps += [("route", "replace", str(network), "dev", DEVICE) for network in networks]
        try:
            for step in steps:
                _demand("ip", family, *step, "table", _ROUTES)
            _run("ip", family, "rule", "delete", "priority", _PRIORITY)
            _demand(
                "ip", family, "rule", "add", "not", "fwmark", hex(MARK), "table", _ROUTES,
                "priority", _PRIORITY,
            )  # fmt: skip
        except MachineError:
            # Without IPv6 in the kernel there is nothing to lead; the rules refuse it anyway.
            if needed:
                raise


def _unlead() -> None:
    for family in ("-4", "-6"):
        _run("ip", family, "rule", "delete", "priority", _PRIORITY)
        _run("ip", family, "route", "flush", "table", _ROUTES)


def _tell_resolver(config: Config) -> None:
    """systemd-resolved asks by interface; it forgets this with the interface."""
    if os.path.exists("/run/systemd/resolve/io.systemd.Resolve") and config.dns:
        _run("resolvectl", "dns", DEVICE, *map(str, config.dns))
        _run("resolvectl", "domain", DEVICE, "~.")


def _change_settings(places: Places) -> None:
    before = {path: Path(path).read_text("ascii").strip() for path in _SETTINGS}
    # What was kept first is how it was before us.
    kept = {**before, **(_kept_settings(places) or {})}
    replace_file(places.runtime, json.dumps(kept).encode())
    for path, value in _SETTINGS.items():
        Path(path).write_text(value, "ascii")


def _restore_settings(places: Places) -> None:
    kept = _kept_settings(places)
    if kept is None:
        return  # nothing was changed
    for path in _SETTINGS:
        Path(path).write_text(kept.get(path, _KERNELS_OWN), "ascii")
    places.runtime.unlink()


def _kept_settings(places: Places) -> dict[str, str] | None:
    """How the settings were before us, as far as it can be read; None where nothing was kept."""
    try:
        body = json.loads(places.runtime.read_bytes())
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError):
        return {}
    if not isinstance(body, dict):
        return {}
    # No path is taken from the file, and no value but a number.
    return {path: str(body[path]) for path in _SETTINGS if str(body.get(path)).isdecimal()}


def _keep_wish(places: Places, secured: bool) -> None:
    try:
        replace_file(places.kept, json.dumps({"secured": secured}).encode())
    except OSError as error:
        raise MachineError(f"{places.kept}: {error.strerror}") from error


def _apply(text: str) -> None:
    _demand("nft", "-f", "-", text=text)


def _no_dad(version: int) -> tuple[str, ...]:
    return ("nodad",) if version == 6 else ()


def _program(name: str) -> str:
    found = shutil.which(name, path=_FOLDERS)
    if found is None:
        raise MachineError(f"{name} is missing")
    return found


def _call(name: str, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [_program(name), *arguments],
        input=text, env=_ENVIRONMENT, capture_output=True, text=True, timeout=_START_S, check=False,
    )  # fmt: skip


def _run(name: str, *arguments: str) -> bool:
    with contextlib.suppress(MachineError):
        return _call(name, *arguments).returncode == 0
    return False


def _demand(name: str, *arguments: str, text: str = "") -> None:
    done = _call(name, *arguments, text=text)
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        raise MachineError(f"{name} {arguments[0]}: {said[0] if said else done.returncode}")

"""Which network this computer is in, found out without any rights.

A network is known by its router's hardware address, together with NetworkManager's name for the
connection where that runs (`nmcli` asks it over D-Bus), or else the name of the Wi-Fi. A name alone
would not do: anybody can call a Wi-Fi like yours. What cannot be found out is not a known network.
"""

from __future__ import annotations

import re
import shutil
import socket
import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

_ASK_S = 3.0
_MAX_SSID = 32
_UP, _GATEWAY = 1, 2
_ADDRESS = re.compile(r"([0-9a-f]{2}:){5}[0-9a-f]{2}", re.ASCII)
_FOLDERS = "/usr/bin:/usr/sbin:/bin:/sbin"


class Uplink(NamedTuple):
    """By which interface and router everything leaves."""

    device: str
    router: str


class Network(NamedTuple):
    """A network; two with the same key are the same one."""

    key: str
    name: str
    """For people."""


def find_uplink() -> Uplink | None:
    """The way of the default route, by the kernel's tables."""
    return default_route(_read("/proc/net/route")) or default_route_v6(
        _read("/proc/net/ipv6_route")
    )


def identify(uplink: Uplink) -> Network | None:
    """The network behind a router; None where that cannot be said (yet). May take a moment."""
    if ":" in uplink.router:
        hardware = neighbour(_run("ip", "-6", "neigh", "show", uplink.router))
    else:
        hardware = hardware_address(_read("/proc/net/arp"), uplink)
    if hardware is None:
        return None
    managed = connection_of(_run("nmcli", "-t", "-f", "DEVICE,UUID,NAME", "connection", "show",
                                 "--active"), uplink.device)  # fmt: skip
    if managed is not None:
        return Network(f"{managed.key} {hardware}", managed.name)
    ssid = _wireless_name(uplink.device)
    if ssid:
        return Network(f"wifi {ssid} {hardware}", ssid)
    return Network(f"router {hardware}", f"{uplink.device}, {uplink.router}")


def default_route(table: str) -> Uplink | None:
    """The default route with the lowest metric, of /proc/net/route."""
    found: list[tuple[int, Uplink]] = []
    for line in table.splitlines()[1:]:
        fields = line.split()
        if len(fields) < 8 or fields[1] != "00000000" or fields[7] != "00000000":
            continue
        if int(fields[3], 16) & (_UP | _GATEWAY) == _UP | _GATEWAY:
            router = socket.inet_ntoa(struct.pack("=I", int(fields[2], 16)))
            found.append((int(fields[6]), Uplink(fields[0], router)))
    return min(found)[1] if found else None


def default_route_v6(table: str) -> Uplink | None:
    """The default route with the lowest metric, of /proc/net/ipv6_route."""
    found: list[tuple[int, Uplink]] = []
    for line in table.splitlines():
        fields = line.split()
        if len(fields) < 10 or fields[0] != "0" * 32 or fields[1] != "00":
            continue
        if int(fields[8], 16) & (_UP | _GATEWAY) == _UP | _GATEWAY:
            router = socket.inet_ntop(socket.AF_INET6, bytes.fromhex(fields[4]))
            found.append((int(fields[5], 16), Uplink(fields[9], router)))
    return min(found)[1] if found else None


def hardware_address(table: str, uplink: Uplink) -> str | None:
    """The router's hardware address, of /proc/net/arp."""
    for line in table.splitlines()[1:]:
        fields = line.split()
        if len(fields) >= 6 and (fields[0], fields[5]) == (uplink.router, uplink.device):
            return _hardware(fields[3])
    return None


def neighbour(said: str) -> str | None:
    """The hardware address in what `ip neigh` says of one address."""
    words = said.split()
    if "lladdr" not in words[:-1]:
        return None
    return _hardware(words[words.index("lladdr") + 1])


def connection_of(said: str, device: str) -> Network | None:
    """The connection of a device in what `nmcli -t` says."""
    for line in said.splitlines():
        fields = re.split(r"(?<!\\):", line, maxsplit=2)
        if len(fields) == 3 and fields[0].replace("\\:", ":") == device and fields[1]:
            return Network(f"connection {fields[1]}", fields[2].replace("\\:", ":"))
    return None


def _hardware(text: str) -> str | None:
    lowered = text.lower()
    if _ADDRESS.fullmatch(lowered) and lowered != "00:00:00:00:00:00":
        return lowered
    return None


def _wireless_name(device: str) -> str:
    """The Wi-Fi's name, by `iw`, which any user may ask."""
    match = re.search(r"^\s*SSID: (.+)$", _run("iw", "dev", device, "link"), re.MULTILINE)
    return match.group(1)[:_MAX_SSID] if match else ""


def _read(path: str) -> str:
    try:
        return Path(path).read_text("ascii")
    except (OSError, UnicodeError):
        return ""


def _run(name: str, *arguments: str) -> str:
    program = shutil.which(name, path=_FOLDERS)
    if program is None:
        return ""
    command: Sequence[str] = (program, *arguments)
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_ASK_S,
            env={"LC_ALL": "C.UTF-8", "PATH": _FOLDERS}, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError, UnicodeError):
        return ""
    return done.stdout if done.returncode == 0 else ""

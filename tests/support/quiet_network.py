"""Runs the whole browser in a network of its own and tells what it sent while nobody used it.

    python quiet_network.py FOLDER SECONDS

As an ordinary user: a new user, network and mount namespace with an address, a default route and a
resolver, all at the end of a cable that leads nowhere, so that whatever would leave is seen there.
Everything in that network is captured from before the start until SECONDS after the start page was
shown, then one datagram is sent to prove that the capture sees. The answer is JSON.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

from support.browser_rig import BrowserRig, LedSession, browser_rig
from support.stored_lists import store_lists

from myco_vpn import kernel

_CLONE_NEWNS = 0x20000
_MS_BIND = 4096
_CAP_NET_ADMIN = 12
_RESOLVER = "10.77.0.1"
CONTROL = ("198.51.100.7", 53)
CONTROL_S = 10.0
_ETH_P_ALL = 3
_FRAME = 2048
# Router and neighbour discovery, multicast listener reports: the kernel's own, for any interface.
_IPV6_HOUSEKEEPING = frozenset({*range(130, 138), 143})
_libc = ctypes.CDLL(None, use_errno=True)


class Capture:
    """Every frame on every interface of this network, by what it is."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_ALL))
        self.arp = 0
        self.housekeeping = 0
        self.others: list[str] = []

    def leave_loopback_out(self) -> None:
        """Looks at the cable alone, where so much goes over loopback that frames would be lost."""
        self._socket.bind(("near", _ETH_P_ALL))

    def watch(self, seconds: float, until: str = "") -> None:
        """Reads for so long, or until a frame of that description came."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if select.select([self._socket], [], [], left)[0]:
                self._take(*self._socket.recvfrom(_FRAME))
            if until and until in self.others:
                return

    def _take(self, frame: bytes, address: tuple[str, int]) -> None:
        interface, protocol = address[:2]
        if protocol == 0x0806:
            self.arp += 1
        elif protocol == 0x86DD and _is_housekeeping(frame):
            self.housekeeping += 1
        else:
            self.others.append(f"{interface} {_describe(protocol, frame)}")


def _is_housekeeping(frame: bytes) -> bool:
    following, payload = frame[20], frame[54:]
    if following == 0 and len(payload) > 8:  # hop-by-hop options of listener reports
        following, payload = payload[0], payload[8 * (payload[1] + 1) :]
    return following == 58 and payload[:1] != b"" and payload[0] in _IPV6_HOUSEKEEPING


def _describe(protocol: int, frame: bytes) -> str:
    if protocol != 0x0800:
        return f"{protocol:#06x} {frame[:80].hex()}"
    header = 14 + 4 * (frame[14] & 15)
    port = struct.unpack_from(">H", frame, header + 2)[0]
    kind = {6: "tcp", 17: "udp"}.get(frame[23], str(frame[23]))
    return f"{kind} {socket.inet_ntoa(frame[30:34])}:{port}"


def enter_network(folder: Path) -> Capture:
    uid, gid = os.getuid(), os.getgid()
    kernel.unshare(kernel.CLONE_NEWUSER | kernel.CLONE_NEWNET | _CLONE_NEWNS)
    kernel.set_dumpable()
    Path("/proc/self/setgroups").write_text("deny", "ascii")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1", "ascii")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1", "ascii")
    resolver = folder / "resolv.conf"
    resolver.write_text(f"nameserver {_RESOLVER}\n")
    _check(_libc.mount(str(resolver).encode(), b"/etc/resolv.conf", b"none", _MS_BIND, None))
    capture = Capture()
    _lend_network_administration()
    for command in (
        "link set lo up",
        "link add near type veth peer name far address 02:00:00:00:00:01",
        "address add 10.77.0.2/24 dev near",
        "link set far up",
        "link set near up",
        f"route add default via {_RESOLVER}",
        f"neighbour add {_RESOLVER} lladdr 02:00:00:00:00:01 dev near nud permanent",
    ):
        subprocess.run(["/usr/sbin/ip", *command.split()], check=True)
    kernel.drop_all_capabilities()
    kernel.set_dumpable()
    return capture


def _lend_network_administration() -> None:
    """Let programs started from here set up the network; taken back before the browser starts."""
    header = struct.pack("=Ii", 0x20080522, 0)
    low = 1 << _CAP_NET_ADMIN
    _check(_libc.capget(header, found := ctypes.create_string_buffer(24)))
    effective, permitted, _, effective_high, permitted_high, _ = struct.unpack("=6I", found.raw)
    sets = struct.pack("=6I", effective, permitted, low, effective_high, permitted_high, 0)
    _check(_libc.capset(header, sets))
    zero = ctypes.c_ulong(0)
    _check(_libc.prctl(47, ctypes.c_ulong(2), ctypes.c_ulong(_CAP_NET_ADMIN), zero, zero))


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _capabilities(pid: int) -> list[str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return [line for line in lines if line.startswith(("CapInh", "CapPrm", "CapEff", "CapAmb"))]


def _watch_start(rig: BrowserRig, capture: Capture, seconds: float) -> dict[str, object]:
    session: LedSession = rig.start()
    session.wait_for("tab is not None and tab.awake and not tab.loading")
    session.picture(rig.folder / "start.png")
    capture.watch(seconds)
    return {
        "address": session.value("tab.urlstr"),
        "sealed": session.value("session._context.sealed"),
        "counted": session.value("[row.host for row in session._context.door.counters()]"),
        "exit": session.value("session._context.door.status().exit"),
        "capabilities": {
            name: _capabilities(pid)
            for name, pid in (("launcher", rig.started[0].pid), ("session", session.pid))
        },
        "arp": capture.arp,
        "housekeeping": capture.housekeeping,
        "others": list(capture.others),
    }


def main() -> None:
    """Watches one idle browser."""
    folder, seconds = Path(sys.argv[1]), float(sys.argv[2])
    capture = enter_network(folder)
    with browser_rig(folder) as rig:
        real = store_lists(rig.profile)
        seen = _watch_start(rig, capture, seconds)
        control = f"near udp {CONTROL[0]}:{CONTROL[1]}"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.sendto(b"is anybody looking?", CONTROL)
        capture.watch(CONTROL_S, control)
    print(json.dumps({**seen, "real_lists": real, "control": control in capture.others}))


if __name__ == "__main__":
    main()

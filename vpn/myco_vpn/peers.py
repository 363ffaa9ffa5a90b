"""Whose is the other end of a loopback connection?

An unsealed session's listener can be reached by every local program; the door serves only our own
user. The kernel is asked about exactly one connection (NETLINK_SOCK_DIAG, linux/inet_diag.h), and
where that is not to be had, /proc/net/tcp is read.
"""

from __future__ import annotations

import ipaddress
import socket
import struct
from collections.abc import Callable
from pathlib import Path

Endpoint = tuple[str, int]
UidLookup = Callable[[Endpoint, Endpoint], int | None]
"""(the client's endpoint, ours) -> uid of the client's socket, None when unknown."""

_NETLINK_SOCK_DIAG = 4
_SOCK_DIAG_BY_FAMILY = 20
_NLM_F_REQUEST = 1
_ALL_STATES = 0xFFFFFFFF
_HEADER = struct.Struct("=IHHII")
_REQUEST = struct.Struct("=BBBBI")
_ANSWER_UID_OFFSET = 64
_TIMEOUT_S = 0.5


def peer_uid(client: Endpoint, ours: Endpoint) -> int | None:
    """The uid that owns the socket at `client`, connected to `ours` (IPv4)."""
    try:
        return _by_netlink(client, ours)
    except OSError:
        return _by_proc(client, ours, Path("/proc/net/tcp"))


def _by_netlink(client: Endpoint, ours: Endpoint) -> int | None:
    """One question, one answer. Raises OSError when the kernel has no such interface."""
    request = _REQUEST.pack(socket.AF_INET, socket.IPPROTO_TCP, 0, 0, _ALL_STATES)
    request += struct.pack("!HH", client[1], ours[1])
    request += socket.inet_aton(client[0]).ljust(16, b"\0")
    request += socket.inet_aton(ours[0]).ljust(16, b"\0")
    request += struct.pack("=III", 0, 0xFFFFFFFF, 0xFFFFFFFF)
    header = _HEADER.pack(_HEADER.size + len(request), _SOCK_DIAG_BY_FAMILY, _NLM_F_REQUEST, 1, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_SOCK_DIAG) as sock:
        sock.settimeout(_TIMEOUT_S)
        sock.send(header + request)
        answer = sock.recv(4096)
    return _uid_in(answer)


def _uid_in(answer: bytes) -> int | None:
    _, kind, _, _, _ = _HEADER.unpack_from(answer)
    if kind != _SOCK_DIAG_BY_FAMILY:  # an error: no such connection
        return None
    (uid,) = struct.unpack_from("=I", answer, _HEADER.size + _ANSWER_UID_OFFSET)
    return int(uid)


def _by_proc(client: Endpoint, ours: Endpoint, table: Path) -> int | None:
    try:
        lines = table.read_text("ascii").splitlines()[1:]
    except OSError:
        return None
    wanted = [_proc_form(client), _proc_form(ours)]
    for line in lines:
        fields = line.split()
        if fields[1:3] == wanted:
            return int(fields[7])
    return None


def _proc_form(endpoint: Endpoint) -> str:
    number = int.from_bytes(ipaddress.IPv4Address(endpoint[0]).packed, "little")
    return f"{number:08X}:{endpoint[1]:04X}"

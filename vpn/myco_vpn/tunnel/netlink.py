"""The few requests to the kernel that a tunnel's namespace needs, by rtnetlink (rtnetlink(7)).

Every function raises OSError with the kernel's number.
"""

from __future__ import annotations

import os
import socket
import struct

from myco_vpn.wireguard.config import IpInterface, IpNetwork

_NEWLINK, _NEWADDR, _NEWROUTE = 16, 20, 24
_ERROR = 2
_REQUEST, _ACK, _CREATE, _REPLACE = 1, 4, 0x400, 0x100
_IFF_UP = 1
_IFA_LOCAL, _IFA_ADDRESS = 2, 1
_IFA_F_NODAD = 2
_RTA_DST, _RTA_OIF = 1, 4
_IFLA_MTU = 4
_TABLE_MAIN, _PROTO_STATIC, _SCOPE_UNIVERSE, _SCOPE_LINK, _UNICAST = 254, 4, 0, 253, 1
# Groups of linux/rtnetlink.h: addresses and routes of both families, links.
_LINK, _V4_ADDRESS, _V4_ROUTE, _V6_ADDRESS, _V6_ROUTE = 0x1, 0x10, 0x40, 0x100, 0x400
_HEADER = struct.Struct("=IHHII")


def bring_up(name: str, mtu: int | None = None) -> None:
    """Switch an interface on."""
    body = struct.pack(
        "=BxHiII", socket.AF_UNSPEC, 0, socket.if_nametoindex(name), _IFF_UP, _IFF_UP
    )
    if mtu is not None:
        body += _attribute(_IFLA_MTU, struct.pack("=I", mtu))
    _ask(_NEWLINK, 0, body)


def add_address(name: str, address: IpInterface) -> None:
    """Give an interface an address. Duplicates are not looked for: nobody else is on a tunnel."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    length = address.network.prefixlen
    index = socket.if_nametoindex(name)
    body = struct.pack("=BBBBI", family, length, _IFA_F_NODAD, _SCOPE_UNIVERSE, index)
    body += _attribute(_IFA_LOCAL, address.packed) + _attribute(_IFA_ADDRESS, address.packed)
    _ask(_NEWADDR, _CREATE | _REPLACE, body)


def add_route(name: str, network: IpNetwork) -> None:
    """Lead a network through an interface."""
    is_v4 = network.version == 4
    family, scope = (socket.AF_INET, _SCOPE_LINK) if is_v4 else (socket.AF_INET6, _SCOPE_UNIVERSE)
    kind = struct.pack(
        "=BBBBBBBBI",
        family,
        network.prefixlen,
        0,
        0,
        _TABLE_MAIN,
        _PROTO_STATIC,
        scope,
        _UNICAST,
        0,
    )
    index = struct.pack("=I", socket.if_nametoindex(name))
    body = kind + _attribute(_RTA_DST, network.network_address.packed) + _attribute(_RTA_OIF, index)
    _ask(_NEWROUTE, _CREATE | _REPLACE, body)


def watch_changes() -> socket.socket:
    """A socket that becomes readable when addresses, routes or links of this namespace change.

    It goes on telling of the namespace it was made in. Raises OSError.
    """
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
    groups = _LINK | _V4_ADDRESS | _V4_ROUTE | _V6_ADDRESS | _V6_ROUTE
    try:
        sock.bind((0, groups))
    except OSError:
        sock.close()
        raise
    sock.setblocking(False)
    return sock


def _attribute(kind: int, payload: bytes) -> bytes:
    length = 4 + len(payload)
    return struct.pack("=HH", length, kind) + payload + bytes(-length % 4)


def _ask(kind: int, flags: int, body: bytes) -> None:
    header = _HEADER.pack(_HEADER.size + len(body), kind, _REQUEST | _ACK | flags, 1, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as sock:
        sock.bind((0, 0))
        sock.send(header + body)
        answer = sock.recv(65536)
    _, answered, _, _, _ = _HEADER.unpack_from(answer)
    (number,) = struct.unpack_from("=i", answer, _HEADER.size)
    if answered != _ERROR or number != 0:
        raise OSError(-number, os.strerror(-number))

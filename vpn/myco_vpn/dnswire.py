"""Questions to name servers and their answers (RFC 1035, 2782, 3596, 6840): pure.

A stub only: it asks for addresses and services, follows the aliases within one answer and believes
the server, which stands at the tunnel's other end. What is malformed, or no answer to the question,
is `Bad`.
"""

from __future__ import annotations

import ipaddress
import struct
from dataclasses import dataclass
from typing import NamedTuple

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

A, AAAA, SRV, _CNAME = 1, 28, 33, 5
_INTERNET = 1
_HEADER = struct.Struct("!HHHHHH")
_FIXED = struct.Struct("!HHIH")
_SERVICE = struct.Struct("!HHH")
_RESPONSE, _TRUNCATED, _RECURSION_WISHED = 0x8000, 0x0200, 0x0100
_OPCODE_AND_CODE = 0x780F
_NO_SUCH_NAME = 3
_OPT, _PADDING = 41, 12
_BLOCK, _PAYLOAD = 128, 1232
_MAX_POINTERS = 64
_MAX_ALIASES = 16


class Service(NamedTuple):
    """Where a service of a domain is (RFC 2782); in the order in which they are to be tried."""

    priority: int
    lightness: int
    """The weight, negated: of equal priority, the heaviest comes first."""
    port: int
    target: str


@dataclass(frozen=True, slots=True)
class Found:
    """The name's addresses, perhaps none of this kind, and for how many seconds they hold."""

    addresses: tuple[IpAddress, ...]
    ttl: int
    canonical: str = ""
    """The last name of the chain of aliases; empty when the name is none."""
    services: tuple[Service, ...] = ()
    """What was found instead of addresses, where services were asked for."""


@dataclass(frozen=True, slots=True)
class NoSuchName:
    """The server says that there is no such name."""


@dataclass(frozen=True, slots=True)
class Truncated:
    """The answer is too long for a datagram: ask again over TCP."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The server could not or would not answer."""

    code: int


@dataclass(frozen=True, slots=True)
class Bad:
    """No answer to the question that was asked."""


Answer = Found | NoSuchName | Truncated | Failed | Bad


def question(number: int, name: str, kind: int, *, is_padded: bool = False) -> bytes:
    """A question for what `name` has of a kind. Raises ValueError when it is no name.

    `is_padded`: with an EDNS option that makes it as long as most others (RFC 7830, RFC 8467).
    """
    header = _HEADER.pack(number, _RECURSION_WISHED, 1, 0, 0, 1 if is_padded else 0)
    asked = header + _name(name) + struct.pack("!HH", kind, _INTERNET)
    return asked + _padding(len(asked)) if is_padded else asked


def _padding(length: int) -> bytes:
    """An OPT record with as many zeros as the block still has room for."""
    fixed = 11 + 4
    room = -(length + fixed) % _BLOCK
    option = struct.pack("!HH", _PADDING, room) + bytes(room)
    return b"\0" + struct.pack("!HHIH", _OPT, _PAYLOAD, 0, len(option)) + option


def read(packet: bytes, number: int, name: str, kind: int) -> Answer:
    """What `packet` says to that question."""
    try:
        return _read(packet, number, name.lower(), kind)
    except (IndexError, struct.error, UnicodeDecodeError, ValueError):
        return Bad()


def services_of(rows: object) -> tuple[Service, ...]:
    """Services out of a message between processes; what makes no sense is left out."""
    return tuple(
        Service(*row)
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, list) and [type(one) for one in row] == [int, int, int, str]
    )


def _read(packet: bytes, number: int, name: str, kind: int) -> Answer:
    found, flags, questions, answers, _, _ = _HEADER.unpack_from(packet)
    if found != number or not flags & _RESPONSE or questions != 1 or flags & 0x7800:
        return Bad()
    asked, at = _read_name(packet, _HEADER.size)
    if asked != name or struct.unpack_from("!HH", packet, at) != (kind, _INTERNET):
        return Bad()
    if flags & _TRUNCATED:
        return Truncated()
    code = flags & _OPCODE_AND_CODE
    if code == _NO_SUCH_NAME:
        return NoSuchName()
    if code:
        return Failed(code)
    return _collect(packet, at + 4, answers, name, kind)


def _collect(packet: bytes, at: int, answers: int, name: str, kind: int) -> Found:
    aliases: dict[str, str] = {}
    addresses: dict[str, list[IpAddress]] = {}
    services: dict[str, list[Service]] = {}
    ttl = 0xFFFFFFFF
    for _ in range(answers):
        owner, at = _read_name(packet, at)
        found_kind, internet, seconds, length = _FIXED.unpack_from(packet, at)
        at += _FIXED.size
        payload = packet[at : at + length]
        if len(payload) != length:
            raise ValueError("cut off")
        if internet == _INTERNET and found_kind == _CNAME:
            aliases[owner] = _read_name(packet, at)[0]
            ttl = min(ttl, seconds)
        elif internet == _INTERNET and found_kind == kind == SRV:
            services.setdefault(owner, []).append(_service(packet, at))
            ttl = min(ttl, seconds)
        elif internet == _INTERNET and found_kind == kind:
            addresses.setdefault(owner, []).append(_address(payload, kind))
            ttl = min(ttl, seconds)
        at += length
    last = name
    for _ in range(_MAX_ALIASES):
        if last not in aliases:
            break
        last = aliases[last]
    canonical = "" if last == name else last
    ttl = 0 if ttl == 0xFFFFFFFF else ttl
    ordered = tuple(sorted(services.get(last, ())))
    return Found(tuple(addresses.get(last, ())), ttl, canonical, ordered)


def _service(packet: bytes, at: int) -> Service:
    priority, weight, port = _SERVICE.unpack_from(packet, at)
    return Service(priority, -weight, port, _read_name(packet, at + _SERVICE.size)[0])


def _address(payload: bytes, kind: int) -> IpAddress:
    if kind == A:
        return ipaddress.IPv4Address(payload)
    return ipaddress.IPv6Address(payload)


def _name(name: str) -> bytes:
    encoded = b""
    for label in name.rstrip(".").split("."):
        raw = label.encode("ascii")
        if not 1 <= len(raw) <= 63:
            raise ValueError("no name")
        encoded += bytes((len(raw),)) + raw
    if len(encoded) > 254:
        raise ValueError("no name")
    return encoded + b"\0"


def _read_name(packet: bytes, at: int) -> tuple[str, int]:
    """The name at `at` in lower case, and where it ends (RFC 1035, 4.1.4)."""
    labels: list[str] = []
    end = -1
    for _ in range(_MAX_POINTERS + 128):
        length = packet[at]
        if length >= 0xC0:
            end = at + 2 if end < 0 else end
            at = (length & 0x3F) << 8 | packet[at + 1]
        elif length > 63:
            raise ValueError("reserved kind of label")
        elif length == 0:
            return ".".join(labels).lower(), at + 1 if end < 0 else end
        else:
            label = packet[at + 1 : at + 1 + length]
            if len(label) != length:
                raise ValueError("cut off")
            labels.append(label.decode("ascii"))
            at += 1 + length
    raise ValueError("the name does not end")

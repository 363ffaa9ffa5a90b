"""Which destinations a page may reach: pure, from names and addresses alone.

The rule: the public internet, yes; this machine and its local networks, only where the user
granted it to this session; what is no destination at all (multicast, "this network"), never. It is
applied to the name asked for and again to every address that is about to be dialled, so that a
public name which resolves to a private address (DNS rebinding) gains nothing.

Ranges: RFC 1122, 1918, 2544, 3927, 4193, 4291, 5771, 6598, 6890; IPv4 inside IPv6 by RFC 3056
(6to4), 6052 and 8215 (NAT64), 4380 (Teredo), 4291 (mapped, compatible).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_MAX_NAME = 253
_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_.")
_LOCAL_SUFFIXES = (".localhost", ".local")

_LOCAL_V4 = tuple(
    ipaddress.IPv4Network(block)
    for block in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "198.18.0.0/15",
    )
)
_NEVER_V4 = tuple(
    ipaddress.IPv4Network(block) for block in ("0.0.0.0/8", "192.0.0.0/24", "224.0.0.0/3")
)
_LOCAL_V6 = tuple(
    ipaddress.IPv6Network(block) for block in ("::1/128", "fc00::/7", "fe80::/10", "fec0::/10")
)
# ::/96 holds the unspecified address and the IPv4-compatible ones; Teredo hides two IPv4 addresses.
_NEVER_V6 = tuple(
    ipaddress.IPv6Network(block) for block in ("::/96", "ff00::/8", "2001::/32", "100::/64")
)
_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
_6TO4 = ipaddress.IPv6Network("2002::/16")
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
_TRANSLATED = ipaddress.IPv6Network("::ffff:0:0:0/96")


class Reach(Enum):
    """How far away an address or name is."""

    PUBLIC = "public"
    LOCAL = "local"
    NEVER = "never"


class Destination(NamedTuple):
    """Where a client wants to go; made by `destination()`, which puts the host into one form."""

    host: str
    """A lower-case name without a final dot, or an address as `ipaddress` writes it."""
    port: int

    @property
    def address(self) -> IpAddress | None:
        """The host as an address, if it is one."""
        return _parse_address(self.host)


class Grant(NamedTuple):
    """The user's leave for one session to reach a local host, on one port or (None) on all."""

    host: str
    port: int | None


class Grants(NamedTuple):
    """All leave that a session has."""

    granted: frozenset[Grant] = frozenset()

    def adding(self, grant: Grant) -> Grants:
        """These and one more."""
        return Grants(self.granted | {grant})

    def without(self, host: str) -> Grants:
        """These without any for `host`."""
        return Grants(frozenset(grant for grant in self.granted if grant.host != host))

    def cover(self, target: Destination) -> bool:
        """Whether `target` was granted."""
        return not self.granted.isdisjoint(
            (Grant(target.host, None), Grant(target.host, target.port))
        )


def destination(host: str, port: int) -> Destination | None:
    """The destination these words mean, or None when they mean none."""
    canonical = canonical_host(host)
    if canonical is None or not 1 <= port <= 65535:
        return None
    return Destination(canonical, port)


def canonical_host(host: str) -> str | None:
    """The one form of a host under which grants, counters and failures are kept."""
    text = host.strip().lower().removeprefix("[").removesuffix("]")
    address = _parse_address(text)
    if address is not None:
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        return str(mapped or address)
    text = text.removesuffix(".")
    if not text or len(text) > _MAX_NAME or not _NAME_CHARACTERS.issuperset(text):
        return None
    if any(not label or len(label) > 63 for label in text.split(".")):
        return None
    return text


def name_reach(name: str) -> Reach:
    """How far a name can lead, judged before it is looked up (RFC 6761, RFC 6762)."""
    if "." not in name or name.endswith(_LOCAL_SUFFIXES):
        return Reach.LOCAL
    return Reach.PUBLIC


def is_service_name(name: str) -> bool:
    """Whether it is the name of a service of a public domain (RFC 2782), in lower case."""
    service, _, rest = name.partition(".")
    protocol, _, domain = rest.partition(".")
    if not service.startswith("_") or protocol not in ("_tcp", "_udp") or "_" in domain:
        return False
    is_name = canonical_host(name) == name and _parse_address(domain) is None
    return is_name and name_reach(domain) is Reach.PUBLIC


def address_reach(address: IpAddress) -> Reach:
    """How far an address is; one that wraps another is as near as the nearer of the two."""
    if isinstance(address, ipaddress.IPv4Address):
        return _range_of(address, _LOCAL_V4, _NEVER_V4)
    embedded = _embedded_v4(address)
    if embedded is not None:
        return address_reach(embedded)
    return _range_of(address, _LOCAL_V6, _NEVER_V6)


def is_refused_by_name(target: Destination, grants: Grants) -> bool:
    """Whether to refuse without asking any resolver."""
    address = target.address
    reach = name_reach(target.host) if address is None else address_reach(address)
    return not _may(reach, target, grants)


def dialable(
    target: Destination, resolved: Iterable[IpAddress], grants: Grants
) -> tuple[IpAddress, ...]:
    """Of the addresses that `target` resolved to, those that may be dialled, in order."""
    return tuple(a for a in resolved if _may(address_reach(a), target, grants))


def _may(reach: Reach, target: Destination, grants: Grants) -> bool:
    match reach:
        case Reach.PUBLIC:
            return True
        case Reach.LOCAL:
            return grants.cover(target)
        case Reach.NEVER:
            return False


def _range_of(
    address: IpAddress,
    local: Iterable[ipaddress.IPv4Network] | Iterable[ipaddress.IPv6Network],
    never: Iterable[ipaddress.IPv4Network] | Iterable[ipaddress.IPv6Network],
) -> Reach:
    if any(address in network for network in local):
        return Reach.LOCAL
    if any(address in network for network in never):
        return Reach.NEVER
    return Reach.PUBLIC


def _embedded_v4(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    number = int(address)
    if address in _MAPPED or address in _TRANSLATED or any(address in n for n in _NAT64):
        return ipaddress.IPv4Address(number & 0xFFFFFFFF)
    if address in _6TO4:
        return ipaddress.IPv4Address((number >> 80) & 0xFFFFFFFF)
    return None


def _parse_address(text: str) -> IpAddress | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None

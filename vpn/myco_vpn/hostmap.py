"""A developer's map from names to loopback servers, so that tests need no real names.

One line each: `name[:port] address:port [alias-of]`, where the name may begin with `*` to stand for
every name that ends so (`*.example 127.0.0.1:8123`), an IPv6 address stands in brackets, and
`alias-of` is the canonical name that a look-up would have found. `#` begins a comment. The first
line that fits counts. A mapped name is granted: the map is the user's own file.

One line may say `otherwise address:port`: every destination that no line names, and that is neither
local nor granted, is that one. A door with such a map reaches nothing beyond this machine; the
browser takes one for its self-test only.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from myco_vpn.addresses import Destination, IpAddress, canonical_host

_OTHERWISE = "otherwise"


class HostMapError(Exception):
    """A line of the map cannot be read."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """One line of the map."""

    name: str
    port: int | None
    address: IpAddress
    to_port: int
    canonical: str = ""

    def fits(self, target: Destination) -> bool:
        """Whether this line speaks of `target`."""
        if self.port is not None and self.port != target.port:
            return False
        if self.name.startswith("*"):
            return target.host.endswith(self.name[1:])
        return target.host == self.name


@dataclass(frozen=True, slots=True)
class HostMap:
    """All lines, in order."""

    mappings: tuple[Mapping, ...] = ()
    otherwise: tuple[IpAddress, int] | None = None

    def find(self, target: Destination) -> Mapping | None:
        """The first line that fits `target`."""
        return next((mapping for mapping in self.mappings if mapping.fits(target)), None)


def parse_host_map(text: str) -> HostMap:
    """Read a map. Raises HostMapError, which names the line."""
    mappings = []
    otherwise = None
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            name, to, *rest = words
            if name == _OTHERWISE and not rest:
                otherwise = _place(to)
                continue
            if len(rest) > 1:
                raise ValueError("too many words")
            alias_of = canonical_host(rest[0]) if rest else ""
            if alias_of is None:
                raise ValueError("no canonical name")
            mappings.append(_mapping(name, to, alias_of))
        except ValueError as error:
            raise HostMapError(f"line {number}: {line.strip()!r}: {error}") from error
    return HostMap(tuple(mappings), otherwise)


def _mapping(name: str, to: str, alias_of: str) -> Mapping:
    host, _, port_text = name.partition(":")
    address, to_port = _place(to)
    wildcard = "*" if host.startswith("*") else ""
    rest = host.removeprefix("*")
    if not rest and wildcard:
        canonical: str | None = ""
    else:
        dot = "." if rest.startswith(".") else ""
        inner = canonical_host(rest.removeprefix("."))
        canonical = None if inner is None else dot + inner
    if canonical is None:
        raise ValueError("no name")
    port = _port(port_text) if port_text else None
    return Mapping(wildcard + canonical, port, address, to_port, alias_of)


def _place(text: str) -> tuple[IpAddress, int]:
    address, colon, port = text.rpartition(":")
    if not colon:
        raise ValueError("an address and a port are needed")
    return ipaddress.ip_address(address.removeprefix("[").removesuffix("]")), _port(port)


def _port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= 65535:
        raise ValueError("no port")
    return port

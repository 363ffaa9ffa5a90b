"""Local servers that a sealed session offers to its engine on its own loopback.

The engine goes past a proxy script for loopback addresses, so that in a sealed session it looks for
`localhost:3000` in the session's own, empty network. For a granted server the session listens
there; the door serves that listener and leads it to the real one.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from typing import NamedTuple

from myco_vpn.addresses import canonical_host


class Offer(NamedTuple):
    """A listener, and the granted host and port that it leads to."""

    host: str
    port: int
    listener: socket.socket


class LoopbackOffers:
    """The listeners that exist, at most one at each address and port."""

    def __init__(self) -> None:
        self._offers: dict[tuple[str, int], Offer] = {}

    def add(self, host: str, port: int) -> list[Offer]:
        """Listen for `host` where nobody does yet; the new offers, which the door must be told."""
        added = []
        for address in loopback_addresses(host):
            if (address, port) in self._offers:
                continue
            listener = _listen(address, port)
            if listener is not None:
                offer = Offer(host, port, listener)
                self._offers[address, port] = offer
                added.append(offer)
        return added

    def remove(self, host: str, kept: Iterable[tuple[str, int | None]]) -> list[Offer]:
        """Listen no longer for `host`; new offers for what the `kept` grants want in its place."""
        for key, offer in list(self._offers.items()):
            if offer.host == host:
                del self._offers[key]
                offer.listener.close()
        return [new for other, port in kept if port is not None for new in self.add(other, port)]

    def covers(self, host: str, port: int) -> bool:
        """Whether the engine gets to `host`: by an offer, or through the door as to any other."""
        addresses = loopback_addresses(host)
        return not addresses or any((address, port) in self._offers for address in addresses)

    def all(self) -> list[Offer]:
        """Every offer, to tell a new door."""
        return list(self._offers.values())

    def close(self) -> None:
        """Close every listener."""
        for offer in self._offers.values():
            offer.listener.close()
        self._offers.clear()


def loopback_addresses(host: str) -> tuple[str, ...]:
    """Where the engine connects to for a loopback host (RFC 6761); nothing for any other."""
    name = canonical_host(host) or ""
    if name == "localhost" or name.endswith(".localhost"):
        return ("127.0.0.1", "::1")
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return ()
    return (str(address),) if address.is_loopback else ()


def _listen(address: str, port: int) -> socket.socket | None:
    """A listener, or None: no IPv6 in the kernel, or the port is taken."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        return socket.create_server((address, port), family=family, backlog=128)
    except OSError:
        return None

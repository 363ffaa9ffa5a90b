"""Where gateways are: names are looked up once for each start, and what was found is used until
the end.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable

from myco_vpn.tunnel.states import Cause
from myco_vpn.wireguard.config import Config, Endpoint, IpAddress

RESOLVE_S = 10.0

Lookup = Callable[[str], Awaitable[tuple[IpAddress, ...]]]
"""The addresses of a name. Raises OSError, TimeoutError."""


class UnavailableError(Exception):
    """An exit cannot be used now."""

    def __init__(self, cause: Cause, detail: str = "") -> None:
        super().__init__(detail)
        self.cause = cause
        self.detail = detail


async def find_endpoints(config: Config, lookup: Lookup) -> list[str]:
    """`key address port` of every peer that has an endpoint. Raises UnavailableError."""
    lines = []
    for peer in config.peers:
        if peer.endpoint is not None:
            address = await _find_address(peer.endpoint, lookup)
            lines.append(f"{peer.public_key.text} {address} {peer.endpoint.port}")
    if not lines:
        raise UnavailableError(Cause.BAD_CONFIGURATION, "no peer has an endpoint")
    return lines


async def system_lookup(name: str) -> tuple[IpAddress, ...]:
    """Ask the system's resolver, outside of any tunnel. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(
        name, None, type=socket.SOCK_DGRAM, flags=socket.AI_ADDRCONFIG
    )
    return tuple(ipaddress.ip_address(entry[4][0]) for entry in found)


async def _find_address(endpoint: Endpoint, lookup: Lookup) -> IpAddress:
    if endpoint.address is not None:
        return endpoint.address
    try:
        async with asyncio.timeout(RESOLVE_S):
            found = await lookup(endpoint.host)
    except (OSError, TimeoutError):
        found = ()
    if not found:
        raise UnavailableError(Cause.NAME_NOT_FOUND, endpoint.host)
    return found[0]

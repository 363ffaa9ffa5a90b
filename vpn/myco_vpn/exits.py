"""Ways out: the only place in Myco where sockets to the outside are opened.

An exit is asked to open a connection and answers with a transport or a refusal. Which exit is
asked is the door's business; an exit neither accepts clients nor counts.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from myco_vpn.addresses import Destination, Grants, IpAddress, dialable, is_refused_by_name
from myco_vpn.dialing import connect_first
from myco_vpn.dnswire import Service
from myco_vpn.hostmap import HostMap
from myco_vpn.ledger import Cause
from myco_vpn.resolver import Resolved, Resolver, ResolverError
from myco_vpn.screening import Screen, admit

RESOLVE_S = 15.0
CONNECT_S = 30.0
_KEEPALIVE_IDLE_S = 60

ProtocolFactory = Callable[[], asyncio.Protocol]
OwnListeners = Callable[[], frozenset[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Refused:
    """No connection was made."""

    cause: Cause
    detail: str


class Exit(Protocol):
    """A way out."""

    @property
    def name(self) -> str:
        """The word for it in the control protocol."""

    async def open(
        self,
        target: Destination,
        grants: Grants,
        factory: ProtocolFactory,
        screen: Screen = admit,
    ) -> asyncio.Transport | Refused:
        """Connect to `target` for a session with `grants` and run the protocol on it.

        `screen` is asked when the name has been looked up and before anything is dialled.
        """

    async def services(self, name: str) -> tuple[Service, ...]:
        """The services of a name (RFC 2782), as this way out finds names. Raises OSError."""


class BlockedExit:
    """Nothing leaves."""

    name = "blocked"

    async def open(
        self,
        target: Destination,
        grants: Grants,
        factory: ProtocolFactory,
        screen: Screen = admit,
    ) -> asyncio.Transport | Refused:
        """Refuse."""
        return Refused(Cause.EXIT_BLOCKED, "")

    async def services(self, name: str) -> tuple[Service, ...]:
        """Ask nobody."""
        return ()


class WaitingExit(BlockedExit):
    """Nothing leaves yet: a tunnel is on its way, and clients wait without being accepted."""

    name = "waiting"


class Finder:
    """Judges a target by name, looks it up, and judges what was found, before anything is dialled.

    `resolve` may raise TimeoutError, and OSError when it cannot ask.
    """

    def __init__(self, resolve: Callable[[str], Awaitable[Resolved]], host_map: HostMap) -> None:
        self._resolve_name = resolve
        self._host_map = host_map

    async def find(
        self, target: Destination, grants: Grants, screen: Screen
    ) -> tuple[tuple[IpAddress, ...], int] | Refused:
        """The addresses and the port to dial."""
        outcome = await self._addresses(target, grants)
        if isinstance(outcome, Refused):
            return outcome
        found, port = outcome
        if (cause := await screen(target, found)) is not None:
            return Refused(cause, found.canonical)
        return found.addresses, port

    async def _addresses(
        self, target: Destination, grants: Grants
    ) -> tuple[Resolved, int] | Refused:
        mapping = self._host_map.find(target)
        if mapping is not None:
            return Resolved((mapping.address,), mapping.canonical), mapping.to_port
        if is_refused_by_name(target, grants):
            return Refused(Cause.LOCAL_BLOCKED, target.host)
        if self._host_map.otherwise is not None and not grants.cover(target):
            address, port = self._host_map.otherwise
            return Resolved((address,)), port
        resolved = await self._resolve(target)
        if isinstance(resolved, Refused):
            return resolved
        allowed = dialable(target, resolved.addresses, grants)
        if not allowed:
            return Refused(Cause.LOCAL_BLOCKED, str(resolved.addresses[0]))
        return Resolved(allowed, resolved.canonical), target.port

    async def _resolve(self, target: Destination) -> Resolved | Refused:
        if target.address is not None:
            return Resolved((target.address,))
        try:
            async with asyncio.timeout(RESOLVE_S):
                resolved = await self._resolve_name(target.host)
        except TimeoutError:
            return Refused(Cause.TIMEOUT, "name look-up")
        except ResolverError as error:
            return Refused(Cause.RESOLVER, error.strerror or "")
        except OSError as error:
            return Refused(cause_of(error), error.strerror or "")
        if not resolved.addresses:
            return Refused(Cause.NAME_NOT_FOUND, target.host)
        return resolved


class DirectExit:
    """Dials from the host's own network, with the system's resolver."""

    name = "direct"

    def __init__(
        self,
        resolver: Resolver,
        own_listeners: OwnListeners,
        host_map: HostMap | None = None,
    ) -> None:
        self._own_listeners = own_listeners
        self._resolver = resolver
        self._host_map = HostMap() if host_map is None else host_map
        self._finder = Finder(resolver.resolve, self._host_map)

    async def services(self, name: str) -> tuple[Service, ...]:
        """What the resolver says; nobody is asked where the map knows everything."""
        return () if self._host_map.otherwise else await self._resolver.services(name)

    async def open(
        self,
        target: Destination,
        grants: Grants,
        factory: ProtocolFactory,
        screen: Screen = admit,
    ) -> asyncio.Transport | Refused:
        """Connect to `target`, unless it is local and not granted."""
        found = await self._finder.find(target, grants, screen)
        if isinstance(found, Refused):
            return found
        addresses, port = found
        if any((str(address), port) in self._own_listeners() for address in addresses):
            return Refused(Cause.LOCAL_BLOCKED, "the door does not dial itself")
        return await run_protocol(connect_first(addresses, port), factory)


async def run_protocol(
    connecting: Awaitable[socket.socket], factory: ProtocolFactory
) -> asyncio.Transport | Refused:
    """Wait for a connected socket and run a protocol on it."""
    try:
        async with asyncio.timeout(CONNECT_S):
            sock = await connecting
    except TimeoutError:
        return Refused(Cause.TIMEOUT, "no answer")
    except OSError as error:
        return Refused(cause_of(error), error.strerror or "")
    return await _run(sock, factory)


async def _run(sock: socket.socket, factory: ProtocolFactory) -> asyncio.Transport | Refused:
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, _KEEPALIVE_IDLE_S)
        transport, _ = await asyncio.get_running_loop().create_connection(factory, sock=sock)
    except OSError as error:
        sock.close()
        return Refused(cause_of(error), error.strerror or "")
    return transport


def cause_of(error: OSError) -> Cause:
    """The word for a failure."""
    if error.errno in (errno.ECONNREFUSED, errno.ECONNRESET):
        return Cause.REFUSED
    if error.errno == errno.ETIMEDOUT:
        return Cause.TIMEOUT
    return Cause.UNREACHABLE

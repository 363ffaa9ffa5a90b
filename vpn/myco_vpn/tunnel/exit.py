"""The way out through a tunnel, as the door sees it.

The worker inside the tunnel looks names up and connects; this exit judges, exactly as the direct
one does, and gets connected sockets. Each is checked to belong to another network than the door's
own: whatever the worker may be, no socket with the direct way out is ever used here.

A server of this machine that the user allowed is dialled as by the direct exit: what goes to
loopback does not leave the machine.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import itertools
import os
import socket
from collections.abc import Callable, Sequence

from myco_vpn.addresses import Destination, Grants, IpAddress
from myco_vpn.channel import Channel
from myco_vpn.dnswire import Service, services_of
from myco_vpn.exits import (
    DirectExit,
    Finder,
    ProtocolFactory,
    Refused,
    run_protocol,
)
from myco_vpn.framing import JsonObject, Message
from myco_vpn.hostmap import HostMap
from myco_vpn.ledger import Cause
from myco_vpn.resolver import Resolved
from myco_vpn.screening import Screen, admit

_SO_NETNS_COOKIE = 71


class TunnelLink:
    """Questions to the worker inside a tunnel (see `dials`)."""

    def __init__(self, sock: socket.socket, on_end: Callable[[], None]) -> None:
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Message]] = {}
        self._on_end = on_end
        self._is_open = True
        self._channel = Channel(sock, self._on_message, self._ended)

    async def resolve(self, name: str) -> Resolved:
        """What `name` is, by the tunnel's name servers. Raises TimeoutError, OSError."""
        answer = await self._ask({"type": "resolve", "name": name})
        _raise_error(answer)
        addresses = tuple(ipaddress.ip_address(one) for one in answer.texts("addresses"))
        return Resolved(addresses, answer.text("canonical"))

    async def services(self, name: str) -> tuple[Service, ...]:
        """The services of `name`, by the tunnel's name servers. Raises TimeoutError, OSError."""
        answer = await self._ask({"type": "services", "name": name})
        _raise_error(answer)
        return services_of(answer.body.get("services"))

    async def connect(self, addresses: Sequence[IpAddress], port: int) -> socket.socket:
        """A socket inside the tunnel, connected to the first that answers. Raises OSError."""
        words = [str(address) for address in addresses]
        answer = await self._ask({"type": "connect", "addresses": words, "port": port})
        _raise_error(answer)
        if len(answer.fds) != 1:
            raise OSError(errno.EPROTO, "the tunnel sent no socket")
        sock = socket.socket(fileno=answer.fds.pop())
        if not is_foreign(sock):
            sock.close()
            raise OSError(errno.EXDEV, "the tunnel sent a socket of this network")
        sock.setblocking(False)
        return sock

    def close(self) -> None:
        """End it; whoever waits gets an error."""
        self._is_open = False
        self._channel.close()
        self._fail_all()

    def _ended(self) -> None:
        self.close()
        self._on_end()

    def _fail_all(self) -> None:
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(OSError(errno.ENETDOWN, "the tunnel has ended"))

    def _on_message(self, message: Message) -> None:
        waiting = self._waiting.get(message.number("id") or 0)
        if waiting is not None and not waiting.done():
            # A copy keeps the descriptors, which the channel would close.
            waiting.set_result(Message(message.body, message.fds))
            message.fds = []

    async def _ask(self, request: JsonObject) -> Message:
        if not self._is_open:
            raise OSError(errno.ENETDOWN, "the tunnel has ended")
        number = next(self._numbers)
        waiting: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._waiting[number] = waiting
        self._channel.send({**request, "id": number})
        try:
            return await waiting
        except asyncio.CancelledError:
            self._channel.send({"type": "cancel", "id": number})
            if waiting.done() and not waiting.cancelled() and waiting.exception() is None:
                waiting.result().close_fds()
            raise
        finally:
            del self._waiting[number]


class TunnelExit:
    """Dials inside one tunnel."""

    name = "tunnel"

    def __init__(self, link: TunnelLink, local: DirectExit, host_map: HostMap) -> None:
        self._link = link
        self._local = local
        self._host_map = host_map
        self._finder = Finder(link.resolve, HostMap())

    async def open(
        self,
        target: Destination,
        grants: Grants,
        factory: ProtocolFactory,
        screen: Screen = admit,
    ) -> asyncio.Transport | Refused:
        """Connect to `target` through the tunnel, unless it is local and not granted."""
        if self._is_this_machine(target):
            return await self._local.open(target, grants, factory, screen)
        found = await self._finder.find(target, grants, screen)
        if isinstance(found, Refused):
            return found
        addresses, port = found
        if any(address.is_loopback for address in addresses):
            return Refused(Cause.LOCAL_BLOCKED, str(addresses[0]))
        return await run_protocol(self._link.connect(addresses, port), factory)

    async def services(self, name: str) -> tuple[Service, ...]:
        """What the tunnel's name servers say."""
        return () if self._host_map.otherwise else await self._link.services(name)

    def close(self) -> None:
        """Let go of the tunnel."""
        self._link.close()

    def _is_this_machine(self, target: Destination) -> bool:
        mapping = self._host_map.find(target)
        if mapping is not None:
            return mapping.address.is_loopback
        if target.address is not None:
            return target.address.is_loopback
        return target.host == "localhost" or target.host.endswith(".localhost")


def is_foreign(sock: socket.socket) -> bool:
    """Whether a socket belongs to another network namespace than this process.

    Kernels before 5.14 do not tell; there it is taken on trust.
    """
    try:
        theirs = sock.getsockopt(socket.SOL_SOCKET, _SO_NETNS_COOKIE, 8)
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as own:
            ours = own.getsockopt(socket.SOL_SOCKET, _SO_NETNS_COOKIE, 8)
    except OSError as error:
        return error.errno == errno.ENOPROTOOPT
    return theirs != ours


def _raise_error(answer: Message) -> None:
    number = answer.number("errno") or 0
    if number == errno.ETIMEDOUT:
        raise TimeoutError(number, "no answer")
    if number:
        raise OSError(number, os.strerror(number))

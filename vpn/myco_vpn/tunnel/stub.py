"""Names to addresses inside a tunnel: the tunnel's own name servers are asked, nobody else.

Each question has a socket, and so a port, of its own. Answers are kept as long as they say, between
`_KEEP_LEAST_S` and `_KEEP_MOST_S`; they live and die with the tunnel.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
import time
from collections.abc import Sequence

from myco_vpn import dnswire
from myco_vpn.dnswire import (
    AAAA,
    SRV,
    A,
    Answer,
    Bad,
    Failed,
    Found,
    IpAddress,
    NoSuchName,
    Service,
    Truncated,
)
from myco_vpn.resolver import Resolved

PORT = 53
_TRIES_S = (1.0, 2.0, 4.0)
"""How long to wait for each server, round by round."""
_TCP_S = 5.0
_MAX_UDP = 4096
_KEEP_LEAST_S, _KEEP_MOST_S = 5.0, 300.0
_MAX_KEPT = 2048


class Stub:
    """Looks names up; equal questions that overlap are asked once."""

    def __init__(self, servers: Sequence[IpAddress], kinds: Sequence[int] = (A, AAAA)) -> None:
        self._servers = tuple(servers)
        self._kinds = tuple(kinds)
        self._kept: dict[str, tuple[Resolved, float]] = {}
        self._running: dict[str, asyncio.Task[Resolved]] = {}

    async def resolve(self, name: str) -> Resolved:
        """What `name` is; without addresses when there is no such name. Raises TimeoutError."""
        kept = self._kept.get(name)
        if kept is not None and kept[1] > time.monotonic():
            return kept[0]
        task = self._running.get(name)
        if task is None:
            task = self._running[name] = asyncio.ensure_future(self._look_up(name))
            task.add_done_callback(lambda _: self._running.pop(name, None))
        return await asyncio.shield(task)

    async def services(self, name: str) -> tuple[Service, ...]:
        """The services of that name; not kept. Raises TimeoutError."""
        match await self._ask(name, SRV):
            case Found(services=found):
                return found
            case NoSuchName() | Failed():
                return ()
            case Truncated() | Bad():
                raise TimeoutError("no name server of the tunnel answers")

    async def measure(self) -> float | None:
        """How many seconds the first server takes to answer anything; None when it does not."""
        if not self._servers:
            return None
        before = time.monotonic()
        try:
            async with asyncio.timeout(_TRIES_S[-1]):
                await self._by_udp(self._servers[0], "a.root-servers.net", A)
        except (OSError, TimeoutError):
            return None
        return time.monotonic() - before

    async def _look_up(self, name: str) -> Resolved:
        if not self._servers:
            return Resolved(())
        answers = await asyncio.gather(*(self._ask(name, kind) for kind in self._kinds))
        found = [answer for answer in answers if isinstance(answer, Found)]
        if any(isinstance(answer, Failed) for answer in answers) and not found:
            return Resolved(())  # not kept: it may be better the next time
        if not found and not any(isinstance(answer, NoSuchName) for answer in answers):
            raise TimeoutError("no name server of the tunnel answers")
        # Turns are taken when dialling; IPv6 goes first, as RFC 6724 has it.
        addresses = tuple(a for one in reversed(found) for a in one.addresses)
        canonical = next((one.canonical for one in found if one.addresses), "")
        resolved = Resolved(tuple(dict.fromkeys(addresses)), canonical)
        keep = min((one.ttl for one in found if one.addresses), default=0)
        if len(self._kept) >= _MAX_KEPT:
            self._kept.pop(next(iter(self._kept)))
        until = time.monotonic() + min(max(keep, _KEEP_LEAST_S), _KEEP_MOST_S)
        self._kept[name] = (resolved, until)
        return resolved

    async def _ask(self, name: str, kind: int) -> Answer:
        last: Answer = Bad()
        for seconds in _TRIES_S:
            for server in self._servers:
                try:
                    async with asyncio.timeout(seconds):
                        last = await self._by_udp(server, name, kind)
                    if isinstance(last, Truncated):
                        async with asyncio.timeout(_TCP_S):
                            last = await self._by_tcp(server, name, kind)
                except (OSError, TimeoutError, ValueError):
                    continue
                if isinstance(last, Found | NoSuchName):
                    return last
            if isinstance(last, Failed):  # every server has spoken
                return last
        return last

    async def _by_udp(self, server: IpAddress, name: str, kind: int) -> Answer:
        loop = asyncio.get_running_loop()
        number = secrets.randbelow(65536)
        with _socket(server, socket.SOCK_DGRAM) as sock:
            # Connected: nobody else's datagrams are taken, and a refusal is heard.
            await loop.sock_connect(sock, (str(server), PORT))
            await loop.sock_sendall(sock, dnswire.question(number, name, kind))
            while True:
                answer = dnswire.read(await loop.sock_recv(sock, _MAX_UDP), number, name, kind)
                if not isinstance(answer, Bad):
                    return answer

    async def _by_tcp(self, server: IpAddress, name: str, kind: int) -> Answer:
        loop = asyncio.get_running_loop()
        number = secrets.randbelow(65536)
        asked = dnswire.question(number, name, kind)
        with _socket(server, socket.SOCK_STREAM) as sock:
            await loop.sock_connect(sock, (str(server), PORT))
            await loop.sock_sendall(sock, len(asked).to_bytes(2, "big") + asked)
            length = int.from_bytes(await _exactly(sock, 2), "big")
            return dnswire.read(await _exactly(sock, length), number, name, kind)


async def _exactly(sock: socket.socket, count: int) -> bytes:
    loop = asyncio.get_running_loop()
    received = bytearray()
    while len(received) < count:
        more = await loop.sock_recv(sock, count - len(received))
        if not more:
            raise ConnectionResetError("the name server closed the connection")
        received += more
    return bytes(received)


def _socket(server: IpAddress, kind: socket.SocketKind) -> socket.socket:
    sock = socket.socket(socket.AF_INET if server.version == 4 else socket.AF_INET6, kind)
    sock.setblocking(False)
    return sock

"""A door in this process, with a session attached, and far sides that count what arrived."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from myco_vpn.channel import Channel
from myco_vpn.dnswire import Service
from myco_vpn.door import Door
from myco_vpn.framing import Message, message_pair
from myco_vpn.hostmap import parse_host_map
from myco_vpn.link import DoorLink, dial
from myco_vpn.peers import UidLookup, peer_uid
from myco_vpn.resolver import Lookup, Resolver

Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter
Serve = Callable[[Reader, Writer], Awaitable[None]]


@dataclass
class FarSide:
    """A server and what it saw."""

    port: int
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0


@dataclass
class Rig:
    """A running door seen from its only session and from the launcher."""

    door: Door
    link: DoorLink
    proxy: tuple[str, int]
    listener: socket.socket
    control: Channel

    async def fetch(self, host: str, port: int, client: str = "page") -> bytes:
        """What the host answers to a request. Raises DialError."""
        reader, writer = await dial(host, port, client, self.proxy)
        try:
            writer.write(f"GET / HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            return await reader.read()
        finally:
            await close(writer)

    async def why(self, host: str, port: int) -> str:
        """The door's word for the last failure."""
        return (await asyncio.to_thread(self.link.why, host, port)).cause


async def services_by(link: DoorLink, name: str) -> tuple[Service, ...]:
    """The services of a name, asked as a session asks: one thread waits, the link is drained."""
    loop = asyncio.get_running_loop()
    loop.add_reader(link.fileno(), link.drain)
    try:
        return await asyncio.to_thread(link.services, name)
    finally:
        loop.remove_reader(link.fileno())


@contextlib.asynccontextmanager
async def door_rig(
    host_map: str = "",
    lookup: Lookup | None = None,
    uid_lookup: UidLookup = peer_uid,
    sealed: bool = False,
    screens: bool = False,
    resolver: Resolver | None = None,
) -> AsyncIterator[Rig]:
    """A door with one session; the listener is on the host's own loopback."""
    launcher_end, door_end = message_pair()
    asked = Resolver(lookup) if resolver is None else resolver
    door = Door(door_end, lambda: None, asked, parse_host_map(host_map), uid_lookup)
    attached = asyncio.Event()

    def on_message(message: Message) -> None:
        if message.type == "attached":
            attached.set()

    control = Channel(launcher_end, on_message, lambda: None)
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    session_end, session_door_end = message_pair()
    with session_door_end:
        body = {
            "type": "attach",
            "session": "s",
            "kind": "everyday",
            "sealed": sealed,
            "screens": screens,
        }
        control.send(body, [session_door_end.fileno(), listener.fileno()])
    link = DoorLink(session_end)
    try:
        await attached.wait()
        yield Rig(door, link, listener.getsockname(), listener, control)
    finally:
        door.close()
        control.close()
        link.close()
        listener.close()
        await asyncio.sleep(0)  # lets aborted transports close their sockets


@contextlib.asynccontextmanager
async def far_side(serve: Serve | None = None, host: str = "127.0.0.1") -> AsyncIterator[FarSide]:
    """A server on loopback; by default it answers one request with "hello"."""
    seen = FarSide(0)

    async def answer(reader: Reader, writer: Writer) -> None:
        seen.connections += 1
        try:
            if serve is not None:
                await serve(reader, writer)
                return
            seen.requests.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"HTTP/1.0 200 OK\r\n\r\nhello")
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            await close(writer)

    server = await asyncio.start_server(answer, host, 0)
    seen.port = server.sockets[0].getsockname()[1]
    try:
        yield seen
    finally:
        server.close()
        await server.wait_closed()


async def close(writer: Writer) -> None:
    """Close, whatever the other side did."""
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()

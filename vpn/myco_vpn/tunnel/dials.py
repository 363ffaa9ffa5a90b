"""Serves a door from inside a tunnel: looks names up and connects; the sockets go to the door.

A socket belongs to the namespace it was made in, so the door, which lives outside, can carry bytes
over it and still has no other way into the tunnel, and no way around it by that socket.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
from collections.abc import Callable, Coroutine

from myco_vpn.channel import Channel
from myco_vpn.dialing import connect_first
from myco_vpn.framing import JsonObject, Message
from myco_vpn.tunnel.stub import Stub


class Dials:
    """One door's questions."""

    def __init__(self, sock: socket.socket, stub: Stub, on_end: Callable[[], None]) -> None:
        self._stub = stub
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._on_end = on_end
        self._channel = Channel(sock, self._on_message, self._ended)

    def close(self) -> None:
        """Answer nothing more."""
        for task in self._tasks.values():
            task.cancel()
        self._channel.close()

    def _ended(self) -> None:
        self.close()
        self._on_end()

    def _on_message(self, message: Message) -> None:
        number = message.number("id")
        if number is None:
            return
        match message.type:
            case "resolve":
                self._begin(number, self._resolve(number, message.text("name")))
            case "services":
                self._begin(number, self._services(number, message.text("name")))
            case "connect":
                port = message.number("port") or 0
                self._begin(number, self._connect(number, message.texts("addresses"), port))
            case "cancel":
                task = self._tasks.get(number)
                if task is not None:
                    task.cancel()
            case _:
                pass

    def _begin(self, number: int, work: Coroutine[object, object, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks[number] = task
        task.add_done_callback(lambda _: self._tasks.pop(number, None))

    async def _resolve(self, number: int, name: str) -> None:
        answer: JsonObject = {"type": "answer", "id": number}
        try:
            found = await self._stub.resolve(name)
            addresses = [str(address) for address in found.addresses]
            self._channel.send({**answer, "addresses": addresses, "canonical": found.canonical})
        except TimeoutError:
            self._channel.send({**answer, "errno": errno.ETIMEDOUT})

    async def _services(self, number: int, name: str) -> None:
        answer: JsonObject = {"type": "answer", "id": number}
        try:
            self._channel.send({**answer, "services": await self._stub.services(name)})
        except TimeoutError:
            self._channel.send({**answer, "errno": errno.ETIMEDOUT})

    async def _connect(self, number: int, addresses: list[str], port: int) -> None:
        answer: JsonObject = {"type": "answer", "id": number}
        try:
            parsed = [ipaddress.ip_address(address) for address in addresses]
            with await connect_first(parsed, port) as sock:
                self._channel.send({**answer, "errno": 0}, [sock.fileno()])
        except (OSError, ValueError) as error:
            code = error.errno if isinstance(error, OSError) and error.errno else errno.EINVAL
            self._channel.send({**answer, "errno": code})

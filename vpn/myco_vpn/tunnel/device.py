"""Speaking with wireguard-go over its control connection."""

from __future__ import annotations

import asyncio
import socket

from myco_vpn.wireguard import uapi
from myco_vpn.wireguard.uapi import DeviceStatus, UapiError

_ANSWER_S = 5.0
_CHUNK = 65536
_MAX_ANSWER = 4 * 1024 * 1024


class Device:
    """A running wireguard-go. Every method raises UapiError when it is gone or does not answer."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        self._connection = connection
        self._turn = asyncio.Lock()

    async def set(self, message: bytes) -> None:
        """Change its configuration."""
        uapi.check_answer(await self._ask(message))

    async def status(self) -> DeviceStatus:
        """What it knows of its peers."""
        return uapi.parse_status(await self._ask(uapi.GET))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    async def _ask(self, message: bytes) -> bytes:
        loop = asyncio.get_running_loop()
        answer = bytearray()
        try:
            async with self._turn, asyncio.timeout(_ANSWER_S):
                await loop.sock_sendall(self._connection, message)
                while not answer.endswith(b"\n\n"):
                    received = await loop.sock_recv(self._connection, _CHUNK)
                    if not received or len(answer) > _MAX_ANSWER:
                        raise UapiError("wireguard-go ended")
                    answer += received
        except (OSError, TimeoutError) as error:
            raise UapiError(f"wireguard-go does not answer: {error!r}") from error
        return bytes(answer)

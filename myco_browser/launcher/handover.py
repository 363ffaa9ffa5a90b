"""The running instance's end of the hand-over: takes requests of later starts."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass

from myco_browser.launcher.instance import MAX_REQUEST, peer_uid
from myco_browser.launcher.spawning import OpenRequest

_log = logging.getLogger(__name__)

_REQUEST_S = 2.0


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What a later start asks for."""

    private: bool
    request: OpenRequest


def parse_request(payload: bytes) -> HandedOver | None:
    """The request in these bytes, or None when it is none."""
    try:
        body = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict) or not isinstance(body.get("urls"), list):
        return None
    urls = tuple(url for url in body["urls"] if isinstance(url, str))
    token = body.get("activation_token")
    request = OpenRequest(
        urls, body.get("new_window") is True, token if isinstance(token, str) else None
    )
    return HandedOver(body.get("private") is True, request)


async def serve(
    listener: socket.socket, on_request: Callable[[HandedOver], None]
) -> asyncio.AbstractServer:
    """Take requests on `listener` until the server is closed."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_REQUEST_S):
                await _answer(reader, writer, on_request)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            _log.warning("a hand-over broke off")
        finally:
            writer.close()

    return await asyncio.start_unix_server(answer, sock=listener)


async def _answer(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    on_request: Callable[[HandedOver], None],
) -> None:
    if peer_uid(writer.get_extra_info("socket")) != os.geteuid():
        _log.warning("refused a hand-over by another user")
        return
    payload = bytearray()
    while received := await reader.read(65536):
        payload += received
        if len(payload) > MAX_REQUEST:
            return
    handed = parse_request(bytes(payload))
    if handed is None:
        return
    on_request(handed)
    writer.write(b"ok")
    await writer.drain()

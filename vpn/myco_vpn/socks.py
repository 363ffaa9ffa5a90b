"""SOCKS5 without sockets (RFC 1928, RFC 1929): bytes in, events out.

Server side only, CONNECT only. A parser holds at most `MAX_BUFFER` bytes and is finished after its
first `Connect` or `Refuse`; what arrives behind a Connect is the client's own stream and is handed
back by `take_rest()`.

A user name is no secret here: it only names the client ("lists", "downloads", ...) for counting.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import IntEnum

from myco_vpn.addresses import Destination, destination

MAX_BUFFER = 1024
"""More than the longest greeting, password and request together (257 + 513 + 262 bytes)."""
PAGE = "page"
"""The client that gives no name: the engine."""
_VERSION = 5
_AUTH_VERSION = 1
_NO_AUTH, _USER_PASSWORD, _NO_METHOD = 0x00, 0x02, 0xFF
_CONNECT = 1
_IPV4, _NAME, _IPV6 = 1, 3, 4
_CLIENT_CHARACTERS = 32


class Reply(IntEnum):
    """RFC 1928, section 6."""

    SUCCEEDED = 0
    FAILURE = 1
    NOT_ALLOWED = 2
    NETWORK_UNREACHABLE = 3
    HOST_UNREACHABLE = 4
    CONNECTION_REFUSED = 5
    TTL_EXPIRED = 6
    COMMAND_NOT_SUPPORTED = 7
    ADDRESS_NOT_SUPPORTED = 8


@dataclass(frozen=True, slots=True)
class Send:
    """Write these bytes to the client."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class Connect:
    """The client asks for a connection; answer with `reply()`."""

    destination: Destination
    client: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """Write these bytes, if any, and close."""

    payload: bytes
    reason: str


Event = Send | Connect | Refuse


def reply(code: Reply) -> bytes:
    """A reply to a request. The bound address is always 0.0.0.0:0: it is nobody's business."""
    return bytes((_VERSION, code, 0, _IPV4, 0, 0, 0, 0, 0, 0))


class SocksParser:
    """One client's handshake."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._client = PAGE
        self._step = self._greeting
        self.finished = False

    def feed(self, received: bytes) -> list[Event]:
        """What follows from these bytes, in order. Nothing once the parser is finished."""
        self._buffer += received
        events: list[Event] = []
        while not self.finished:
            event = self._step()
            if event is None:
                break
            events.append(event)
            self.finished = not isinstance(event, Send)
        if not self.finished and len(self._buffer) > MAX_BUFFER:
            self.finished = True
            events.append(Refuse(b"", "handshake too long"))
        return events

    @property
    def buffered(self) -> int:
        """Bytes waiting for the rest of their message."""
        return len(self._buffer)

    def take_rest(self) -> bytes:
        """What the client sent behind its request."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        return rest

    def _greeting(self) -> Event | None:
        buffer = self._buffer
        if buffer and buffer[0] != _VERSION:
            return Refuse(b"", "not SOCKS5")
        if len(buffer) < 2 or len(buffer) < 2 + buffer[1]:
            return None
        methods = bytes(buffer[2 : 2 + buffer[1]])
        del buffer[: 2 + len(methods)]
        # Who can give a name wants to be counted under it.
        if _USER_PASSWORD in methods:
            self._step = self._credentials
            return Send(bytes((_VERSION, _USER_PASSWORD)))
        if _NO_AUTH in methods:
            self._step = self._request
            return Send(bytes((_VERSION, _NO_AUTH)))
        return Refuse(bytes((_VERSION, _NO_METHOD)), "no method in common")

    def _credentials(self) -> Event | None:
        buffer = self._buffer
        if buffer and buffer[0] != _AUTH_VERSION:
            return Refuse(b"", "not RFC 1929")
        if len(buffer) < 2 or len(buffer) < 3 + buffer[1]:
            return None
        name_end = 2 + buffer[1]
        end = name_end + 1 + buffer[name_end]
        if len(buffer) < end:
            return None
        self._client = _client_word(bytes(buffer[2:name_end]))
        del buffer[:end]
        self._step = self._request
        return Send(bytes((_AUTH_VERSION, 0)))

    def _request(self) -> Event | None:
        buffer = self._buffer
        if len(buffer) < 5:
            return None
        refused = _refused_head(buffer[0], buffer[1], buffer[3])
        if refused is not None:
            return refused
        start, length = {_IPV4: (4, 4), _IPV6: (4, 16), _NAME: (5, buffer[4])}[buffer[3]]
        end = start + length
        if len(buffer) < end + 2:
            return None
        host = _host_text(buffer[3], bytes(buffer[start:end]))
        port = int.from_bytes(buffer[end : end + 2], "big")
        del buffer[: end + 2]
        target = destination(host, port)
        if target is None:
            return Refuse(reply(Reply.NOT_ALLOWED), "no host and port to connect to")
        return Connect(target, self._client)


def _refused_head(version: int, command: int, kind: int) -> Refuse | None:
    if version != _VERSION:
        return Refuse(reply(Reply.FAILURE), "not SOCKS5")
    if command != _CONNECT:
        return Refuse(reply(Reply.COMMAND_NOT_SUPPORTED), "only CONNECT")
    if kind not in (_IPV4, _IPV6, _NAME):
        return Refuse(reply(Reply.ADDRESS_NOT_SUPPORTED), "unknown kind of address")
    return None


def _host_text(kind: int, raw: bytes) -> str:
    if kind == _NAME:
        return raw.decode("latin-1")  # what is not ASCII is refused with the rest
    return str(ipaddress.ip_address(raw))


def _client_word(raw: bytes) -> str:
    """A name for the counters: letters, digits and dashes only, whatever was sent."""
    word = raw[:_CLIENT_CHARACTERS].decode("ascii", "replace").lower()
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in word) or PAGE

"""Messages between Myco's own processes: one JSON object, with file descriptors beside it.

The sockets are AF_UNIX SOCK_SEQPACKET pairs, so that a packet is a message and its descriptors
(SCM_RIGHTS) cannot be separated from it. A message too large for one packet travels as packets of
type "part" and a final "last" whose texts, joined, are the message; only this module sees those.

Errors: `FramingError` for whatever the other side may not send. The connection is of no use after
it; end of file is a value (None), not an error.
"""

from __future__ import annotations

import array
import json
import os
import select
import socket
import threading
from collections.abc import Iterable, Mapping, Sequence

JsonObject = dict[str, object]

MAX_PACKET = 256 * 1024
"""Bytes in one packet; what is longer was not made by us."""
MAX_MESSAGE = 32 * 1024 * 1024
"""Characters in one joined message: room for the state of a session with thousands of tabs."""
MAX_FDS = 32
"""Descriptors in one packet."""
_PART_CHARACTERS = 24 * 1024
"""Escaping at most doubles a text, UTF-8 takes four bytes: below the default send buffer."""
_FD_SIZE = array.array("i").itemsize


class FramingError(Exception):
    """The other side sent what is no message."""


class Message:
    """One received message; whoever takes a descriptor out of `fds` owns it."""

    # No dataclass: every start of the browser waits for what is imported here.
    __slots__ = ("body", "fds")

    def __init__(self, body: JsonObject, fds: list[int] | None = None) -> None:
        self.body = body
        self.fds = fds or []

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Message):
            return NotImplemented
        return self.body == other.body and self.fds == other.fds

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Message({self.body!r}, {self.fds!r})"

    @property
    def type(self) -> str:
        """The message's "type"."""
        return str(self.body["type"])

    def text(self, key: str, default: str = "") -> str:
        """The text under `key`, or the default when it is missing or something else."""
        value = self.body.get(key, default)
        return value if isinstance(value, str) else default

    def texts(self, key: str) -> list[str]:
        """The texts of the list under `key`; anything else counts as absent."""
        value = self.body.get(key)
        return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []

    def flag(self, key: str) -> bool:
        """Whether `key` is exactly true."""
        return self.body.get(key) is True

    def number(self, key: str) -> int | None:
        """The whole number under `key`, if there is one."""
        value = self.body.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def close_fds(self) -> None:
        """Close the descriptors nobody took."""
        while self.fds:
            os.close(self.fds.pop())


def message_pair() -> tuple[socket.socket, socket.socket]:
    """A connected pair of message sockets."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def encode(body: Mapping[str, object]) -> list[bytes]:
    """The packets that carry `body`, in order; descriptors belong to the last one."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    if len(text) > MAX_MESSAGE:
        raise FramingError(f"message of {len(text)} characters")
    if len(text) <= _PART_CHARACTERS:
        return [_to_bytes(text)]
    starts = range(0, len(text), _PART_CHARACTERS)
    parts = [text[start : start + _PART_CHARACTERS] for start in starts]
    return [
        _to_bytes(json.dumps({"type": kind, "text": part}, ensure_ascii=False))
        for kind, part in zip(["part"] * (len(parts) - 1) + ["last"], parts, strict=True)
    ]


class Assembler:
    """Turns packets into messages; one for each receiving socket."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0

    def feed(self, packet: bytes, fds: Sequence[int] = ()) -> Message | None:
        """The message this packet completes, if it does. Raises FramingError."""
        body = _parse(packet)
        if body["type"] not in ("part", "last"):
            if self._parts:
                raise FramingError("a message inside another one")
            return Message(body, list(fds))
        text = body.get("text")
        if not isinstance(text, str):
            raise FramingError("a part without text")
        self._length += len(text)
        if self._length > MAX_MESSAGE:
            raise FramingError("message too long")
        self._parts.append(text)
        if body["type"] == "part":
            if fds:
                raise FramingError("descriptors beside an unfinished message")
            return None
        whole, self._parts, self._length = "".join(self._parts), [], 0
        return Message(_parse(whole), list(fds))


def send_message(sock: socket.socket, body: Mapping[str, object], fds: Iterable[int] = ()) -> None:
    """Send one message, blocking as the socket does. Raises OSError, FramingError."""
    packets = encode(body)
    for packet in packets[:-1]:
        sock.send(packet)
    send_packet(sock, packets[-1], fds)


def send_packet(sock: socket.socket, packet: bytes, fds: Iterable[int] = ()) -> None:
    """Send one encoded packet with descriptors beside it."""
    rights = array.array("i", fds)
    ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)] if rights else []
    sock.sendmsg([packet], ancillary)


def receive_packet(sock: socket.socket) -> tuple[bytes, list[int]]:
    """One packet and its descriptors (close-on-exec); empty at end of file. Raises OSError."""
    try:
        packet, ancillary, flags, _ = _receive(sock)
    except ConnectionResetError:
        # The other side closed with something of ours unread. The kernel says so once, ahead of
        # the last packets that were sent to us.
        packet, ancillary, flags, _ = _receive(sock)
    fds = array.array("i")
    for level, kind, payload in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(payload[: len(payload) - len(payload) % _FD_SIZE])
    if flags & (socket.MSG_TRUNC | socket.MSG_CTRUNC):
        _close(fds)
        raise FramingError("packet cut off")
    return packet, list(fds)


class MessageSocket:
    """A message socket for threads: sending and receiving from any of them.

    `fileno()` and `drain()` serve an event loop such as Qt's; `receive()` blocks up to the
    timeout given at construction (seconds; None waits for ever).
    """

    def __init__(self, sock: socket.socket, timeout: float | None = None) -> None:
        self._socket = sock
        self._socket.settimeout(timeout)
        self._timeout = timeout
        self._assembler = Assembler()
        self._sending = threading.Lock()
        self._receiving = threading.Lock()
        self.closed = False
        """Whether the other side is gone, or sent what it may not."""

    @classmethod
    def from_fd(cls, fd: int, timeout: float | None = None) -> MessageSocket:
        """Take over the inherited descriptor `fd`."""
        os.set_inheritable(fd, False)
        return cls(socket.socket(fileno=fd), timeout)

    def fileno(self) -> int:
        """The descriptor to watch for reading."""
        return self._socket.fileno()

    def send(self, body: Mapping[str, object], fds: Iterable[int] = ()) -> bool:
        """Send one message; False when the other side is gone or does not take it in time."""
        with self._sending:
            try:
                send_message(self._socket, body, fds)
            except OSError:
                return False
        return True

    def receive(self) -> Message | None:
        """The next message; None at end of file. Raises TimeoutError, FramingError."""
        with self._receiving:
            while not self.closed:
                message = self._receive_once()
                if message is not None:
                    return message
        return None

    def drain(self) -> list[Message]:
        """Every message that is already there, without waiting; see `closed` afterwards."""
        messages: list[Message] = []
        with self._receiving:
            while not self.closed and self._is_readable():
                try:
                    message = self._receive_once()
                except (FramingError, TimeoutError):
                    self.closed = True
                    break
                if message is not None:
                    messages.append(message)
        return messages

    def detach(self) -> socket.socket:
        """Give the socket away; this object is of no use any more."""
        self.closed = True
        return self._socket

    def close(self) -> None:
        """Close the socket."""
        self.closed = True
        self._socket.close()

    def _is_readable(self) -> bool:
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(0))

    def _receive_once(self) -> Message | None:
        try:
            packet, fds = receive_packet(self._socket)
        except ConnectionError:
            packet, fds = b"", []
        if not packet:
            self.closed = True
            return None
        return self._assembler.feed(packet, fds)


def _receive(sock: socket.socket) -> tuple[bytes, list[tuple[int, int, bytes]], int, object]:
    space = socket.CMSG_SPACE(MAX_FDS * _FD_SIZE)
    return sock.recvmsg(MAX_PACKET, space, socket.MSG_CMSG_CLOEXEC)


def _to_bytes(text: str) -> bytes:
    # A lone surrogate (a file name that is no UTF-8) must not end the connection.
    return text.encode("utf-8", "replace")


def _parse(packet: bytes | str) -> JsonObject:
    try:
        body = json.loads(packet)
    except (ValueError, RecursionError) as error:
        raise FramingError("no JSON") from error
    if not isinstance(body, dict) or not isinstance(body.get("type"), str):
        raise FramingError("no object with a type")
    return body


def _close(fds: Iterable[int]) -> None:
    for fd in fds:
        os.close(fd)

"""A message socket on an asyncio loop, for the launcher and the door.

The session side, which has no asyncio, uses `framing.MessageSocket` instead.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections import deque
from collections.abc import Callable, Iterable, Mapping

from myco_vpn.framing import (
    Assembler,
    FramingError,
    Message,
    encode,
    receive_packet,
    send_packet,
)

_log = logging.getLogger(__name__)

_MESSAGES_AT_ONCE = 64
_MAX_WAITING = 4096
"""Packets kept for a reader that does not read; more means it hangs, and the channel ends."""


class Channel:
    """Sends without blocking, in order; calls back for each message and once at the end.

    `on_message` may raise: the error is logged and the channel lives on. Descriptors that it
    leaves in the message are closed.
    """

    def __init__(
        self,
        sock: socket.socket,
        on_message: Callable[[Message], None],
        on_end: Callable[[], None],
    ) -> None:
        self._socket = sock
        self._socket.setblocking(False)
        self._on_message = on_message
        self._on_end = on_end
        self._assembler = Assembler()
        self._waiting: deque[tuple[bytes, list[int]]] = deque()
        self._loop = asyncio.get_running_loop()
        self._open = True
        self._loop.add_reader(self._socket.fileno(), self._readable)

    def send(self, body: Mapping[str, object], fds: Iterable[int] = ()) -> None:
        """Queue one message; the descriptors are duplicated, the caller keeps its own."""
        if not self._open:
            return
        packets = encode(body)
        kept = [os.dup(fd) for fd in fds]
        self._waiting.extend((packet, []) for packet in packets[:-1])
        self._waiting.append((packets[-1], kept))
        self._flush()

    def drain(self) -> None:
        """Deliver what has come already: the last words of a process that has ended."""
        while self._open and self._read_one():
            pass

    def close(self) -> None:
        """Close at once, without calling back."""
        if not self._open:
            return
        self._open = False
        self._loop.remove_reader(self._socket.fileno())
        self._loop.remove_writer(self._socket.fileno())
        self._socket.close()
        self._drop_waiting()

    def _drop_waiting(self) -> None:
        if self._open:
            self._loop.remove_writer(self._socket.fileno())
        while self._waiting:
            _close_all(self._waiting.popleft()[1])

    def _flush(self) -> None:
        while self._waiting:
            packet, fds = self._waiting[0]
            try:
                send_packet(self._socket, packet, fds)
            except BlockingIOError:
                if len(self._waiting) > _MAX_WAITING:
                    self._finish()
                    return
                self._loop.add_writer(self._socket.fileno(), self._flush)
                return
            except (BrokenPipeError, ConnectionResetError):
                # The other side has ended. What it said before is still to be read, and its end.
                self._drop_waiting()
                return
            except OSError:
                self._finish()
                return
            self._waiting.popleft()
            _close_all(fds)
        self._loop.remove_writer(self._socket.fileno())

    def _readable(self) -> None:
        for _ in range(_MESSAGES_AT_ONCE):  # then others get their turn
            if not (self._open and self._read_one()):
                return

    def _read_one(self) -> bool:
        """Take one packet; False when there is none."""
        try:
            packet, fds = receive_packet(self._socket)
            if not packet:
                self._finish()
                return False
            message = self._assembler.feed(packet, fds)
        except BlockingIOError:
            return False
        except ConnectionResetError:
            # It ended with something unread. The kernel says so once, before its last words.
            return True
        except (OSError, FramingError) as error:
            _log.warning("message channel ends: %s", error)
            self._finish()
            return False
        if message is not None:
            self._deliver(message)
        return True

    def _deliver(self, message: Message) -> None:
        try:
            self._on_message(message)
        except Exception:
            _log.exception("message of type %s could not be handled", message.type)
        finally:
            message.close_fds()

    def _finish(self) -> None:
        if self._open:
            self.close()
            # Never from inside send(): the caller may be half way through its own change.
            self._loop.call_soon(self._on_end)


def _close_all(fds: Iterable[int]) -> None:
    for fd in fds:
        os.close(fd)

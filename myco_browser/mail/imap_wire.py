"""The wire below IMAPClient: lines and literals with an upper bound, and news while it idles.

The library brings its own sockets and reads as much as a server cares to announce; this layer
takes a socket that is connected already, and gives up at a limit.
"""

from __future__ import annotations

import imaplib
import select
import socket
import ssl
from typing import TYPE_CHECKING

from myco_browser.mail.errors import ProtocolError, UnreachableError

if TYPE_CHECKING:
    from typing_extensions import Buffer

_CHUNK = 65536
_MAX_LINE = 4 << 20
_MAX_LITERAL = 96 << 20
_MAX_ANSWER = 160 << 20


class BoundedIMAP4(imaplib.IMAP4):
    """IMAP over a given socket."""

    def __init__(self, sock: socket.socket) -> None:
        self._given = sock
        self._buffer = bytearray()
        self._searched = 0
        self._taken = 0
        super().__init__()

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        """Takes the socket; nothing is dialled here."""
        self.host, self.port = host, port
        self.sock = self._given

    def replace(self, sock: socket.socket) -> None:
        """Goes on over an encrypted socket. What came before in the clear is dropped."""
        self._given = self.sock = sock
        self._buffer.clear()
        self._searched = 0

    def shutdown(self) -> None:
        """Closes the connection without a goodbye."""
        self.sock.close()

    def send(self, data: Buffer) -> None:
        """Sends all of it."""
        self._taken = 0
        self.sock.sendall(data)

    def read(self, size: int) -> bytes:
        """So many bytes. Raises ProtocolError."""
        if size > _MAX_LITERAL:
            raise ProtocolError(f"the server announces {size} bytes")
        while len(self._buffer) < size:
            if not self._receive():
                break
        return self._take(size)

    def readline(self) -> bytes:
        """A line with its end; what there is when the connection ends. Raises ProtocolError."""
        while (end := self._buffer.find(b"\n", self._searched)) < 0:
            self._searched = len(self._buffer)
            if self._searched > _MAX_LINE:
                raise ProtocolError("the server sends a line without an end")
            if not self._receive():
                return self._take(len(self._buffer))
        return self._take(end + 1)

    def wait_for_news(self, wake: int, seconds: float) -> list[bytes] | None:
        """While idling: complete lines as soon as there are any, [] after `seconds`.

        None when somebody wrote to the descriptor `wake`. Raises UnreachableError.
        """
        if not self._has_line():
            poll = select.poll()
            poll.register(wake, select.POLLIN)
            if not self._pending():
                poll.register(self.sock.fileno(), select.POLLIN)
            ready = dict(poll.poll(0 if self._pending() else seconds * 1000))
            if wake in ready:
                return None
            if self._pending() or self.sock.fileno() in ready:
                self._receive_some()
        lines: list[bytes] = []
        while self._has_line():
            lines.append(self.readline().rstrip(b"\r\n"))
        return lines

    def _has_line(self) -> bool:
        return b"\n" in self._buffer

    def _pending(self) -> int:
        return self.sock.pending() if isinstance(self.sock, ssl.SSLSocket) else 0

    def _receive_some(self) -> None:
        try:
            if not self._receive():
                raise UnreachableError("the server ended the connection")
        except OSError as error:
            raise UnreachableError(str(error)) from error

    def _receive(self) -> bool:
        received = self.sock.recv(_CHUNK)
        self._taken += len(received)
        if self._taken > _MAX_ANSWER:
            raise ProtocolError("the server's answer has no end")
        self._buffer += received
        return bool(received)

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        self._searched = 0
        return taken

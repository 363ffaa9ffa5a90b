"""HTTP to one server of files, over connections that are dialled by the door and encrypted here.

Nothing is sent that names this browser or its user beyond the credentials, no cookies are kept,
and no redirect is followed: a server that moves says so when the account is made.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import io
import socket
import ssl
from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

from myco_browser.domain.addresses import WebAddress
from myco_browser.domain.files import FilesCause
from myco_browser.domain.hosts import is_loopback_host
from myco_browser.domain.oauth import Token
from myco_browser.files.errors import FilesError
from myco_browser.system.dialled import Way

ANSWER_S = 60.0
"""How long a server may stay silent."""
CHUNK = 1 << 18
"""Bytes that are read or sent at once."""

_MOST_REST = 1 << 20
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "PROPFIND"})


class Source(Protocol):
    """What is sent, piece by piece: a file, from where it stands."""

    def read(self, count: int, /) -> bytes:
        """At most `count` bytes, b"" at the end."""


class Shows(Protocol):
    """What proves to a server who asks."""

    def header(self) -> str:
        """The value of Authorization; "" for none. Raises FilesError when it cannot be had."""

    def refused(self) -> bool:
        """The server did not take it: whether another try may show something new."""


class Credentials(NamedTuple):
    """What a user shows: name and password, or a token alone. Never in a log."""

    user: str = ""
    password: str = ""
    token: str = ""

    def header(self) -> str:
        """The value of Authorization (RFC 7617, RFC 6750); "" for none."""
        if self.token:
            return f"Bearer {self.token}"
        if not self.user:
            return ""
        pair = f"{self.user}:{self.password}".encode()
        return f"Basic {base64.b64encode(pair).decode('ascii')}"

    def refused(self) -> bool:
        """They stay what they are."""
        return False

    def __repr__(self) -> str:
        return "Credentials(…)"


def credentials_of(user: str, word: str) -> Credentials:
    """A name with a password, or a token alone."""
    return Credentials(token=word) if isinstance(word, Token) else Credentials(user, word)


class Answer(NamedTuple):
    """An answer whose body is still to be read."""

    status: int
    headers: Mapping[str, str]
    """By lower-case name."""
    body: Iterator[bytes]

    def drained(self, limit: int = _MOST_REST) -> bytes:
        """The whole body. Raises FilesError when it is longer than `limit` bytes, or breaks off."""
        whole = io.BytesIO()
        for piece in self.body:
            if whole.tell() + len(piece) > limit:
                raise FilesError(FilesCause.BROKEN, "the answer is too long")
            whole.write(piece)
        return whole.getvalue()


class Line:
    """One connection to a server, opened when it is needed and kept while it is good.

    For one thread. `cancel` may be called from another: what runs then ends with INTERRUPTED.
    """

    def __init__(self, way: Way, address: WebAddress, credentials: Shows) -> None:
        if address.scheme != "https" and not is_loopback_host(address.host):
            raise FilesError(FilesCause.NOT_ENCRYPTED, address.authority)
        self._way = way
        self._address = address
        self._credentials = credentials
        self._connection: http.client.HTTPConnection | None = None
        self._response: http.client.HTTPResponse | None = None
        self._cancelled = False

    def ask(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | Source | None = None,
        length: int | None = None,
    ) -> Answer:
        """Sends a request and gives the answer; its body is to be read before the next.

        A `body` that is a file is sent from where it stands, `length` bytes of it. Raises
        FilesError for connections, never for a status.
        """
        answer = self._ask_twice(method, target, headers, body, length)
        if answer.status != 401 or not isinstance(body, bytes | None):
            return answer
        if not self._credentials.refused():
            return answer
        answer.drained()
        return self._ask_twice(method, target, headers, body, length)

    def _ask_twice(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str] | None,
        body: bytes | Source | None,
        length: int | None,
    ) -> Answer:
        again = method in _SAFE and self._connection is not None
        try:
            return self._ask(method, target, headers or {}, body, length)
        except FilesError as error:
            # The server may have closed a connection that was kept; nothing was lost by that.
            if not again or error.cause is not FilesCause.INTERRUPTED or self._cancelled:
                raise
            return self._ask(method, target, headers or {}, body, length)

    def close(self) -> None:
        """Ends the connection; the next request opens another."""
        connection, self._connection = self._connection, None
        response, self._response = self._response, None
        # One that ends with its connection is not the library's any more.
        if response is not None:
            response.close()
        if connection is not None:
            connection.close()

    def cancel(self) -> None:
        """From any thread: ends what runs, for good."""
        self._cancelled = True
        connection = self._connection
        if connection is not None and connection.sock is not None:
            with contextlib.suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    def _ask(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes | Source | None,
        length: int | None,
    ) -> Answer:
        if self._cancelled:
            raise FilesError(FilesCause.INTERRUPTED, "cancelled")
        connection = self._connection or self._connect()
        self._connection = connection
        try:
            self._send(connection, method, target, headers, body, length)
            self._response = response = connection.getresponse()
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise _broken_off(error) from error
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, self._pieces(response))

    def _send(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes | Source | None,
        length: int | None,
    ) -> None:
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", self._address.authority)
        connection.putheader("Accept-Encoding", "identity")
        if header := self._credentials.header():
            connection.putheader("Authorization", header)
        for name, value in headers.items():
            connection.putheader(name, value)
        if isinstance(body, bytes):
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            return
        if body is None:
            if method in ("PUT", "POST", "MKCOL"):
                connection.putheader("Content-Length", "0")
            connection.endheaders()
            return
        assert length is not None
        connection.putheader("Content-Length", str(length))
        connection.endheaders()
        left = length
        while left > 0:
            piece = body.read(min(CHUNK, left))
            if not piece:
                raise OSError("the file became shorter while it was sent")
            connection.send(piece)
            left -= len(piece)

    def _pieces(self, response: http.client.HTTPResponse) -> Iterator[bytes]:
        try:
            while piece := response.read(CHUNK):
                yield piece
            if response.length:
                raise FilesError(FilesCause.INTERRUPTED, "the answer is shorter than announced")
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise _broken_off(error) from error
        finally:
            if response.will_close or not response.isclosed():
                self.close()

    def _connect(self) -> http.client.HTTPConnection:
        host = self._address.host.strip("[]")
        secure = self._address.scheme == "https"
        port = self._address.port or (443 if secure else 80)
        try:
            sock = self._way.dial(host, port)
        except OSError as error:
            raise FilesError(FilesCause.UNREACHABLE, str(error)) from error
        sock.settimeout(ANSWER_S)
        if secure:
            sock = _encrypted(self._way, sock, host)
        connection = http.client.HTTPConnection(host, port, timeout=ANSWER_S)
        # No connection is opened by the library: without this one it fails.
        connection.auto_open = 0
        connection.sock = sock
        return connection


def _encrypted(way: Way, sock: socket.socket, host: str) -> socket.socket:
    try:
        return way.encrypted(sock, host)
    except ssl.SSLCertVerificationError as error:
        raise FilesError(FilesCause.CERTIFICATE, error.verify_message) from error
    except (OSError, ValueError) as error:
        raise FilesError(FilesCause.UNREACHABLE, str(error)) from error


def _broken_off(error: Exception) -> FilesError:
    if isinstance(error, FilesError):
        return error
    if isinstance(error, ValueError | http.client.UnknownProtocol | http.client.LineTooLong):
        return FilesError(FilesCause.BROKEN, f"{type(error).__name__}: {error}"[:200])
    return FilesError(FilesCause.INTERRUPTED, f"{type(error).__name__}: {error}"[:200])

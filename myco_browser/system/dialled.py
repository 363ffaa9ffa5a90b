"""How the browser's own clients (mail, files) get to servers: by whoever dials for them.

No client opens a socket: the door dials, and here it is only said how to encrypt.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Callable
from typing import Any, NamedTuple

Dialler = Callable[[str, int], socket.socket]
"""Gives a connected socket for a host name and a port. Raises OSError."""


class Way(NamedTuple):
    """How to get to servers: who dials, and whose certificates count."""

    dial: Dialler
    tls: Callable[[], ssl.SSLContext]

    def encrypted(self, sock: socket.socket, host: str) -> ssl.SSLSocket:
        """The same connection, encrypted with who can show to be `host`.

        Raises OSError, or ValueError for a name that no certificate has; it is closed then.
        """
        context = self.tls()
        context.sslsocket_class = _Encrypted
        try:
            return context.wrap_socket(sock, server_hostname=host)
        except (OSError, ValueError):
            sock.close()
            raise


class _Encrypted(ssl.SSLSocket):
    """Closed also when the other side was gone before the first word of encryption.

    Then the library leaves it open to nobody, or gives it as it is: without encryption.
    """

    def getpeername(self) -> Any:
        """Raises OSError, closed, when there is no other side."""
        try:
            return super().getpeername()
        except OSError as error:
            self.close()
            raise ConnectionResetError(errno.ECONNRESET, "gone before it was encrypted") from error


def usual_tls() -> ssl.SSLContext:
    """The authorities of this machine and the usual ones."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context

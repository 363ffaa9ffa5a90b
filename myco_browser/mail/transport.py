"""Connections to mail servers: dialled by the door, encrypted here.

Plain connections are refused but for this machine itself.
"""

from __future__ import annotations

import socket
import ssl

from myco_browser.domain.hosts import is_loopback_host
from myco_browser.domain.mail import RefusalCause, Security, Server
from myco_browser.mail.errors import RefusedError, UnreachableError
from myco_browser.system.dialled import Way

ANSWER_S = 60.0
"""How long a server may stay silent in the middle of an exchange."""


def check_protected(server: Server) -> None:
    """Raises RefusedError for a plain connection to anywhere but this machine."""
    if server.security is Security.PLAIN and not is_loopback_host(server.host):
        raise RefusedError(RefusalCause.NOT_ENCRYPTED)


def connect(way: Way, server: Server) -> socket.socket:
    """A connection, encrypted at once where that is said. Raises MailError."""
    check_protected(server)
    try:
        sock = way.dial(server.host, server.port)
    except OSError as error:
        raise UnreachableError(str(error)) from error
    sock.settimeout(ANSWER_S)
    return secure(way, sock, server) if server.security is Security.TLS else sock


def bearer(login: str, token: str) -> bytes:
    """What shows a token to a server (RFC 7628, 3.1)."""
    name = login.replace("=", "=3D").replace(",", "=2C")
    return f"n,a={name},\x01auth=Bearer {token}\x01\x01".encode()


def secure(way: Way, sock: socket.socket, server: Server) -> socket.socket:
    """The same connection, encrypted. Raises MailError; the socket is closed then."""
    try:
        return way.encrypted(sock, server.host)
    except ssl.SSLCertVerificationError as error:
        raise RefusedError(RefusalCause.CERTIFICATE, error.verify_message) from error
    except (OSError, ValueError) as error:
        raise UnreachableError(str(error)) from error

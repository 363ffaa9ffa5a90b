"""IMAPClient on a socket of ours: how it is encrypted, how one logs in, what its errors mean."""

from __future__ import annotations

import contextlib
import imaplib
import logging
import socket
from collections.abc import Iterator

from imapclient import IMAPClient

from myco_browser.domain.mail import RefusalCause, Server
from myco_browser.domain.oauth import Token
from myco_browser.mail.errors import (
    ActionError,
    MailError,
    ProtocolError,
    RefusedError,
    UnreachableError,
)
from myco_browser.mail.imap_wire import BoundedIMAP4
from myco_browser.mail.transport import bearer, secure
from myco_browser.system.dialled import Way

# The library writes what it sends to its log, which is no place for mail.
logging.getLogger("imapclient").setLevel(logging.WARNING)

_TROUBLE = (
    "UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "INTERNAL", "TEMPORAR", "SHUTTING", "LATER",
    "DISCONNECTED", "TOO MANY", "WAITING FOR AUTH",
)  # fmt: skip


class ImapClient(IMAPClient):  # type: ignore[misc] # the library has no types
    """IMAPClient on a socket that is there already."""

    wire: BoundedIMAP4

    def __init__(self, sock: socket.socket, server: Server) -> None:
        self._given = sock
        super().__init__(server.host, server.port, ssl=False)
        self._imap.debug = 0
        self.normalise_times = False

    def _create_IMAP4(self) -> BoundedIMAP4:
        self.wire = BoundedIMAP4(self._given)
        return self.wire

    def _set_read_timeout(self) -> None:
        """The transport has set one."""

    def encrypt(self, way: Way, server: Server) -> None:
        """STARTTLS. Raises RefusedError when the server does not want to."""
        wire = self.wire
        if wire.state != "NONAUTH":
            raise RefusedError(RefusalCause.NOT_ENCRYPTED, "logged in before it is encrypted")
        try:
            kind, _ = wire._simple_command("STARTTLS")
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise RefusedError(RefusalCause.NOT_ENCRYPTED, str(error)) from error
        if kind != "OK":
            raise RefusedError(RefusalCause.NOT_ENCRYPTED)
        wire.replace(secure(way, wire.sock, server))
        # What was said in the clear may have been changed on the way.
        self._cached_capabilities = None
        wire._get_capabilities()


def log_in(client: ImapClient, login: str, password: str) -> None:
    """Raises RefusedError when only the user can help, UnreachableError when time may."""
    try:
        # LOGIN takes ASCII only.
        if isinstance(password, Token):
            _show_token(client, login, password)
        elif client.has_capability("AUTH=PLAIN"):
            client.plain_login(login, password)
        else:
            client.login(login, password)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, UnicodeError) as error:
        # The library makes a refusal of a connection that breaks in the middle of it.
        broke = isinstance(error.__context__, imaplib.IMAP4.abort)
        if broke or _may_work_later(str(error)):
            raise UnreachableError(str(error)) from error
        raise RefusedError(RefusalCause.PASSWORD, str(error)) from error


def _show_token(client: ImapClient, login: str, token: Token) -> None:
    """RFC 7628, or its forerunner where the server knows no other."""
    last = b"\x01"
    if client.has_capability("AUTH=OAUTHBEARER"):
        kind, first = "OAUTHBEARER", bearer(login, token)
    else:
        kind, first, last = "XOAUTH2", f"user={login}\x01auth=Bearer {token}\x01\x01".encode(), b""
    # A server that refuses says why first, and waits for an answer to that.
    client.wire.authenticate(kind, lambda challenge: last if challenge else first)


def _may_work_later(text: str) -> bool:
    """Whether the server has trouble of its own (RFC 5530), rather than with the password."""
    upper = text.upper()
    if "AUTHENTICATIONFAILED" in upper or "AUTHORIZATIONFAILED" in upper or "EXPIRED" in upper:
        return False
    # Many servers give no code; these words are in what they say then.
    return any(word in upper for word in _TROUBLE)


@contextlib.contextmanager
def mapped() -> Iterator[None]:
    """Turns whatever the libraries raise into MailError."""
    try:
        yield
    except MailError:
        raise
    except imaplib.IMAP4.abort as error:
        raise UnreachableError(str(error)) from error
    except imaplib.IMAP4.error as error:
        raise ActionError(str(error)) from error
    except OSError as error:
        raise UnreachableError(str(error)) from error
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        AssertionError,
        ArithmeticError,
    ) as error:
        raise ProtocolError(f"{type(error).__name__}: {error}"[:300]) from error
    except (RecursionError, MemoryError) as error:
        raise ProtocolError("the server's answer is nested too deeply") from error

"""Hands a message to the account's server (RFC 6409), over a connection that the door made."""

from __future__ import annotations

import base64
import contextlib
import re
import smtplib
import socket
from collections.abc import Callable, Iterator, Sequence

from myco_browser.domain.mail import Account, RefusalCause, Security, Server
from myco_browser.domain.oauth import Token
from myco_browser.mail.errors import (
    ActionError,
    MailError,
    ProtocolError,
    RefusedError,
    UnreachableError,
)
from myco_browser.mail.transport import ANSWER_S, bearer, connect, secure
from myco_browser.system.dialled import Way

# An address literal of nobody: the name of this computer is nobody's business.
_OWN_NAME = "[127.0.0.1]"
_LONGEST_SIZE = 20


class _Client(smtplib.SMTP):
    def __init__(self, way: Way, server: Server) -> None:
        self._way = way
        self._server = server
        # With a name of its own the library does not look this computer's up.
        super().__init__(local_hostname=_OWN_NAME, timeout=ANSWER_S)
        self._host = server.host
        code, text = self.connect(server.host, server.port)
        if code != 220:
            raise UnreachableError(f"{code} {text!r}"[:200])

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return connect(self._way, self._server)

    def encrypt(self) -> None:
        """STARTTLS. Raises RefusedError when the server does not want to."""
        self.ehlo()
        if not self.has_extn("starttls") or self.docmd("STARTTLS")[0] != 220:
            raise RefusedError(RefusalCause.NOT_ENCRYPTED)
        sock = self.sock
        assert isinstance(sock, socket.socket)
        self.sock = secure(self._way, sock, self._server)
        # What was said in the clear may have been changed on the way.
        self.file = None
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False

    def log_in(self, login: str, password: str) -> None:
        """Logs in; the library's own way knows no letters beyond ASCII."""
        if isinstance(password, Token):
            self._show_token(login, password)
            return
        if "PLAIN" not in self.esmtp_features.get("auth", "").upper().split():
            self.login(login, password)
            return
        secret = base64.b64encode(f"\0{login}\0{password}".encode())
        code, text = self.docmd("AUTH", f"PLAIN {secret.decode('ascii')}")
        if code not in (235, 503):
            raise smtplib.SMTPAuthenticationError(code, text)

    def _show_token(self, login: str, token: Token) -> None:
        """RFC 7628, or its forerunner where the server knows no other."""
        kind, raw = "OAUTHBEARER", bearer(login, token)
        if kind not in self.esmtp_features.get("auth", "").upper().split():
            kind, raw = "XOAUTH2", f"user={login}\x01auth=Bearer {token}\x01\x01".encode()
        code, text = self.docmd("AUTH", f"{kind} {base64.b64encode(raw).decode('ascii')}")
        if code == 334:
            # It says why it refuses, and waits for an answer to that.
            code, text = self.docmd("AQ==" if kind == "OAUTHBEARER" else "")
        if code not in (235, 503):
            raise smtplib.SMTPAuthenticationError(code, text)


def submit(
    way: Way,
    account: Account,
    password: str,
    recipients: Sequence[str],
    raw: bytes,
    claim: Callable[[], bool] = lambda: True,
) -> dict[str, str] | None:
    """Sends it; the recipients that the server did not take, with its words.

    `claim` is asked before the first moment in which the server could take it; None when it says
    no. Raises MailError when nobody gets it. After an UnreachableError it may have been sent all
    the same, when the connection broke after the last byte: `DoubtError` is raised then.
    """
    client = _connected(way, account, password)
    sent = False
    try:
        with _mapped():
            code, text = client.mail(account.address, _options(client, raw))
            if code != 250:
                raise ActionError(_words(code, text))
            refused = _offer(client, recipients)
            if len(refused) == len(recipients):
                raise ActionError("; ".join(refused.values()))
            code, text = client.docmd("DATA")
            if code != 354:
                raise ActionError(_words(code, text))
            client.send(_stuffed(raw))
            if not claim():
                return None
            # Until here the server cannot take it; from here on it may have.
            sent = True
            client.send(b".\r\n")
            code, text = client.getreply()
            sent = False
            if code != 250:
                raise ActionError(_words(code, text))
            return refused
    except UnreachableError as error:
        if sent:
            raise DoubtError(str(error)) from error
        raise
    finally:
        with contextlib.suppress(Exception):
            client.close()


class DoubtError(UnreachableError):
    """Whether the message was sent is not known."""


def try_login(way: Way, account: Account, password: str) -> int:
    """Connects and logs in, no more; the largest message that the server takes. MailError.

    In bytes; 0 where it does not say (RFC 1870, 4).
    """
    client = _connected(way, account, password)
    size = client.esmtp_features.get("size", "")
    with contextlib.suppress(Exception):
        client.quit()
    client.close()
    return int(size) if size.isascii() and size.isdigit() and len(size) <= _LONGEST_SIZE else 0


def _connected(way: Way, account: Account, password: str) -> _Client:
    with _mapped():
        client = _Client(way, account.smtp)
        try:
            if account.smtp.security is Security.STARTTLS:
                client.encrypt()
            client.ehlo_or_helo_if_needed()
            if client.has_extn("auth"):
                client.log_in(account.login, password)
            elif account.smtp.security is not Security.PLAIN:
                raise RefusedError(RefusalCause.PASSWORD, "the server asks for no password")
            return client
        except BaseException:
            client.close()
            raise


def _stuffed(raw: bytes) -> bytes:
    """The message with doubled dots at the begin of lines (RFC 5321, 4.5.2)."""
    body = re.sub(rb"(?m)^\.", b"..", raw)
    return body if body.endswith(b"\r\n") else body + b"\r\n"


def _options(client: _Client, raw: bytes) -> list[str]:
    options = [f"size={len(raw)}"] if client.has_extn("size") else []
    return [*options, "body=8bitmime"] if client.has_extn("8bitmime") else options


def _offer(client: _Client, recipients: Sequence[str]) -> dict[str, str]:
    refused: dict[str, str] = {}
    for recipient in recipients:
        code, text = client.rcpt(recipient)
        if code not in (250, 251):
            refused[recipient] = _words(code, text)
    return refused


def _words(code: int, text: bytes) -> str:
    shown = text.decode("utf-8", "replace")[:300]
    return f"{code} {shown}"


@contextlib.contextmanager
def _mapped() -> Iterator[None]:
    try:
        yield
    except MailError:
        raise
    except smtplib.SMTPAuthenticationError as error:
        if 400 <= error.smtp_code < 500:
            raise UnreachableError(str(error)) from error
        raise RefusedError(RefusalCause.PASSWORD, str(error)) from error
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, OSError) as error:
        if isinstance(error, smtplib.SMTPResponseException):
            raise ActionError(str(error)) from error
        if isinstance(error, smtplib.SMTPException) and not isinstance(
            error, smtplib.SMTPServerDisconnected
        ):
            raise ActionError(str(error)) from error
        raise UnreachableError(str(error)) from error
    except (ValueError, LookupError, TypeError, UnicodeError) as error:
        raise ProtocolError(str(error)[:300]) from error

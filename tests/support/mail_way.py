"""A way to mail servers for tests that are not about the door, with connections that can be cut."""

from __future__ import annotations

import contextlib
import socket
import ssl
from dataclasses import dataclass, field

from support.dovecot import PASSWORD, Dovecot
from support.mail_servers import SmtpServer

from myco_browser.domain.mail import Account, Security, Server
from myco_browser.system.dialled import Way

IMAP, SMTP = 993, 465
ACCOUNT = Account(
    "a", "alice@coop.test", "alice@coop.test", Server("imap.coop.test", IMAP, Security.TLS),
    Server("smtp.coop.test", SMTP, Security.TLS),
)  # fmt: skip
NAMES = ("imap.coop.test", "smtp.coop.test")


@dataclass
class Cables:
    """Connections by the port that was asked for."""

    imap: Dovecot
    smtp: SmtpServer | None = None
    open: list[socket.socket] = field(default_factory=list)

    def way(self) -> Way:
        """A way that keeps hold of what it dialled."""
        context = ssl.create_default_context(cafile=str(self.imap.authority_file))

        def dial(_host: str, port: int) -> socket.socket:
            to = self.smtp.port if port == SMTP and self.smtp is not None else self.imap.imaps
            sock = socket.create_connection(("127.0.0.1", to))
            # The original becomes part of the encrypted one; a second handle can cut both.
            self.open.append(sock.dup())
            return sock

        return Way(dial, lambda: context)

    def cut(self) -> None:
        """Breaks every connection."""
        while self.open:
            sock = self.open.pop()
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()


class Passwords:
    """Gives the one password, or none."""

    def __init__(self, password: str = PASSWORD) -> None:
        self.password = password

    def refuse(self, _token: str) -> bool:
        """There is no other."""
        return False

    def get(self, _account_id: str) -> str:
        """The password."""
        return self.password

"""A browser with mail servers: Dovecot, SMTP, and the names under which they are found."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from support.browser_rig import BrowserRig, LedSession
from support.dovecot import PASSWORD, Dovecot, dovecot
from support.mail_servers import SmtpServer, smtp_server

USER = "alice@coop.test"
PHRASE = "correct horse"
NAMES = ("imap.coop.test", "smtp.coop.test", "pictures.test", "localhost")


@dataclass
class MailRig:
    """The servers, and what a browser has to be started with."""

    dovecot: Dovecot
    smtp: SmtpServer

    @property
    def hosts(self) -> str:
        """The map of names for the door."""
        return (
            f"imap.coop.test:993 127.0.0.1:{self.dovecot.imaps}\n"
            f"smtp.coop.test:465 127.0.0.1:{self.smtp.port}\n"
        )

    def start(self, rig: BrowserRig, *arguments: str, more_hosts: str = "") -> LedSession:
        """Starts a browser that trusts the servers."""
        rig.environ["SSL_CERT_FILE"] = str(self.dovecot.authority_file)
        return rig.start(*arguments, hosts=self.hosts + more_hosts)

    def deliver(self, *messages: bytes) -> None:
        """Brings mail."""
        self.dovecot.deliver(USER, *messages)


@contextlib.contextmanager
def mail_rig() -> Iterator[MailRig]:
    """Servers that are gone afterwards."""
    with dovecot(*NAMES) as imap, smtp_server(imap.authority, PASSWORD, *NAMES) as smtp:
        yield MailRig(imap, smtp)


PANEL = 'window.body.side.part("mail")'


def open_mail(session: LedSession) -> None:
    """Opens the sidebar with mail."""
    session.do('window.body.side.show_part("mail")')


def add_account(session: LedSession) -> None:
    """Types the address and the password, and waits until the inbox is there."""
    open_mail(session)
    page = f"{PANEL}.pages.currentWidget()"
    session.wait_for(f"type({page}).__name__ == 'Assistant'")
    session.wait_for(f"{page}._phrase_note.text()")
    session.do(
        f"page = {page}\n"
        f"page.address.setText({USER!r})\n"
        f"page.password.setText({PASSWORD!r})\n"
        f"page.passphrase.setText({PHRASE!r})\n"
        "page.button.click()"
    )
    session.wait_for(f"type({page}).__name__ == 'Mailbox' or {page}.report.problem.text()")
    problem = session.value(f"getattr({page}, 'report', None) and {page}.report.problem.text()")
    assert not problem, problem

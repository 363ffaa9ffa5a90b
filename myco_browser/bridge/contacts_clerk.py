"""The thread that works for one account of contacts, and what it has found."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from pathlib import Path

from myco_browser.contacts.carddav import CardDav
from myco_browser.domain.contacts import Book, Contact
from myco_browser.domain.files import FilesCause
from myco_browser.files.errors import FilesError
from myco_browser.files.http import credentials_of
from myco_browser.mail.errors import UnreachableError
from myco_browser.services.contacts_accounts import ContactsAccount
from myco_browser.services.contacts_store import ContactsStore
from myco_browser.services.contacts_work import Desk
from myco_browser.services.database import Report
from myco_browser.services.mail_passwords import KeeperError, MailPasswords
from myco_browser.system.dialled import Way

_log = logging.getLogger(__name__)

Question = Callable[[Desk], None]


class Clerk:
    """Answers one question after another. What it has found is read and written by who asks."""

    def __init__(
        self,
        account: ContactsAccount,
        way: Way,
        passwords: MailPasswords,
        path: Path,
        report: Report,
    ) -> None:
        self.contacts: tuple[Contact, ...] = ()
        self.books: tuple[Book, ...] = ()
        self.problem: FilesCause | None = None
        self.busy = True
        self._path = path
        self._report = report
        self._dav = CardDav(way, account.address, AccountSource(passwords, account))
        self._questions: queue.SimpleQueue[Question | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="myco-contacts", daemon=True)
        self._thread.start()

    def ask(self, question: Question | None) -> None:
        """Lets it run after what was asked before; None: nothing more is asked."""
        self._questions.put(question)

    def join(self, seconds: float = 1.0) -> None:
        """Waits for the end; what takes too long is cut off."""
        self._thread.join(seconds)
        if self._thread.is_alive():
            self._dav.cancel()
            self._thread.join(seconds)

    def dismiss(self) -> None:
        """The account is gone: ends what runs."""
        self._dav.cancel()
        self.ask(None)
        self._thread.join(5.0)

    def _serve(self) -> None:
        store = ContactsStore(self._path, self._report)
        try:
            while (question := self._questions.get()) is not None:
                try:
                    question(Desk(self._dav, store))
                except Exception:
                    _log.exception("work for contacts failed")
        finally:
            self._dav.close()
            store.close()


class AccountSource:
    """Gives the credentials when they are wanted: the keeper may be locked until then."""

    def __init__(self, passwords: MailPasswords, account: ContactsAccount) -> None:
        self._passwords = passwords
        self._account = account
        self._shown = ""

    def header(self) -> str:
        """The value of Authorization. Raises FilesError."""
        try:
            word = self._passwords.get(self._account.secret)
        except KeeperError as error:
            raise FilesError(FilesCause.REFUSED, str(error)) from error
        except UnreachableError as error:
            raise FilesError(FilesCause.UNREACHABLE, str(error)) from error
        self._shown = word
        return credentials_of(self._account.user, word).header()

    def refused(self) -> bool:
        """Whether another try may show something new: a token runs out, a password does not."""
        return self._passwords.refuse(self._shown)

"""The user's contacts, as the windows see them: everybody at once, and what can be done.

Lives on the Qt thread; each account has a thread that works for it. All `done` and `failed` are
called on the Qt thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

from PyQt6.QtCore import QObject, pyqtSignal

from myco_browser.bridge.contacts_clerk import Clerk
from myco_browser.bridge.mail_ports import Beside, Granting
from myco_browser.contacts.carddav import Found
from myco_browser.contacts.vcard import CardError
from myco_browser.domain.contacts import Book, Contact, Fields
from myco_browser.domain.files import FilesCause
from myco_browser.domain.hosts import is_local_host
from myco_browser.files.errors import FilesError
from myco_browser.files.http import credentials_of
from myco_browser.mail.errors import UnreachableError
from myco_browser.services import contacts_work
from myco_browser.services.contacts_accounts import ContactsAccount, ContactsAccounts
from myco_browser.services.contacts_search import fitting, in_order
from myco_browser.services.contacts_setup import Locate, look_up, typed_server
from myco_browser.services.contacts_work import Brought, Conflict, Desk, Kept
from myco_browser.services.database import Report
from myco_browser.services.mail_accounts import new_identity
from myco_browser.services.mail_passwords import KeeperError, MailPasswords
from myco_browser.system.dialled import Way

_log = logging.getLogger(__name__)
T = TypeVar("T")
Failed = Callable[[FilesError], None]


class ContactsPorts(NamedTuple):
    """What contacts are built on. The passwords are those of mail: one passphrase for both."""

    folder: Path
    way: Way
    beside: Beside
    door: Granting
    passwords: MailPasswords
    locate: Locate
    report: Report


class Contacts(QObject):
    """All accounts of the everyday session."""

    accounts_changed = pyqtSignal()
    changed = pyqtSignal()
    password_removed = pyqtSignal(str)  # of an account that is gone; why it is still kept, or ""
    """Somebody came, went or changed, or it is known now whether a server answers."""

    def __init__(self, ports: ContactsPorts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ports = ports
        self._accounts = ContactsAccounts(ports.folder / "accounts.json")
        self._clerks: dict[str, Clerk] = {}
        self._hidden: frozenset[tuple[str, str]] = frozenset()
        self._ordered: tuple[Contact, ...] | None = None
        for account in self._accounts.all:
            self._employ(account)

    # What is known

    @property
    def accounts(self) -> tuple[ContactsAccount, ...]:
        """All accounts."""
        return self._accounts.all

    @property
    def everybody(self) -> tuple[Contact, ...]:
        """All contacts by name, but those that are about to be deleted."""
        if self._ordered is None:
            found = (one for clerk in self._clerks.values() for one in clerk.contacts)
            self._ordered = in_order(one for one in found if one.key not in self._hidden)
        return self._ordered

    def books(self, account_id: str) -> tuple[Book, ...]:
        """The books of an account."""
        clerk = self._clerks.get(account_id)
        return clerk.books if clerk is not None else ()

    def problem(self, account_id: str) -> FilesCause | None:
        """Why what is shown may be old; None when it is not."""
        clerk = self._clerks.get(account_id)
        return clerk.problem if clerk is not None else None

    @property
    def busy(self) -> bool:
        """Whether a server is being asked what is new."""
        return any(one.busy for one in self._clerks.values())

    def writable(self) -> Iterator[tuple[ContactsAccount, Book]]:
        """Where somebody new can be put."""
        for account in self.accounts:
            for book in self.books(account.account_id):
                if book.may_write:
                    yield account, book

    def complete(self, text: str, most: int = 8) -> list[tuple[str, str]]:
        """Names and addresses that fit what was typed."""
        found = (
            (one.fields.name, reach.value)
            for one in fitting(self.everybody, text)
            for reach in one.fields.emails
        )
        return list(dict.fromkeys(found))[:most]

    # Accounts

    def set_up(
        self,
        text: str,
        user: str,
        password: str,
        done: Callable[[ContactsAccount], None],
        failed: Failed,
        *,
        secret: str = "",
    ) -> None:
        """Looks for a server that takes the password; a found account is kept.

        `secret`: the mail account whose password it is; it is not kept twice then.
        """
        server = typed_server(text)
        if server is not None:
            self._allow(server.host, server.port, server.scheme)
        ports, colour = self._ports, self._accounts.next_colour()

        def find() -> ContactsAccount | FilesError:
            try:
                word = ports.passwords.get(secret) if secret else password
                credentials = credentials_of(user or text.strip(), word)
                found: Found = look_up(ports.way, text, credentials, ports.locate)
                identity = new_identity()
                if not secret:
                    ports.passwords.put(identity, password)
            except KeeperError as error:
                return FilesError(FilesCause.REFUSED, str(error))
            except UnreachableError as error:
                return FilesError(FilesCause.UNREACHABLE, str(error))
            except FilesError as error:
                return error
            title = text.strip() if server is None else found.home.host
            return ContactsAccount(
                identity, title, found.home.url, user or text.strip(), colour, secret or identity
            )

        def took(found: ContactsAccount | FilesError) -> None:
            if isinstance(found, FilesError):
                _log.info("contacts: %s", found)
                failed(found)
                return
            try:
                self._accounts.put(found)
            except OSError as error:
                failed(FilesError(FilesCause.FAILED, str(error)))
                return
            self._employ(found)
            self.accounts_changed.emit()
            done(found)

        ports.beside.compute(find, took)

    def change_account(self, account: ContactsAccount) -> None:
        """Keeps another colour or title. Raises OSError."""
        self._accounts.put(account)
        self.accounts_changed.emit()
        self.changed.emit()

    def remove_account(self, account_id: str) -> None:
        """Forgets an account and what is kept of it; the server keeps its cards. OSError."""
        account = self._accounts.find(account_id)
        self._accounts.remove(account_id)
        clerk = self._clerks.pop(account_id, None)

        def forget() -> str:
            if clerk is not None:
                clerk.dismiss()
            for suffix in ("", "-wal", "-shm", ".broken"):
                (self._ports.folder / f"{account_id}.sqlite{suffix}").unlink(missing_ok=True)
            is_own = account is not None and account.secret == account_id
            return self._ports.passwords.forget(account_id) if is_own else ""

        self._ports.beside.compute(forget, self.password_removed.emit)
        self.accounts_changed.emit()
        self._renew()

    def refresh(self) -> None:
        """Asks every server what is new."""
        for account in self.accounts:
            clerk = self._clerks[account.account_id]
            clerk.busy = True
            self._ask(account.account_id, contacts_work.follow, lambda _none: None, lambda _e: None)
        self.changed.emit()

    def end(self) -> None:
        """Ends everything; what was asked for is done first, if it does not take long."""
        for clerk in self._clerks.values():
            clerk.ask(None)
        for clerk in self._clerks.values():
            clerk.join()

    # Cards

    def add(
        self,
        account_id: str,
        book: Book,
        fields: Fields,
        uid: str,
        done: Callable[[Kept], None],
        failed: Failed,
    ) -> None:
        """Somebody new; `uid` is the same for each try."""
        self._ask(account_id, lambda desk: contacts_work.add(desk, book, fields, uid), done, failed)

    def change(
        self,
        contact: Contact,
        fields: Fields,
        done: Callable[[Kept | Conflict], None],
        failed: Failed,
    ) -> None:
        """Changes a card."""
        account_id = contact.account_id
        self._ask(
            account_id, lambda desk: contacts_work.change(desk, contact, fields), done, failed
        )

    def hide(self, contact: Contact) -> None:
        """Takes it out of the list before it is deleted."""
        self._hidden |= {contact.key}
        self._renew()

    def unhide(self, contact: Contact) -> None:
        """Shows it again."""
        self._hidden -= {contact.key}
        self._renew()

    def delete(self, contact: Contact, failed: Failed) -> None:
        """Deletes a card that was hidden."""

        def refused(error: FilesError) -> None:
            self.unhide(contact)
            failed(error)

        self._ask(
            contact.account_id,
            lambda desk: contacts_work.remove(desk, contact),
            lambda _none: self.unhide(contact),
            refused,
        )

    def bring(
        self, account_id: str, book: Book, path: Path, done: Callable[[Brought], None],
        failed: Failed,
    ) -> None:  # fmt: skip
        """Puts the cards of a file into a book."""

        def work(desk: Desk) -> Brought:
            try:
                if path.stat().st_size > contacts_work.MAX_FILE:
                    raise FilesError(FilesCause.BROKEN, "the file is too long")
                text = path.read_text("utf-8", "replace")
                return contacts_work.bring(desk, book, text)
            except (CardError, OSError) as error:
                raise FilesError(FilesCause.BROKEN, str(error)) from error

        self._ask(account_id, work, done, failed)

    def give(self, path: Path, done: Callable[[int], None], failed: Failed) -> None:
        """Writes all cards of all accounts into a file; how many they were."""
        found: list[str] = []
        left = [one.account_id for one in self.accounts]

        def write() -> int | OSError:
            try:
                path.write_text("".join(found), "utf-8", newline="")
            except OSError as error:
                return error
            return len(found)

        def wrote(outcome: int | OSError) -> None:
            if isinstance(outcome, OSError):
                failed(FilesError(FilesCause.FAILED, str(outcome)))
            else:
                done(outcome)

        def collect(sources: list[str]) -> None:
            found.extend(f"{one.rstrip()}\r\n" for one in sources)
            if left:
                self._ask(left.pop(), lambda desk: desk.store.sources(), collect, failed)
            else:
                self._ports.beside.compute(write, wrote)

        collect([])

    # Inside

    def _ask(
        self, account_id: str, work: Callable[[Desk], T], done: Callable[[T], None], failed: Failed
    ) -> None:
        """Lets `work` run in the account's thread; then everybody is read anew."""
        clerk = self._clerks.get(account_id)
        if clerk is None:
            failed(FilesError(FilesCause.GONE, "no such account"))
            return
        to_qt = self._ports.beside.to_qt

        def run(desk: Desk) -> None:
            error: FilesError | None = None
            value: T | None = None
            try:
                value = work(desk)
            except FilesError as problem:
                _log.info("contacts: %s", problem)
                error = problem
            contacts, books = desk.store.contacts(account_id), desk.store.books()
            to_qt(lambda: arrived(value, error, contacts, books))

        def arrived(
            value: T | None,
            error: FilesError | None,
            contacts: tuple[Contact, ...],
            books: tuple[Book, ...],
        ) -> None:
            self._take(clerk, contacts, books, error)
            if error is not None:
                failed(error)
            else:
                done(value)  # type: ignore[arg-type] # of that type when there was no error

        clerk.ask(run)

    def _take(
        self,
        clerk: Clerk,
        contacts: tuple[Contact, ...],
        books: tuple[Book, ...],
        error: FilesError | None,
    ) -> None:
        clerk.contacts, clerk.books, clerk.busy = contacts, books, False
        if error is None or error.cause in _OF_THE_SERVER:
            clerk.problem = error.cause if error is not None else None
        self._renew()

    def _renew(self) -> None:
        self._ordered = None
        self.changed.emit()

    def _allow(self, host: str, port: int | None, scheme: str) -> None:
        if is_local_host(host):
            usual = 443 if scheme == "https" else 80
            self._ports.door.grant_local(host.strip("[]"), port or usual)

    def _employ(self, account: ContactsAccount) -> None:
        address = account.address
        self._allow(address.host, address.port, address.scheme)
        path = self._ports.folder / f"{account.account_id}.sqlite"
        clerk = Clerk(account, self._ports.way, self._ports.passwords, path, self._ports.report)
        self._clerks[account.account_id] = clerk
        # What is kept here is shown at once; then the server is asked.
        same = account.account_id
        self._ask(same, lambda _desk: None, lambda _none: None, lambda _error: None)
        self._ask(same, contacts_work.follow, lambda _none: None, lambda _error: None)


_OF_THE_SERVER = frozenset(
    {
        FilesCause.UNREACHABLE, FilesCause.CERTIFICATE, FilesCause.NOT_ENCRYPTED,
        FilesCause.REFUSED, FilesCause.BROKEN, FilesCause.FAILED, FilesCause.INTERRUPTED,
    }
)  # fmt: skip

"""The user's files on servers, as the windows see them: questions with answers, and transfers.

Lives on the Qt thread; each account has a thread for looking, and transfers have threads of their
own. All `done` and `failed` are called on the Qt thread.
"""

from __future__ import annotations

import logging
import queue
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from PyQt6.QtCore import QObject, pyqtSignal

from myco_browser.bridge.files_transfers import Transfers
from myco_browser.domain.files import Entry, FilesCause
from myco_browser.domain.hosts import is_local_host
from myco_browser.files.errors import FilesError
from myco_browser.files.http import Credentials
from myco_browser.files.nextcloud import Flow, Nextcloud, begin_login, poll_login, server_of
from myco_browser.files.webdav import WebDav
from myco_browser.services.files_accounts import FilesAccount, FilesAccounts
from myco_browser.services.files_carrying import fetch_harmless
from myco_browser.services.files_setup import account_of, servers_for, set_up
from myco_browser.services.mail_passwords import KeeperError, MailPasswords
from myco_browser.services.one_passphrase import OnePassphrase
from myco_browser.system.dialled import Way

_log = logging.getLogger(__name__)
T = TypeVar("T")

_SERVICE = "myco-files"
_ABOUT = b"myco-files secrets 1"
_POLL_S = 2.0
_LOGIN_S = 20 * 60.0
"""How long Nextcloud keeps a sign-in open."""
_PROGRAM = "Myco Browser"


class Back(Protocol):
    """The way back to the Qt thread."""

    def to_qt(self, act: Callable[[], None]) -> None: ...


class Granting(Protocol):
    """The door."""

    def grant_local(self, host: str, port: int | None) -> bool: ...


class FilesPorts(NamedTuple):
    """What files are built on."""

    folder: Path
    way: Way
    back: Back
    door: Granting
    one: OnePassphrase | None = None
    """The passphrase that files of passwords have in common."""


class Room(NamedTuple):
    """What a question may use: the files, and what a Nextcloud adds (None elsewhere)."""

    dav: WebDav
    cloud: Nextcloud | None


@dataclass(slots=True)
class _Clerk:
    """A thread that answers one question after another for one account."""

    questions: queue.SimpleQueue[Callable[[], None] | None]
    thread: threading.Thread
    room: Room | None = None


class Files(QObject):
    """All accounts of the everyday session."""

    accounts_changed = pyqtSignal()
    password_removed = pyqtSignal(str)  # of an account that is gone; why it is still kept, or ""
    folder_changed = pyqtSignal(str, str)  # account and path: something in it is new
    opened = pyqtSignal()  # a passphrase was typed: what wanted one may ask again

    def __init__(self, ports: FilesPorts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ports = ports
        self._accounts = FilesAccounts(ports.folder / "accounts.json")
        one = ports.one if ports.one is not None else OnePassphrase()
        self._passwords = MailPasswords(ports.folder, _SERVICE, _ABOUT, one)
        one.observe(lambda: ports.back.to_qt(self._on_opened))
        self._clerks: dict[str, _Clerk] = {}
        self._place = ("", "")
        self._login = threading.Event()
        self.transfers = Transfers(
            ports.folder / "transfers.json", self._open, ports.back, self.folder_changed.emit, self
        )
        self._clear_up()
        for account in self._accounts.all:
            self._allow(account)

    @property
    def accounts(self) -> tuple[FilesAccount, ...]:
        """All accounts."""
        return self._accounts.all

    def ask_keeper(self, done: Callable[[bool, bool], None]) -> None:
        """Whether a passphrase is wanted for passwords, and whether it is still to be chosen."""
        # Beside the Qt thread: a keyring is another program, and takes its time.
        passwords = self._passwords
        self._beside(
            lambda: (passwords.needs_passphrase, passwords.is_new),
            lambda found: done(*found),
            lambda _cause: None,
        )

    def unlock(self, passphrase: str, done: Callable[[bool], None]) -> None:
        """Takes the passphrase; `done` hears False when it is wrong."""

        def try_it() -> bool:
            try:
                if self._passwords.needs_passphrase:
                    self._passwords.unlock(passphrase)
            except KeeperError:
                return False
            return True

        self._beside(try_it, done, lambda _cause: None)

    def _on_opened(self) -> None:
        """Passwords were opened, here or by mail: what waited for them goes on."""
        self.start()
        self.opened.emit()

    def start(self) -> None:
        """Goes on with what was on its way; without the passwords, it waits."""
        if self._accounts.all:
            self.ask_keeper(lambda locked, _new: None if locked else self.transfers.start())

    def end(self) -> None:
        """Ends everything; what is on its way goes on the next time."""
        self._login.set()
        self.transfers.end()
        for clerk in self._clerks.values():
            clerk.questions.put(None)
            if (room := clerk.room) is not None:
                room.dav.line.cancel()
        for clerk in self._clerks.values():
            clerk.thread.join(1.0)

    # Accounts

    def set_up(
        self, text: str, user: str, password: str, done: Callable[[FilesAccount | FilesCause], None]
    ) -> None:
        """Looks for a server that takes the password; a found account is kept."""
        for server in servers_for(text):
            if is_local_host(server.host):
                usual = 443 if server.scheme == "https" else 80
                self._ports.door.grant_local(server.host.strip("[]"), server.port or usual)
        way = self._ports.way

        def run() -> FilesAccount:
            return self._with_password(set_up(way, text, user, password), password)

        self._beside(run, lambda account: self._keep(account, done), done)

    def sign_in(
        self,
        text: str,
        show: Callable[[str], None],
        done: Callable[[FilesAccount | FilesCause], None],
    ) -> None:
        """Begins a sign-in on a Nextcloud's page, which `show` is given; then waits for it."""
        self._login.set()
        self._login = over = threading.Event()
        way = self._ports.way

        def run() -> FilesAccount:
            servers = servers_for(text)
            if not servers:
                raise FilesError(FilesCause.UNREACHABLE, "no address")
            flow: Flow = begin_login(way, servers[0], _PROGRAM)
            self._ports.back.to_qt(lambda: None if over.is_set() else show(flow.page))
            for _turn in range(int(_LOGIN_S / _POLL_S)):
                if over.wait(_POLL_S):
                    raise FilesError(FilesCause.INTERRUPTED, "given up")
                granted = poll_login(way, servers[0], flow)
                if granted is not None:
                    return self._with_password(account_of(granted, way), granted.password)
            raise FilesError(FilesCause.REFUSED, "nobody agreed")

        self._beside(run, lambda account: self._keep(account, done), done)

    def give_up_sign_in(self) -> None:
        """Nobody waits for the sign-in any more."""
        self._login.set()

    def remove(self, account_id: str) -> None:
        """Forgets an account and its password; the server's files stay. Raises OSError."""
        self.transfers.forget(account_id)
        self._accounts.remove(account_id)
        if (clerk := self._clerks.pop(account_id, None)) is not None:
            clerk.questions.put(None)

        self._beside(
            lambda: self._passwords.forget(account_id),
            self.password_removed.emit,
            lambda _cause: None,
        )
        self.accounts_changed.emit()

    def _with_password(self, account: FilesAccount, password: str) -> FilesAccount:
        """Keeps the password first, beside the Qt thread: a keyring may ask the user."""
        try:
            self._passwords.put(account.account_id, password)
        except KeeperError as error:
            raise FilesError(FilesCause.FAILED, str(error)) from error
        return account

    def _keep(
        self, account: FilesAccount, done: Callable[[FilesAccount | FilesCause], None]
    ) -> None:
        try:
            self._accounts.put(account)
        except OSError as error:
            _log.warning("the account cannot be kept: %s", error)
            done(FilesCause.FAILED)
            return
        self._allow(account)
        self.accounts_changed.emit()
        done(account)

    def _allow(self, account: FilesAccount) -> None:
        address = account.address
        if is_local_host(address.host):
            usual = 443 if address.scheme == "https" else 80
            self._ports.door.grant_local(address.host.strip("[]"), address.port or usual)

    # Places

    @property
    def place(self) -> tuple[str, str]:
        """The account and folder that the user looked at last; those of the first, at first."""
        if self.find(self._place[0]) is None and self.accounts:
            self._place = (self.accounts[0].account_id, "")
        return self._place

    def look_at(self, account_id: str, path: str) -> None:
        """The user looks at a folder."""
        self._place = (account_id, path)

    def find(self, account_id: str) -> FilesAccount | None:
        """An account."""
        return self._accounts.find(account_id)

    @property
    def outgoing_folder(self) -> Path:
        """Where lies what was made to be sent."""
        return self._ports.folder / "outgoing"

    @property
    def dragged_folder(self) -> Path:
        """Where files lie that were dragged out; emptied with each start."""
        return self._ports.folder / "dragged"

    def _clear_up(self) -> None:
        """What was left by a session that was killed; what is still to be sent stays."""
        shutil.rmtree(self.dragged_folder, ignore_errors=True)
        wanted = {Path(one.local).parent for one in self.transfers.all}
        for folder in self.outgoing_folder.glob("*"):
            if folder not in wanted:
                shutil.rmtree(folder, ignore_errors=True)

    # Questions

    def has_cloud(self, account_id: str) -> bool:
        """Whether the server can share links and has a bin, as Nextcloud does."""
        account = self._accounts.find(account_id)
        return account is not None and server_of(account.address) is not None

    def ask(
        self,
        account_id: str,
        work: Callable[[Room], T],
        done: Callable[[T], None],
        failed: Callable[[FilesCause], None],
    ) -> None:
        """Lets `work` run in the thread of an account, after what was asked before."""
        clerk = self._clerks.get(account_id) or self._employ(account_id)
        to_qt = self._ports.back.to_qt

        def run() -> None:
            try:
                if clerk.room is None:
                    clerk.room = self._room(account_id)
                value = work(clerk.room)
            except FilesError as error:
                _log.info("files: %s", error)
                cause = error.cause
                to_qt(lambda: failed(cause))
            else:
                to_qt(lambda: done(value))

        clerk.questions.put(run)

    def fetch_aside(
        self,
        account_id: str,
        entries: Sequence[Entry],
        folder: Path,
        done: Callable[[tuple[Path, ...]], None],
        failed: Callable[[FilesCause], None],
    ) -> None:
        """Fetches a few files into a folder of their own, over a connection of its own.

        What can do harm is not fetched that way: there, nobody is asked a second time.
        """

        def work() -> tuple[Path, ...]:
            dav = self._open(account_id)
            try:
                return fetch_harmless(dav, entries, folder)
            finally:
                dav.line.close()

        self._beside(work, done, failed)

    def _employ(self, account_id: str) -> _Clerk:
        questions: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()

        def serve() -> None:
            while (question := questions.get()) is not None:
                try:
                    question()
                except Exception:
                    _log.exception("a question about files failed")

        thread = threading.Thread(target=serve, name="myco-files", daemon=True)
        self._clerks[account_id] = clerk = _Clerk(questions, thread)
        thread.start()
        return clerk

    def _room(self, account_id: str) -> Room:
        dav = self._open(account_id)
        account = self._accounts.find(account_id)
        if account is None or server_of(account.address) is None:
            return Room(dav, None)
        return Room(dav, Nextcloud(self._ports.way, account.address, self._credentials(account)))

    def _open(self, account_id: str) -> WebDav:
        """A connection of its own to an account. From any thread; raises FilesError."""
        account = self._accounts.find(account_id)
        if account is None:
            raise FilesError(FilesCause.GONE, "no such account")
        return WebDav(self._ports.way, account.address, self._credentials(account))

    def _credentials(self, account: FilesAccount) -> Credentials:
        try:
            return Credentials(account.user, self._passwords.get(account.account_id))
        except KeeperError as error:
            raise FilesError(FilesCause.REFUSED, str(error)) from error

    def _beside(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[FilesCause], None],
    ) -> None:
        to_qt = self._ports.back.to_qt

        def run() -> None:
            try:
                value = work()
            except FilesError as error:
                _log.info("files: %s", error)
                cause = error.cause
                to_qt(lambda: failed(cause))
            else:
                to_qt(lambda: done(value))

        threading.Thread(target=run, name="myco-files", daemon=True).start()

"""The user's mail, as the windows see it: what is known at once, and news as signals.

Lives on the Qt thread; each account has a thread that works and one that watches. All `done` and
`failed` are called on the Qt thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from PyQt6.QtCore import QObject, pyqtSignal

from myco_browser.bridge.mail_acts import MailActs
from myco_browser.bridge.mail_ports import MailPorts
from myco_browser.bridge.outbox import OutTray
from myco_browser.bridge.sign_in import SignIn
from myco_browser.domain.hosts import is_local_host
from myco_browser.domain.mail import (
    Account,
    Folder,
    MailState,
    Offline,
    RefusalCause,
    Refused,
    Summary,
    Watching,
)
from myco_browser.domain.oauth import Token
from myco_browser.mail.errors import MailError
from myco_browser.mail.imap_answers import Counts
from myco_browser.mail.presets import Candidate
from myco_browser.services import mail_jobs
from myco_browser.services.mail_accounts import MailAccounts
from myco_browser.services.mail_passwords import KeeperError
from myco_browser.services.mail_post import Desk, Post
from myco_browser.services.mail_setup import NoAccount, set_up, try_candidate
from myco_browser.services.mail_watch import Watcher
from myco_browser.services.oauth import Grant
from myco_browser.services.oauth_keeper import Secrets

_log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(slots=True)
class _Running:
    account: Account
    post: Post
    watcher: Watcher
    state: MailState
    folders: tuple[Folder, ...] = ()
    unread: int = 0


class Mail(QObject):
    """All accounts of the everyday session."""

    accounts_changed = pyqtSignal()
    state_changed = pyqtSignal(str)
    folders_changed = pyqtSignal(str)
    unread_changed = pyqtSignal(int)
    password_removed = pyqtSignal(str)  # of an account that is gone; why it is still kept, or ""
    folder_changed = pyqtSignal(str, str)  # account and path: something in it is new
    arrived = pyqtSignal(str, str, object)  # account, path and summaries
    opened = pyqtSignal()  # a passphrase was typed: what wanted one may ask again

    def __init__(self, ports: MailPorts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ports = ports
        self._accounts = MailAccounts(ports.folder / "accounts.json")
        self._passwords = Secrets(ports.folder, ports.way, ports.one)
        ports.one.observe(lambda: ports.beside.to_qt(self._on_opened))
        self._running: dict[str, _Running] = {}
        self.more_people: Callable[[str], list[tuple[str, str]]] = lambda _text: []
        """Names and addresses that are known from elsewhere, for completing what is typed."""
        self.sign_in = SignIn(ports)
        self.out = OutTray(ports, self._passwords, self._accounts.find, self)
        self.acts = MailActs(self.out, self, self)

    # What is known

    @property
    def accounts(self) -> tuple[Account, ...]:
        """All accounts."""
        return self._accounts.all

    @property
    def passwords(self) -> Secrets:
        """Where the passwords are; contacts of the same user share it, and so its passphrase."""
        return self._passwords

    @property
    def unread(self) -> int:
        """Unread messages in all inboxes, as the servers count them."""
        return sum(one.unread for one in self._running.values())

    def state(self, account_id: str) -> MailState:
        """What an account is doing."""
        running = self._running.get(account_id)
        return running.state if running is not None else Offline()

    def folders(self, account_id: str) -> tuple[Folder, ...]:
        """The folders of an account, as far as they are known."""
        running = self._running.get(account_id)
        return running.folders if running is not None else ()

    def beside(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Does what takes long beside the windows."""
        self._ports.beside.compute(work, done)

    # From the start to the end

    def start(self) -> None:
        """Begins to watch every account."""
        for account in self._accounts.all:
            if account.account_id not in self._running:
                self._run(account)
        if self._accounts.all:
            self.out.start()

    def end(self) -> None:
        """Ends everything; what was asked for is done first, if it does not take long."""
        running, self._running = self._running, {}
        for one in running.values():
            one.watcher.end(0.0)
        self.out.end()
        for one in running.values():
            one.post.ask(mail_jobs.perform_acts)
            one.post.end()
            one.watcher.end()

    def look_again(self) -> None:
        """The network has changed: what waits, or may be dead, connects anew."""
        for one in self._running.values():
            if not isinstance(one.state, Refused):
                one.watcher.retry()
        self.out.hurry()

    def retry(self, account_id: str) -> None:
        """The user wants it tried again."""
        if (one := self._running.get(account_id)) is not None:
            one.watcher.retry()

    # Accounts

    def set_up(
        self, address: str, password: str, name: str, done: Callable[[Account | NoAccount], None]
    ) -> None:
        """Looks for servers that take the password; a found account is kept and watched."""
        ports, colour = self._ports, self._accounts.next_colour()

        async def run() -> Account | NoAccount:
            return await set_up(
                address, password, name, colour, ports.fetcher, ports.way, ports.locate
            )

        self._set_up(run, password, done)

    def set_up_signed_in(
        self, address: str, grant: Grant, name: str, done: Callable[[Account | NoAccount], None]
    ) -> None:
        """The same with what the user agreed to on the provider's page."""
        ports, colour, token = self._ports, self._accounts.next_colour(), Token(grant.access)

        async def run() -> Account | NoAccount:
            return await set_up(
                address, token, name, colour, ports.fetcher, ports.way, ports.locate
            )

        self._set_up(run, grant.text(), done)

    def set_up_at(
        self,
        candidate: Candidate,
        address: str,
        password: str,
        name: str,
        done: Callable[[Account | NoAccount], None],
    ) -> None:
        """The same with servers that the user typed."""
        for server in (candidate.imap, candidate.smtp):
            self._grant(server.host, server.port)
        ports, colour = self._ports, self._accounts.next_colour()

        async def run() -> Account | NoAccount:
            return await try_candidate(candidate, address, password, name, colour, ports.way)

        self._set_up(run, password, done)

    def _set_up(
        self,
        find: Callable[[], Coroutine[Any, Any, Account | NoAccount]],
        password: str,
        done: Callable[[Account | NoAccount], None],
    ) -> None:
        to_qt = self._ports.beside.to_qt

        async def run() -> None:
            found = await find()
            to_qt(lambda: self._set_up_done(found, password, done))

        self._ports.beside.start(run)

    def _set_up_done(
        self, found: Account | NoAccount, password: str, done: Callable[[Account | NoAccount], None]
    ) -> None:
        if isinstance(found, NoAccount):
            done(found)
            return
        account = found

        def keep() -> str:
            try:
                self._passwords.put(account.account_id, password)
            except KeeperError as error:
                return str(error)
            return ""

        def kept(problem: str) -> None:
            if problem:
                _log.warning("the password cannot be kept: %s", problem)
            self._accounts.put(account)
            self._run(account)
            self.accounts_changed.emit()
            done(account)

        self._ports.beside.compute(keep, kept)

    def change(self, account: Account) -> None:
        """Keeps what was changed of an account. Raises OSError."""
        self._accounts.put(account)
        if (one := self._running.get(account.account_id)) is not None:
            one.account = account
            one.watcher.told_folders = frozenset(account.told_folders)
        self.accounts_changed.emit()

    def remove(self, account_id: str) -> None:
        """Forgets an account with everything that is kept of it; the server keeps its mail."""
        one = self._running.pop(account_id, None)
        self._accounts.remove(account_id)
        self.out.work(lambda outbox: outbox.acts.forget_account(account_id))

        def forget() -> str:
            if one is not None:
                one.watcher.end()
                one.post.end()
            for suffix in ("", "-wal", "-shm", ".broken"):
                self._store_path(account_id, suffix).unlink(missing_ok=True)
            return self._passwords.forget(account_id)

        self._ports.beside.compute(forget, self.password_removed.emit)
        self.accounts_changed.emit()
        self.unread_changed.emit(self.unread)

    def change_password(self, account_id: str, password: str) -> None:
        """Keeps another password and tries it."""
        self._ports.beside.compute(
            lambda: self._passwords.put(account_id, password),
            lambda _none: self.retry(account_id),
        )

    def ask_keeper(self, done: Callable[[bool, bool], None]) -> None:
        """Whether a passphrase is wanted for passwords, and whether it is still to be chosen."""
        self._ports.beside.compute(
            lambda: (self._passwords.needs_passphrase, self._passwords.is_new),
            lambda found: done(*found),
        )

    def unlock(self, passphrase: str, done: Callable[[str], None]) -> None:
        """Unlocks the passwords; `done` hears what is wrong, or ""."""

        def try_it() -> str:
            try:
                self._passwords.unlock(passphrase)
            except KeeperError as error:
                return str(error)
            return ""

        self._ports.beside.compute(try_it, done)

    def _on_opened(self) -> None:
        """Passwords were opened, here or by files: what waited for them goes on."""
        for one in self._running.values():
            if isinstance(one.state, Refused) and one.state.cause is RefusalCause.LOCKED:
                one.watcher.retry()
        self.out.hurry()
        self.opened.emit()

    # Messages

    def ask(
        self,
        account_id: str,
        work: Callable[[Desk], T],
        done: Callable[[T], None] = lambda _value: None,
        failed: Callable[[MailError], None] = lambda _error: None,
        *,
        later: bool = False,
    ) -> None:
        """Does `work` (one of `mail_jobs`) in the account's thread."""
        if (one := self._running.get(account_id)) is not None:
            one.post.ask(work, done, failed, later=later)

    # Inside

    def _run(self, account: Account) -> None:
        ports = self._ports
        for server in (account.imap, account.smtp):
            self._grant(server.host, server.port)
        identity = account.account_id
        path = self._store_path(identity)
        deliver = ports.beside.to_qt
        post = Post(account, ports.way, self._passwords, path, self.out.path, deliver, ports.report)
        watcher = Watcher(account, ports.way, self._passwords, _Relay(self, deliver))
        self._running[identity] = _Running(account, post, watcher, Offline())
        post.ask(mail_jobs.kept_folders, lambda found: self._take_folders(identity, found))
        post.ask(mail_jobs.kept_acts, lambda kept: self.acts.resume(identity, kept))
        post.ask(mail_jobs.forget_old, later=True)
        watcher.start()

    def _grant(self, host: str, port: int) -> None:
        if is_local_host(host):
            self._ports.door.grant_local(host, port)

    def _store_path(self, account_id: str, suffix: str = "") -> Path:
        return self._ports.folder / f"{account_id}.sqlite{suffix}"

    def _take_folders(self, account_id: str, found: tuple[Folder, ...]) -> None:
        if (one := self._running.get(account_id)) is not None and found:
            one.folders = found
            self.folders_changed.emit(account_id)

    def take_state(self, account_id: str, state: MailState) -> None:
        """From the watch."""
        one = self._running.get(account_id)
        if one is None or one.state == state:
            return
        one.state = state
        self.state_changed.emit(account_id)
        if isinstance(state, Watching):
            self.acts.perform(account_id)
            self.refresh_folders(account_id)

    def refresh_folders(self, account_id: str) -> None:
        """Asks the server for the folders."""
        self.ask(account_id, mail_jobs.folders, lambda f: self._take_folders(account_id, f))

    def take_counts(self, account_id: str, path: str, counts: Counts) -> None:
        """From the watch."""
        one = self._running.get(account_id)
        if one is None:
            return
        if path == "INBOX" and one.unread != counts.unread:
            one.unread = counts.unread
            self.unread_changed.emit(self.unread)

        def keep(desk: Desk) -> tuple[Folder, ...]:
            desk.store.keep_counts(path, counts.total, counts.unread)
            return desk.store.folders()

        one.post.ask(keep, lambda found: self._take_folders(account_id, found))

    def take_arrived(self, account_id: str, path: str, new: Sequence[Summary]) -> None:
        """From the watch."""
        self.ask(account_id, lambda desk: mail_jobs.note_arrived(desk, path, new))
        self.arrived.emit(account_id, path, new)


class _Relay:
    """Brings what the watch tells to the Qt thread."""

    def __init__(self, mail: Mail, deliver: Callable[[Callable[[], None]], None]) -> None:
        self._mail = mail
        self._deliver = deliver

    def state_changed(self, account_id: str, state: MailState) -> None:
        self._deliver(lambda: self._mail.take_state(account_id, state))

    def counted(self, account_id: str, path: str, counts: Counts) -> None:
        self._deliver(lambda: self._mail.take_counts(account_id, path, counts))

    def arrived(self, account_id: str, path: str, new: Sequence[Summary]) -> None:
        self._deliver(lambda: self._mail.take_arrived(account_id, path, new))

    def changed(self, account_id: str, path: str) -> None:
        self._deliver(lambda: self._mail.folder_changed.emit(account_id, path))

"""The thread that works for one account: what the user asks for, in order, over one connection.

Work is a function of a `Desk`. It is given what is kept on this computer at once, and the server
when it asks for it.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from myco_browser.domain.mail import Account, RefusalCause
from myco_browser.mail.errors import MailError, RefusedError, UnreachableError
from myco_browser.mail.imap import ImapSession
from myco_browser.services.database import Report
from myco_browser.services.mail_acts import Acts
from myco_browser.services.mail_outbox import acts_at
from myco_browser.services.mail_passwords import (
    KeeperError,
    LockedError,
    MissingError,
)
from myco_browser.services.mail_store import MailStore
from myco_browser.services.mail_sync import FolderNews, sync_folder
from myco_browser.system.dialled import Way

_log = logging.getLogger(__name__)
T = TypeVar("T")

Deliver = Callable[[Callable[[], None]], None]
"""Calls something in the thread of the windows, soon."""

_SOON, _LATER = 0, 1


class PasswordSource(Protocol):
    """Gives passwords, or tokens. May block, and raises KeeperError.

    `refuse` is told of one that a server did not take; whether another try may have a new one.
    """

    def get(self, account_id: str) -> str: ...

    def refuse(self, token: str) -> bool: ...


def password_of(passwords: PasswordSource, account: Account) -> str:
    """The password. Raises RefusedError: only the user can do something then."""
    try:
        return passwords.get(account.account_id)
    except LockedError as error:
        raise RefusedError(RefusalCause.LOCKED) from error
    except MissingError as error:
        raise RefusedError(RefusalCause.NO_PASSWORD) from error
    except KeeperError as error:
        raise RefusedError(RefusalCause.NO_PASSWORD, str(error)) from error


def open_session(way: Way, account: Account, passwords: PasswordSource) -> ImapSession:
    """A connection that is logged in; a token that is refused is renewed once. MailError."""
    password = password_of(passwords, account)
    try:
        return ImapSession(way, account, password)
    except RefusedError as error:
        if error.cause is not RefusalCause.PASSWORD or not passwords.refuse(password):
            raise
    return ImapSession(way, account, password_of(passwords, account))


class Desk:
    """What work is given; it belongs to the thread that works."""

    def __init__(
        self,
        account: Account,
        way: Way,
        passwords: PasswordSource,
        store: MailStore,
        acts: Acts,
    ) -> None:
        self.account = account
        self.store = store
        self.acts = acts
        self._way = way
        self._passwords = passwords
        self._session: ImapSession | None = None
        self._path = ""
        self._uidvalidity = 0

    def session(self) -> ImapSession:
        """The connection, made when it is not there. Raises MailError."""
        if self._session is None:
            self._session = open_session(self._way, self.account, self._passwords)
        return self._session

    def enter(self, path: str) -> ImapSession:
        """The connection with that folder open. Raises MailError."""
        session = self.session()
        if self._path != path:
            self._path = ""
            self._uidvalidity = session.select(path).uidvalidity
            self._path = path
        return session

    def uidvalidity(self, path: str) -> int:
        """How the folder is numbered (RFC 3501, 2.3.1.1). Raises MailError."""
        self.enter(path)
        return self._uidvalidity

    def sync(self, path: str) -> FolderNews:
        """Brings what is kept of a folder up to date. Raises MailError."""
        session = self.session()
        self._path = ""
        news = sync_folder(session, self.store, path)
        self._path, self._uidvalidity = path, news.uidvalidity
        return news

    def hang_up(self, *, politely: bool = False) -> bool:
        """Ends the connection; whether there was one."""
        session, self._session, self._path = self._session, None, ""
        if session is None:
            return False
        session.close() if politely else session.cut()
        return True

    def cut(self) -> None:
        """From another thread: whatever waits for the server stops waiting."""
        if (session := self._session) is not None:
            session.cut()


class Post:
    """Does one thing after the other. `deliver` brings results to the thread of the windows."""

    def __init__(
        self,
        account: Account,
        way: Way,
        passwords: PasswordSource,
        path: Path,
        outbox: Path,
        deliver: Deliver,
        report: Report,
    ) -> None:
        self._account = account
        self._way = way
        self._passwords = passwords
        self._path = path
        self._outbox = outbox
        self._deliver = deliver
        self._report = report
        self._numbers = itertools.count()
        self._jobs: queue.PriorityQueue[tuple[int, int, Callable[[Desk], None] | None]]
        self._jobs = queue.PriorityQueue()
        self._desk: Desk | None = None
        self._ending = False
        name = f"myco-mail-{account.account_id}"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def ask(
        self,
        work: Callable[[Desk], T],
        done: Callable[[T], None] = lambda _value: None,
        failed: Callable[[MailError], None] = lambda _error: None,
        *,
        later: bool = False,
    ) -> None:
        """Does `work` in the thread; then `done` or `failed` is called with what came of it."""

        def job(desk: Desk) -> None:
            try:
                value = _twice(desk, work)
            except MailError as error:
                # An exception's name ends with its block.
                problem = error
                _log.info("mail work failed: %r", error)
                self._deliver(lambda: failed(problem))
            except Exception as error:
                # Whoever waits for an answer gets one, whatever happened.
                _log.exception("work for a mail account failed")
                surprise = MailError(f"{type(error).__name__}: {error}"[:300])
                self._deliver(lambda: failed(surprise))
            else:
                self._deliver(lambda: done(value))

        self._jobs.put((_LATER if later else _SOON, next(self._numbers), job))

    def end(self, patience_s: float = 2.0) -> None:
        """Does what is asked for already, then ends; what takes too long is cut off."""
        self._ending = True
        self._jobs.put((_SOON, next(self._numbers), None))
        self._thread.join(patience_s)
        if self._thread.is_alive() and self._desk is not None:
            self._desk.cut()
            self._thread.join(patience_s)

    def _run(self) -> None:
        store = MailStore(self._path, self._report)
        acts = acts_at(self._outbox, self._report)
        self._desk = desk = Desk(self._account, self._way, self._passwords, store, acts)
        try:
            while (job := self._jobs.get()[2]) is not None:
                job(desk)
        finally:
            desk.hang_up(politely=True)
            store.close()
            acts.close()


def _twice(desk: Desk, work: Callable[[Desk], T]) -> T:
    """A connection that stood for a while may be dead without our knowing: then once more."""
    try:
        return work(desk)
    except UnreachableError:
        if not desk.hang_up():
            raise
    except MailError:
        # What is left of an answer must not be taken for that of the next question.
        with contextlib.suppress(MailError):
            desk.hang_up()
        raise
    return work(desk)

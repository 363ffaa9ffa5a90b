"""The thread that watches one account: new mail is told at once, counts are kept true.

It idles on the inbox (RFC 2177). Where the server can tell of the other folders by itself (RFC
5465) it is asked to, else their counts are asked for now and then. When the connection breaks it
comes back by itself, later each time; when the server does not want us it waits for the user.
"""

from __future__ import annotations

import contextlib
import logging
import os
import random
import select
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from myco_browser.domain.mail import (
    Account,
    Backoff,
    Connecting,
    Folder,
    MailState,
    Offline,
    Refused,
    Role,
    Summary,
    Watching,
)
from myco_browser.mail.errors import MailError, RefusedError, UnreachableError
from myco_browser.mail.imap import ImapSession
from myco_browser.mail.imap_answers import Counts, FolderCounts, counts_in
from myco_browser.services.mail_post import PasswordSource, open_session
from myco_browser.system.dialled import Way

_log = logging.getLogger(__name__)

SWEEP_S = 120.0
# Where the server tells by itself; idling has to be begun anew before 29 minutes (RFC 2177).
_TOLD_SWEEP_S = 1500.0
_POLL_S = 60.0
_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 300.0
_INBOX = "INBOX"
_MOST_NEW = 500


class Listener(Protocol):
    """Who is told; called in the thread that watches."""

    def state_changed(self, account_id: str, state: MailState) -> None: ...

    def counted(self, account_id: str, path: str, counts: Counts) -> None: ...

    def arrived(self, account_id: str, path: str, new: Sequence[Summary]) -> None: ...

    def changed(self, account_id: str, path: str) -> None: ...


class Watcher:
    """Watches from `start` to `end`."""

    def __init__(
        self,
        account: Account,
        way: Way,
        passwords: PasswordSource,
        listener: Listener,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._account = account
        self._way = way
        self._passwords = passwords
        self._listener = listener
        self._chance = chance
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._ending = False
        self._again = False
        self._session: ImapSession | None = None
        self._uidvalidity = 0
        self._last_uid: int | None = None
        self._counts: dict[str, Counts] = {}
        self.told_folders = frozenset(account.told_folders)
        """Those whose new messages are told one by one; may be replaced by any thread."""
        name = f"myco-watch-{account.account_id}"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def retry(self) -> None:
        """The network has changed, or the user did something: tries at once."""
        self._again = True
        os.eventfd_write(self._wake, 1)

    def end(self, patience_s: float = 2.0) -> None:
        """Stops."""
        self._ending = True
        os.eventfd_write(self._wake, 1)
        if (session := self._session) is not None:
            session.cut()
        self._thread.join(patience_s)

    def _run(self) -> None:
        wait = _FIRST_WAIT_S
        while not self._is_ending():
            self._say(Connecting())
            began = time.monotonic()
            try:
                self._watch()
            except RefusedError as error:
                _log.info("mail server refuses: %s", error)
                self._say(Refused(error.cause))
                self._pause(None)
                wait = _FIRST_WAIT_S
            except MailError as error:
                if self._is_ending():
                    break
                if time.monotonic() - began > _LONGEST_WAIT_S:
                    wait = _FIRST_WAIT_S
                seconds = wait * (0.75 + self._chance() / 2)
                self._say(Backoff(seconds, str(error)))
                wait = _FIRST_WAIT_S if self._pause(seconds) else min(wait * 2, _LONGEST_WAIT_S)
            except Exception:
                _log.exception("watching a mail account failed")
                self._say(Backoff(_LONGEST_WAIT_S))
                self._pause(_LONGEST_WAIT_S)
            finally:
                session, self._session = self._session, None
                if session is not None:
                    session.close() if self._is_ending() else session.cut()
        self._listener.state_changed(self._account.account_id, Offline())

    def _is_ending(self) -> bool:
        return self._ending  # set by another thread

    def _say(self, state: MailState) -> None:
        self._listener.state_changed(self._account.account_id, state)

    def _pause(self, seconds: float | None) -> bool:
        """Waits; whether somebody asked to go on before the time."""
        poll = select.poll()
        poll.register(self._wake, select.POLLIN)
        woken = bool(poll.poll(None if seconds is None else seconds * 1000))
        self._drain()
        return woken

    def _drain(self) -> None:
        self._again = False
        with contextlib.suppress(BlockingIOError):
            os.eventfd_read(self._wake)

    def _watch(self) -> None:
        """Watches until something breaks. Raises MailError."""
        session = open_session(self._way, self._account, self._passwords)
        self._session = session
        self._drain()
        selected = session.select(_INBOX, readonly=True)
        if selected.uidvalidity != self._uidvalidity:
            self._uidvalidity, self._last_uid = selected.uidvalidity, None
        pause = _TOLD_SWEEP_S if session.tell_folders() else SWEEP_S
        # Without being told, the counts are asked for at once.
        sweep_at = time.monotonic() + pause if pause == _TOLD_SWEEP_S else 0.0
        self._take_told(session)
        self._look(session)
        self._say(Watching())
        while not self._ending:
            if time.monotonic() >= sweep_at:
                self._sweep(session)
                sweep_at = time.monotonic() + pause
            lines = self._wait(session, sweep_at)
            if lines is None:
                return
            told = [counts_in(line) for line in lines]
            session.told += [one for one in told if one is not None]
            looked_elsewhere = self._take_told(session)
            if looked_elsewhere or None in told or not lines:
                self._look(session)

    def _wait(self, session: ImapSession, until: float) -> list[bytes] | None:
        """What the server says until then; None when the connection is to be made anew."""
        left = max(0.0, until - time.monotonic())
        if not session.can_idle:
            if self._pause(min(_POLL_S, left)):
                return None
            session.ask_for_news()
            return []
        with session.idling() as wire:
            lines = [] if session.takes_news() else wire.wait_for_news(self._wake, left)
        upper = [line.upper() for line in lines or ()]
        if any(line.startswith(b"* BYE") for line in upper):
            raise UnreachableError("the server said goodbye")
        if any(b"[NOTIFICATIONOVERFLOW" in line for line in upper):
            raise UnreachableError("the server does not tell of folders any more")
        return lines

    def _look(self, session: ImapSession) -> None:
        """Tells what is new in the inbox."""
        account_id = self._account.account_id
        if self._last_uid is None:
            self._last_uid = max(session.uids(), default=0)
        else:
            # Only then: what was not told before the connection broke is told after it.
            self._last_uid = max(self._tell_newer(session, _INBOX, self._last_uid), self._last_uid)
        self._listener.changed(account_id, _INBOX)
        self._count(_INBOX, session.counts(_INBOX))

    def _tell_newer(self, session: ImapSession, path: str, uid: int) -> int:
        """Tells what came to the open folder after that message; the last of it, 0: nothing."""
        uids = session.newer_than(uid)
        new = [
            one
            for start in range(0, len(uids), _MOST_NEW)
            for one in session.summaries(uids[start : start + _MOST_NEW])
        ]
        if new:
            self._listener.arrived(self._account.account_id, path, new)
        return max(uids, default=0)

    def _sweep(self, session: ImapSession) -> None:
        for folder in session.folders():
            if folder.role is Role.INBOX or not folder.selectable:
                continue
            counts = _counts_or_none(session, folder)
            if counts is not None:
                session.told.append(FolderCounts(folder.path, counts, is_whole=True))
        if self._take_told(session):
            self._look(session)

    def _take_told(self, session: ImapSession) -> bool:
        """Takes what the server told of other folders; whether one of them had to be opened."""
        told, session.told = session.told, []
        opened = False
        for one in told:
            if one.path == _INBOX:
                continue  # it is looked at itself
            counts = one.counts if one.is_whole else _counts_or_none(session, one)
            if counts is not None:
                opened |= self._take_counts(session, one.path, counts)
        if opened:
            session.select(_INBOX, readonly=True)
        return opened

    def _take_counts(self, session: ImapSession, path: str, counts: Counts) -> bool:
        """Counts of a folder other than the inbox; whether it had to be opened."""
        before = self._counts.get(path)
        is_same = before is not None and before.uidvalidity == counts.uidvalidity
        opened = False
        first = before.next_uid if before is not None and is_same else 0
        if path in self.told_folders and 0 < first < counts.next_uid:
            session.select(path, readonly=True)
            self._tell_newer(session, path, first - 1)
            opened = True
        self._count(path, counts)
        if before is not None and before != counts:
            self._listener.changed(self._account.account_id, path)
        return opened

    def _count(self, path: str, counts: Counts) -> None:
        if self._counts.get(path) != counts:
            self._counts[path] = counts
            self._listener.counted(self._account.account_id, path, counts)


def _counts_or_none(session: ImapSession, folder: Folder | FolderCounts) -> Counts | None:
    try:
        return session.counts(folder.path)
    except (UnreachableError, RefusedError):
        raise
    except MailError:
        return None  # one that may be seen but not read

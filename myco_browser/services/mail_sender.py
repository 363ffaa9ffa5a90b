"""The threads of the outbox: one keeps what it is given, one sends and brings drafts to servers.

What is in doubt is looked for among the sent messages of the server; only when it is there does
anything happen by itself.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from myco_browser.domain.mail import DRAFT, SEEN, Account, RefusalCause, Role
from myco_browser.mail.errors import MailError, RefusedError, UnreachableError
from myco_browser.mail.imap import ImapSession
from myco_browser.mail.submission import DoubtError, submit
from myco_browser.services.database import Report
from myco_browser.services.mail_outbox import KeptDraft, Outbox, OutLetter, OutState
from myco_browser.services.mail_post import PasswordSource, open_session, password_of
from myco_browser.system.dialled import Way

_log = logging.getLogger(__name__)
T = TypeVar("T")

_FIRST_WAIT_S, _LONGEST_WAIT_S = 5.0, 600.0
_COPY_WAIT_S = 2.0
_LATER_S = 60.0
_PLACES = {Role.SENT: "Sent", Role.DRAFTS: "Drafts"}

Find = Callable[[str], Account | None]


class Sender:
    """Works from `start` to `end`. `changed` is called in its threads when the outbox changed."""

    def __init__(
        self,
        path: Path,
        way: Way,
        passwords: PasswordSource,
        find: Find,
        changed: Callable[[tuple[OutLetter, ...]], None],
        report: Report,
    ) -> None:
        self._path = path
        self._way = way
        self._passwords = passwords
        self._find = find
        self._changed = changed
        self._report = report
        self._jobs: queue.SimpleQueue[Callable[[Outbox], None] | None] = queue.SimpleQueue()
        self._ending = threading.Event()
        self._wake = threading.Event()
        self._opening = threading.Lock()
        self._unasked: set[str] = set()
        # What the user does is kept at once, however long a server takes meanwhile.
        self._keeping = threading.Thread(target=self._keep, name="myco-outbox", daemon=True)
        self._sending = threading.Thread(target=self._run, name="myco-sender", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._keeping.start()
        self._sending.start()

    def end(self, patience_s: float = 3.0) -> None:
        """Keeps what it was given, and stops after what is being sent."""
        self._jobs.put(None)
        self._keeping.join(patience_s)
        self._ending.set()
        self._wake.set()
        self._sending.join(patience_s)

    def ask(
        self,
        work: Callable[[Outbox], T],
        done: Callable[[T], None],
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        """Does `work` with the outbox, then calls `done`, both in a thread of its own.

        `failed` is called instead when the file could not be written.
        """

        def job(outbox: Outbox) -> None:
            try:
                value = work(outbox)
            except Exception:
                _log.exception("work for the outbox failed")
                failed()
            else:
                done(value)

        self._jobs.put(job)

    def _open(self) -> Outbox:
        with self._opening:  # a new file is made once
            return Outbox(self._path, self._report)

    def _keep(self) -> None:
        outbox = self._open()
        try:
            while (job := self._jobs.get()) is not None:
                job(outbox)
                self._tell(outbox)
                self._wake.set()
        finally:
            outbox.close()

    def _run(self) -> None:
        outbox = self._open()
        try:
            self._tell(outbox)
            self._settle_doubts(outbox)
            self._tell(outbox)
            while not self._ending.is_set():
                self._wake.clear()
                self._wake.wait(self._safe_step(outbox))
        finally:
            outbox.close()

    def _safe_step(self, outbox: Outbox) -> float | None:
        try:
            return self._step(outbox)
        except Exception:
            # A full disk, say: what waits is tried again instead of being forgotten.
            _log.exception("sending mail failed")
            return _LATER_S

    def _tell(self, outbox: Outbox) -> None:
        self._changed(outbox.all())

    def _settle_doubts(self, outbox: Outbox) -> None:
        """After a crash: what was being sent then may have been sent."""
        for letter in outbox.all():
            if letter.state is OutState.SENDING:
                self._settle(outbox, letter, "the browser ended while it was sent")

    def _settle_again(self, outbox: Outbox) -> None:
        """Those in doubt whose server could not be asked when it was time."""
        for letter in outbox.all():
            if letter.letter_id not in self._unasked:
                continue
            if letter.state is OutState.DOUBT:
                self._settle(outbox, letter, letter.problem)
            else:
                self._unasked.discard(letter.letter_id)

    def _settle(self, outbox: Outbox, letter: OutLetter, problem: str) -> None:
        account = self._find(letter.account_id)
        try:
            is_sent = account is not None and self._is_among_sent(account, letter.message_id)
        except MailError as error:
            _log.info("the sent messages cannot be looked at: %s", error)
            self._unasked.add(letter.letter_id)
        else:
            self._unasked.discard(letter.letter_id)
            if is_sent:
                outbox.mark(letter.letter_id, OutState.SENT, time.time())
                return
        outbox.mark(letter.letter_id, OutState.DOUBT, time.time(), problem)

    def _step(self, outbox: Outbox) -> float | None:
        """Sends what is due; in how many seconds there is more to do, None: not by itself."""
        self._bring_drafts(outbox)
        if self._unasked:
            self._settle_again(outbox)
        now, waits = time.time(), [_LATER_S] if outbox.drafts() or self._unasked else []
        for letter in outbox.all():
            if letter.state not in (OutState.WAITING, OutState.SENT):
                continue
            # A clock that was set back must not keep a message for long.
            wait = min(letter.due - now, _LONGEST_WAIT_S)
            if wait > 0:
                waits.append(wait)
            elif self._ending.is_set():
                break
            else:
                self._advance(outbox, letter)
                self._tell(outbox)
                waits.append(0.0)
        return min(waits, default=None)

    def _advance(self, outbox: Outbox, letter: OutLetter) -> None:
        account = self._find(letter.account_id)
        if account is None:
            outbox.mark(letter.letter_id, OutState.REFUSED, time.time(), "no account")
        elif letter.state is OutState.SENT:
            self._copy(outbox, letter, account)
        else:
            self._send(outbox, letter, account)

    def _send(self, outbox: Outbox, letter: OutLetter, account: Account) -> None:
        identity, raw = letter.letter_id, outbox.raw(letter.letter_id)
        later = time.time() + min(_FIRST_WAIT_S * 2**letter.tries, _LONGEST_WAIT_S)
        try:
            password = password_of(self._passwords, account)
            refused = submit(
                self._way, account, password, letter.recipients, raw,
                lambda: self._claim(outbox, identity),
            )  # fmt: skip
        except DoubtError as error:
            self._settle(outbox, letter, str(error))
        except UnreachableError as error:
            outbox.mark(identity, OutState.WAITING, later, str(error))
        except RefusedError as error:
            # Locked passwords will be unlocked: then it goes by itself.
            is_locked = error.cause is RefusalCause.LOCKED
            state = OutState.WAITING if is_locked else OutState.REFUSED
            outbox.mark(identity, state, later, error.cause.value)
        except MailError as error:
            outbox.mark(identity, OutState.REFUSED, later, str(error))
        else:
            if refused is None:
                return  # taken back in the last moment
            words = "; ".join(f"{who}: {why}" for who, why in refused.items())
            outbox.mark(identity, OutState.SENT, time.time(), words)

    def _claim(self, outbox: Outbox, letter_id: str) -> bool:
        is_ours = outbox.claim(letter_id)
        self._tell(outbox)
        return is_ours

    def _copy(self, outbox: Outbox, letter: OutLetter, account: Account) -> None:
        """Among the sent ones, unless the server has put it there by itself."""
        raw = outbox.raw(letter.letter_id)
        try:
            with self._session(account) as session:
                path = _place(session, Role.SENT)
                if not _has(session, path, letter.message_id):
                    self._ending.wait(_COPY_WAIT_S)
                    if not _has(session, path, letter.message_id):
                        session.append(path, raw, [SEEN])
                # What it was written from is a draft no longer, even if we were killed in between.
                drop_draft(session, letter.message_id)
        except (UnreachableError, RefusedError) as error:
            wait = min(_FIRST_WAIT_S * 2 ** min(letter.tries, 8), _LONGEST_WAIT_S)
            outbox.mark(letter.letter_id, OutState.SENT, time.time() + wait, str(error))
            return
        except MailError as error:
            _log.warning("the copy of a sent message cannot be kept: %s", error)
        outbox.remove(letter.letter_id)

    def _is_among_sent(self, account: Account, message_id: str) -> bool:
        with self._session(account) as session:
            return _has(session, _place(session, Role.SENT), message_id)

    @contextlib.contextmanager
    def _session(self, account: Account) -> Iterator[ImapSession]:
        session = open_session(self._way, account, self._passwords)
        try:
            yield session
        finally:
            session.close()

    def _bring_drafts(self, outbox: Outbox) -> None:
        away: set[str] = set()
        for draft in outbox.drafts():
            account = self._find(draft.account_id)
            if account is None or draft.account_id in away or self._ending.is_set():
                continue
            try:
                with self._session(account) as session:
                    if draft.raw:
                        bring_draft(session, draft)
                    else:
                        drop_draft(session, draft.message_id)
            except MailError as error:
                _log.info("a draft waits: %s", error)
                away.add(draft.account_id)
                continue
            outbox.forget_draft(draft.draft_id, draft.raw)
            self._tell(outbox)


def bring_draft(session: ImapSession, draft: KeptDraft) -> None:
    """Stores a draft on the server in place of its older versions. Raises MailError."""
    path = _place(session, Role.DRAFTS)
    session.select(path)
    older = session.find_message(draft.message_id)
    # The new one first: whatever happens between, one of them is there.
    new = session.append(path, draft.raw, [DRAFT, SEEN])
    session.select(path)
    older = [uid for uid in older if uid != new]
    if older:
        session.remove(older)


def drop_draft(session: ImapSession, message_id: str) -> None:
    """Takes a draft and its older versions away. Raises MailError."""
    session.select(_place(session, Role.DRAFTS))
    if found := session.find_message(message_id):
        session.remove(found)


def _place(session: ImapSession, role: Role) -> str:
    found = next((one.path for one in session.folders() if one.role is role), None)
    if found is None:
        found = _PLACES[role]
        session.make_folder(found)
    return found


def _has(session: ImapSession, path: str, message_id: str) -> bool:
    session.select(path)
    return bool(session.find_message(message_id))

"""The outbox, as the windows see it. Lives on the Qt thread; a thread of its own sends."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from PyQt6.QtCore import QObject, pyqtSignal

from myco_browser.bridge.mail_ports import MailPorts
from myco_browser.domain.mail import Account
from myco_browser.services.mail_outbox import KeptDraft, Outbox, OutLetter, OutState
from myco_browser.services.mail_passwords import MailPasswords
from myco_browser.services.mail_sender import Sender

UNDO_S = 10.0


class OutTray(QObject):
    """Messages on their way out."""

    changed = pyqtSignal()

    def __init__(
        self,
        ports: MailPorts,
        passwords: MailPasswords,
        find: Callable[[str], Account | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.letters: tuple[OutLetter, ...] = ()
        self.path = ports.folder / "outbox.sqlite"
        """Its file."""
        self._to_qt = ports.beside.to_qt
        self._sender = Sender(self.path, ports.way, passwords, find, self._tell, ports.report)
        self._started = False

    def start(self) -> None:
        """Begins to send; once."""
        if not self._started:
            self._started = True
            self._sender.start()

    def end(self) -> None:
        """Stops; what waits is sent after the next start."""
        if self._started:
            self._sender.end()

    def send(
        self,
        account_id: str,
        recipients: tuple[str, ...],
        subject: str,
        message_id: str,
        raw: bytes,
        done: Callable[[str], None],
        failed: Callable[[], None],
        delay_s: float = UNDO_S,
    ) -> None:
        """Keeps a message to be sent after a while; `done` hears its name when it is kept.

        `failed` is called when it cannot be kept: then it is not sent either.
        """
        letter = OutLetter(
            secrets.token_hex(8), account_id, recipients, subject, message_id, OutState.WAITING,
            time.time() + delay_s, 0, "",
        )  # fmt: skip
        self.work(lambda outbox: outbox.put(letter, raw), lambda _n: done(letter.letter_id), failed)

    def take_back(self, letter_id: str, done: Callable[[bool], None]) -> None:
        """Takes a message out again; `done` hears whether it was still there."""
        self.work(lambda outbox: outbox.remove(letter_id), done)

    def send_now(self, letter_id: str) -> None:
        """Without waiting any longer; also what was refused or is in doubt, if the user says so."""
        self.work(lambda outbox: outbox.release(letter_id))

    def keep_draft(self, draft: KeptDraft) -> None:
        """Keeps a draft here and brings it to the server; one without bytes goes away there."""
        self.work(lambda outbox: outbox.keep_draft(draft))

    def to_draft(self, letter_id: str, draft: KeptDraft, done: Callable[[bool], None]) -> None:
        """Makes a draft of a message again; `done` hears whether it had not left yet."""
        self.work(lambda outbox: outbox.to_draft(letter_id, draft), done)

    def hurry(self) -> None:
        """What waits for another attempt is tried now."""
        if self._started:
            self.work(lambda outbox: outbox.hurry())

    def raw(self, letter_id: str, done: Callable[[bytes], None]) -> None:
        """The bytes of a message."""
        self.work(lambda outbox: outbox.raw(letter_id), done)

    def work(
        self,
        work: Callable[[Outbox], object],
        done: Callable[..., None] = lambda _value: None,
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        """Does `work` with the file, in the order in which it is asked for."""
        self.start()
        to_qt = self._to_qt
        self._sender.ask(work, lambda value: to_qt(lambda: done(value)), lambda: to_qt(failed))

    def _tell(self, letters: tuple[OutLetter, ...]) -> None:
        def take() -> None:
            self.letters = letters
            self.changed.emit()

        self._to_qt(take)

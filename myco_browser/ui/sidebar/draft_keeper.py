"""Keeps what is being written as a draft, here at once and on the server soon after."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import NamedTuple

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from myco_browser.bridge.mail import Mail
from myco_browser.domain.mail import Account, Draft
from myco_browser.mail import writing
from myco_browser.services.mail_outbox import KeptDraft

_AFTER_MS = 3000


class Written(NamedTuple):
    """What stands in a window: `typed` are the address fields as they are."""

    draft: Draft
    account: Account
    typed: dict[str, str]


class DraftKeeper(QObject):
    """One for each message that is being written. `kept` is told when a draft is safe here."""

    kept = pyqtSignal()

    def __init__(
        self,
        mail: Mail,
        message_id: str,
        look: Callable[[], Written | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.message_id = message_id
        self.draft_id = secrets.token_hex(8)
        self._mail = mail
        self._look = look
        self._was_kept = False
        self._account_id = ""
        self._saved: Written | None = None
        self._is_over = False
        self._turn = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AFTER_MS)
        self._timer.timeout.connect(self._keep_soon)

    def begin(self) -> None:
        """What stands there now needs no keeping."""
        self._timer.stop()
        self._saved = self._look()

    def touch(self) -> None:
        """Something was written: it is kept within seconds."""
        if not self._timer.isActive():
            self._timer.start()

    def pause(self) -> None:
        """Nothing is kept until something is written again."""
        self._turn += 1
        self._timer.stop()

    def draft(self) -> KeptDraft | None:
        """What stands there now, as it is kept; takes long with large attachments."""
        written = self._look()
        return None if written is None else self._made(written)

    def keep(self) -> None:
        """Keeps what stands there now, at once."""
        # What is still being made beside the windows is older.
        self._turn += 1
        written = self._changed()
        if written is not None:
            self._saved = written
            self._keep(self._made(written))

    def drop(self) -> None:
        """The draft is not wanted any more, here and on the server."""
        self._is_over = True
        self._timer.stop()
        if self._was_kept:
            gone = KeptDraft(self.draft_id, self._account_id, self.message_id, b"")
            self._mail.out.keep_draft(gone)

    def note_kept(self, account_id: str) -> None:
        """Somebody else has kept a draft of this name."""
        self._was_kept, self._account_id = True, account_id

    def _changed(self) -> Written | None:
        written = self._look()
        is_new = not self._is_over and written != self._saved
        return written if is_new else None

    def _keep_soon(self) -> None:
        """Beside the windows: encoding large attachments takes a while."""
        turn, written = self._turn, self._changed()

        def keep(draft: KeptDraft) -> None:
            if turn == self._turn and not self._is_over:
                self._saved = written
                self._keep(draft)

        if written is not None:
            self._mail.beside(lambda: self._made(written), keep)

    def _keep(self, draft: KeptDraft) -> None:
        self._mail.out.keep_draft(draft)
        self.note_kept(draft.account_id)
        self.kept.emit()

    def _made(self, written: Written) -> KeptDraft:
        raw = writing.build_draft(written.draft, written.account, self.message_id, written.typed)
        return KeptDraft(self.draft_id, written.account.account_id, self.message_id, raw)

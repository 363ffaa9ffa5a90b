"""Sends what was written after ten seconds in which it can be taken back."""

from __future__ import annotations

import time

from PyQt6.QtCore import QTimer, pyqtSignal

from myco_browser.bridge.mail import Mail
from myco_browser.domain.mail import Account, Draft
from myco_browser.mail import writing
from myco_browser.ui.i18n import _
from myco_browser.ui.sidebar.banner import Banner
from myco_browser.ui.sidebar.draft_keeper import DraftKeeper
from myco_browser.ui.theme import Face

_UNDO_S = 10


class SendBar(Banner):
    """Also where it is said why something cannot be sent."""

    going = pyqtSignal()  # it is on its way, and can still be taken back
    back = pyqtSignal()  # it was taken back, or could not be kept
    gone = pyqtSignal()  # it cannot be taken back here any more

    def __init__(self, mail: Mail, keeper: DraftKeeper, face: Face) -> None:
        super().__init__(face)
        self._mail = mail
        self._keeper = keeper
        self._outgoing = ""
        self._left_s = 0
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self._count_down)

    @property
    def is_busy(self) -> bool:
        """Whether a message is on its way."""
        return bool(self._outgoing)

    def warn(self, text: str) -> None:
        """Says what is wrong."""
        self.say("warning", text, tone="warning")

    def send(self, draft: Draft, account: Account | None) -> None:
        """Checks it, and lets it go after some seconds."""
        problem = problem_of(draft)
        if problem or account is None or self._outgoing:
            self.warn(problem)
            return
        try:
            raw = writing.build(draft, account, self._keeper.message_id, time.time())
            recipients = writing.envelope_of(draft)
        except (ValueError, UnicodeError):
            self.warn(_("An address is not valid."))
            return
        self._outgoing = "on its way"
        self._keeper.pause()
        self._left_s = _UNDO_S
        self.going.emit()
        self._mail.out.send(
            account.account_id, recipients, draft.subject, self._keeper.message_id, raw,
            self._is_out, self._not_out,
        )  # fmt: skip

    def let_go(self) -> None:
        """Nobody looks any more: it stays in the outbox and leaves by itself."""
        if self._tick.isActive():
            self._tick.stop()
            self._keeper.drop()
            self.gone.emit()

    def take_back(self) -> None:
        """Makes a draft of it again, if it has not left."""
        self._tick.stop()
        draft = self._keeper.draft()
        if draft is not None:
            # In one step: whatever happens now, it is either on its way or a draft.
            self._keeper.note_kept(draft.account_id)
            self._mail.out.to_draft(self._outgoing, draft, self._taken_back)

    def send_now(self) -> None:
        """Without waiting any longer."""
        self._mail.out.send_now(self._outgoing)
        self._end()

    def _not_out(self) -> None:
        self._outgoing = ""
        text = _("It could not be kept on this computer, so it was not sent. Is the disk full?")
        self.say("warning", text, tone="danger")
        self.back.emit()

    def _is_out(self, letter_id: str) -> None:
        self._outgoing = letter_id
        self._tick.start()
        self._show_count()

    def _count_down(self) -> None:
        self._left_s -= 1
        if self._left_s <= 0:
            self._end()
        else:
            self._show_count()

    def _show_count(self) -> None:
        text = _("The message leaves in {seconds} s.").format(seconds=self._left_s)
        self.say("send", text, ((_("Undo"), self.take_back), (_("Send now"), self.send_now)))

    def _taken_back(self, was_there: bool) -> None:
        if not was_there:
            self._end()
            return
        self._outgoing = ""
        self.hide()
        self.back.emit()

    def _end(self) -> None:
        self._tick.stop()
        self._keeper.drop()
        self.hide()
        self.gone.emit()


def problem_of(draft: Draft) -> str:
    """Why it cannot be sent; "" when it can."""
    every = (*draft.to, *draft.cc, *draft.bcc)
    if not every:
        return _("Nobody is named to whom it is to go.")
    wrong = next((one.address for one in every if not writing.is_address(one.address)), None)
    return _("{address} is no mail address.").format(address=wrong) if wrong is not None else ""

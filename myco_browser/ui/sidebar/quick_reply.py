"""A few words in answer, written under the letter itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QFocusEvent, QKeySequence, QShortcut
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout

from myco_browser.domain.mail import Account, Draft, Letter
from myco_browser.mail import writing
from myco_browser.ui.i18n import _
from myco_browser.ui.sidebar.draft_keeper import DraftKeeper, Written
from myco_browser.ui.sidebar.send_bar import SendBar
from myco_browser.ui.theme import SPACE, Face

if TYPE_CHECKING:
    from myco_browser.ui.sidebar.mail_desk import MailDesk

_CLOSED, _OPEN = 36, 72


class QuickReply(QFrame):
    """Closed to one line until it is clicked. `sent` is told when an answer is on its way."""

    sent = pyqtSignal()
    more_wanted = pyqtSignal(object, str)  # a draft that goes on in a window, and its Message-ID

    def __init__(self, desk: MailDesk, face: Face) -> None:
        super().__init__()
        self.setObjectName("quickreply")
        self._desk = desk
        self._face = face
        self._letter: Letter | None = None
        self._account: Account | None = None
        self._keeper: DraftKeeper | None = None
        self.bar: SendBar | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["l"], SPACE["xs"], SPACE["l"], SPACE["s"])
        column.setSpacing(SPACE["xs"])
        self._column = column
        self.field = _Field()
        self.field.setFixedHeight(_CLOSED)
        self.field.entered.connect(self._open)
        self.field.textChanged.connect(self._changed)
        column.addWidget(self.field)
        row = QHBoxLayout()
        row.setSpacing(SPACE["s"])
        self.send_button = QPushButton(_("Send"))
        self.send_button.setObjectName("primary")
        self.send_button.setToolTip(_("Send") + " (Ctrl+Enter)")
        self.send_button.clicked.connect(self.send)
        self.more = QPushButton(_("More room"))
        self.more.clicked.connect(self._go_on)
        self._state = QLabel()
        self._state.setObjectName("small")
        row.addWidget(self.send_button)
        row.addWidget(self.more)
        row.addWidget(self._state)
        row.addStretch(1)
        column.addLayout(row)
        QShortcut(QKeySequence("Ctrl+Return"), self.field, self.send)
        self._show_open(False)

    def show_letter(self, account_id: str, letter: Letter) -> None:
        """Answers that letter from now on; what was begun to another one is a draft."""
        if self._letter is not None and letter.message_id == self._letter.message_id:
            return
        self.leave()
        accounts = self._desk.mail.accounts
        self._account = next((one for one in accounts if one.account_id == account_id), None)
        self._letter = letter
        to = (letter.reply_to or (letter.sender,))[0]
        hint = _("Reply to {who}").format(who=to.shown)
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(hint)
        self.setVisible(self._account is not None and bool(to.address))

    def leave(self) -> None:
        """Another letter is shown: what was written is kept as a draft, what goes out goes."""
        if self._keeper is not None and self.bar is not None:
            if self.bar.is_busy:
                self.bar.let_go()
            elif self.field.toPlainText().strip():
                self._keeper.keep()
        self._forget()

    def send(self) -> None:
        """Sends it after ten seconds."""
        if self.bar is not None and self.field.toPlainText().strip():
            self.bar.send(self.draft(), self._account)

    def draft(self) -> Draft:
        """The answer as it stands there."""
        letter, account = self._letter, self._account
        assert letter is not None
        assert account is not None
        words = self._desk.write.quoted_words(letter)
        answer = writing.reply_to(letter, account, everybody=False, words=words)
        sign = self._desk.write.signature(account.account_id)
        text = self.field.toPlainText().rstrip() + sign + answer.text
        return replace(answer, text=text)

    def _open(self) -> None:
        letter, account = self._letter, self._account
        if self._keeper is not None or letter is None or account is None:
            return
        mail = self._desk.mail
        self._keeper = DraftKeeper(mail, writing.new_message_id(account), self._written, self)
        self._keeper.begin()
        self._keeper.kept.connect(lambda: self._state.setText(_("Kept in drafts")))
        self.bar = SendBar(mail, self._keeper, self._face)
        self.bar.going.connect(lambda: self._enable(False))
        self.bar.back.connect(lambda: self._enable(True))
        self.bar.gone.connect(self._gone)
        self._column.addWidget(self.bar)
        self._show_open(True)

    def _written(self) -> Written | None:
        if self._account is None or self._letter is None:
            return None
        draft = self.draft()
        return Written(draft, self._account, {"To": writing.people_text(draft.to)})

    def _changed(self) -> None:
        self._state.setText("")
        if self._keeper is not None and self.bar is not None and not self.bar.is_busy:
            self._keeper.touch()

    def _go_on(self) -> None:
        keeper = self._keeper
        if keeper is None:
            return
        # Kept first: the window goes on with the same draft.
        keeper.keep()
        draft, identity = self.draft(), keeper.message_id
        self._forget()
        self.more_wanted.emit(draft, identity)

    def _gone(self) -> None:
        self.sent.emit()
        self._forget()

    def _forget(self) -> None:
        for old in (self.bar, self._keeper):
            if old is not None:
                old.deleteLater()
        if self.bar is not None:
            self.bar.hide()
        self._keeper = self.bar = None
        self.field.clear()
        self._enable(True)
        self._show_open(False)

    def _enable(self, on: bool) -> None:
        # While it can be taken back, the line that says so is enough.
        for widget in (self.field, self.send_button, self.more, self._state):
            widget.setVisible(on)

    def _show_open(self, on: bool) -> None:
        self.field.setFixedHeight(_OPEN if on else _CLOSED)
        for widget in (self.send_button, self.more, self._state):
            widget.setVisible(on)


class _Field(QPlainTextEdit):
    """Tells when somebody begins to write."""

    entered = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("quickfield")
        self.setTabChangesFocus(True)

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        super().focusInEvent(event)
        self.entered.emit()

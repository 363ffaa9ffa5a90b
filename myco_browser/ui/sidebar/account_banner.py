"""What is wrong with an account, and the way to set it right."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from myco_browser.bridge.mail import Mail
from myco_browser.domain.mail import Backoff, MailState, RefusalCause, Refused
from myco_browser.ui.i18n import _
from myco_browser.ui.sidebar.banner import Banner
from myco_browser.ui.sidebar.mail_words import state_words
from myco_browser.ui.theme import SPACE, Face


class AccountBanner(QWidget):
    """Nothing while all is well."""

    shown = pyqtSignal(bool)

    def __init__(self, mail: Mail, face: Face) -> None:
        super().__init__()
        self._mail = mail
        self._account_id = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["s"], SPACE["s"], SPACE["s"], SPACE["xs"])
        column.setSpacing(SPACE["xs"])
        self.banner = Banner(face)
        column.addWidget(self.banner)
        self.secret = QLineEdit()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.secret.returnPressed.connect(self._submit)
        self.button = QPushButton()
        self.button.clicked.connect(self._submit)
        row = QHBoxLayout()
        row.setSpacing(SPACE["xs"])
        row.addWidget(self.secret, 1)
        row.addWidget(self.button)
        column.addLayout(row)
        self.hide()
        mail.state_changed.connect(self._on_state)

    def show_account(self, account_id: str) -> None:
        """Tells of another account."""
        self._account_id = account_id
        self._show(self._mail.state(account_id))

    def _on_state(self, account_id: str) -> None:
        if account_id == self._account_id:
            self._show(self._mail.state(account_id))

    def _show(self, state: MailState) -> None:
        is_refused = isinstance(state, Refused)
        self.secret.setVisible(is_refused)
        self.button.setVisible(is_refused)
        if isinstance(state, Refused):
            self._show_refused(state.cause)
        elif isinstance(state, Backoff):
            again = (_("Try now"), lambda: self._mail.retry(self._account_id))
            self.banner.say("network-off", state_words(state), (again,))
        self.setVisible(isinstance(state, Refused | Backoff))

    def _show_refused(self, cause: RefusalCause) -> None:
        self.banner.say("warning", _(cause.value), tone="warning")
        match cause:
            case RefusalCause.LOCKED:
                self.secret.setPlaceholderText(_("Passphrase"))
                self.button.setText(_("Unlock"))
            case RefusalCause.PASSWORD | RefusalCause.NO_PASSWORD:
                self.secret.setPlaceholderText(_("Password"))
                self.button.setText(_("Try this password"))
            case RefusalCause.CERTIFICATE | RefusalCause.NOT_ENCRYPTED:
                self.secret.hide()
                self.button.setText(_("Try again"))
        self.secret.setAccessibleName(self.secret.placeholderText())

    def _submit(self) -> None:
        state = self._mail.state(self._account_id)
        if not isinstance(state, Refused):
            return
        text = self.secret.text()
        self.secret.clear()
        match state.cause:
            case RefusalCause.LOCKED:
                self._mail.unlock(text, self._unlocked)
            case RefusalCause.PASSWORD | RefusalCause.NO_PASSWORD:
                if text:
                    self._mail.change_password(self._account_id, text)
            case RefusalCause.CERTIFICATE | RefusalCause.NOT_ENCRYPTED:
                self._mail.retry(self._account_id)

    def _unlocked(self, problem: str) -> None:
        if problem:
            self.banner.say("warning", _("The passphrase is wrong or empty."), tone="warning")
            self.secret.setFocus()

"""Adds a server of contacts: a mail address and its password are enough where it can be found."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from myco_browser.bridge.contacts import Contacts
from myco_browser.bridge.mail import Mail
from myco_browser.domain.files import FilesCause
from myco_browser.domain.mail import Account
from myco_browser.files.errors import FilesError
from myco_browser.mail.writing import is_address
from myco_browser.services.contacts_accounts import ContactsAccount
from myco_browser.services.contacts_setup import ElsewhereError, typed_server
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import pixmap
from myco_browser.ui.panels import text_label
from myco_browser.ui.sidebar.files_words import set_up_words
from myco_browser.ui.sidebar.folder_menu import account_dot
from myco_browser.ui.sidebar.form import (
    Report,
    add_buttons,
    add_field,
    passphrase_note,
    scrolling_column,
)
from myco_browser.ui.theme import SPACE, Face


class ContactsAssistant(QWidget):
    """One page of fields, and a button for each mail account that may have contacts, too."""

    finished = pyqtSignal()
    cancelled = pyqtSignal()

    def __init__(self, contacts: Contacts, mail: Mail, face: Face) -> None:
        super().__init__()
        self._contacts = contacts
        self._mail = mail
        self._face = face
        self._column = column = scrolling_column(self)
        column.setContentsMargins(SPACE["xl"], SPACE["xl"], SPACE["xl"], SPACE["l"])
        column.setSpacing(SPACE["xs"])
        picture = QLabel()
        picture.setPixmap(pixmap("people", face.accent, 36, self.devicePixelRatioF()))
        column.addWidget(picture)
        column.addSpacing(SPACE["s"])
        column.addWidget(text_label(_("Add your contacts"), "headline"))
        sentence = _("Contacts that come with your mail address, or lie on a Nextcloud or any "
                     "server that speaks CardDAV. They are kept here, too, so that they are there "
                     "without the network.")  # fmt: skip
        column.addWidget(text_label(sentence, "quiet"))
        column.addSpacing(SPACE["s"])
        self.offers: list[QPushButton] = []
        self._add_offers()
        self.address = add_field(column, _("Mail address or server"), self.submit)
        self.address.setPlaceholderText(_("you@example.org or cloud.example.org"))
        self.user = add_field(column, _("User name"), self.submit)
        self.user.setPlaceholderText(_("Empty: the mail address"))
        self.password = add_field(column, _("Password"), self.submit, hidden=True)
        self.passphrase: QLineEdit | None = None
        self._add_end()
        column.addStretch(1)
        self.setFocusProxy(self.offers[0] if self.offers else self.address)
        mail.ask_keeper(self._on_keeper)
        mail.opened.connect(lambda: mail.ask_keeper(self._on_keeper))

    def offer_cancel(self) -> None:
        """There is something to go back to."""
        self._cancel.show()

    def _add_offers(self) -> None:
        """An account of mail gives its contacts without typing anything again."""
        known = {one.secret for one in self._contacts.accounts}
        for account in self._mail.accounts:
            if account.account_id in known:
                continue
            button = QPushButton(account_dot(account), account.address)
            button.setToolTip(_("Add the contacts of this mail account"))
            button.clicked.connect(lambda _on=False, one=account: self._take_offer(one))
            self.offers.append(button)
        if not self.offers:
            return
        self._column.addSpacing(SPACE["s"])
        title = QLabel(_("Of your mail account"))
        title.setObjectName("strong")
        self._column.addWidget(title)
        for button in self.offers:
            self._column.addWidget(button)
        self._column.addSpacing(SPACE["s"])
        self._column.addWidget(text_label(_("Or another server:"), "quiet"))

    def _add_end(self) -> None:
        self._phrase = QWidget()
        column = QVBoxLayout(self._phrase)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE["xs"])
        self._column.addWidget(self._phrase)
        self.report = Report(self._face)
        self._column.addWidget(self.report)
        self.button, self._cancel = add_buttons(
            self._column, _("Add contacts"), self.submit, self.cancelled.emit
        )

    def _on_keeper(self, wants: bool, is_new: bool) -> None:
        if not wants:
            # It may have been typed elsewhere meanwhile.
            self.passphrase = None
            self._phrase.hide()
        elif self.passphrase is None:
            column = self._phrase.layout()
            assert isinstance(column, QVBoxLayout)
            self.passphrase = add_field(column, _("Passphrase"), self.submit, hidden=True)
            column.addWidget(text_label(passphrase_note(is_new=is_new), "quiet"))
            QWidget.setTabOrder(self.password, self.passphrase)

    # Doing it

    def submit(self) -> None:
        """Looks whether the server takes the password."""
        text = self.address.text().strip()
        if typed_server(text) is None and not is_address(text):
            self.report.fail(_("This is no mail address and no server."), self.address)
        elif not self.password.text():
            self.report.fail(_("The password is missing."), self.password)
        else:
            self._unlock(lambda: self._go(text, self.user.text().strip(), ""))

    def _take_offer(self, account: Account) -> None:
        self._unlock(lambda: self._go(account.address, account.login, account.account_id))

    def _unlock(self, then: Callable[[], None]) -> None:
        self._work(True)
        if self.passphrase is None:
            then()
            return

        def unlocked(problem: str) -> None:
            if problem and self.passphrase is not None:
                self._work(False)
                self.report.fail(_("The passphrase is wrong or empty."), self.passphrase)
                return
            then()

        self._mail.unlock(self.passphrase.text(), unlocked)

    def _go(self, text: str, user: str, secret: str) -> None:
        word = "" if secret else self.password.text()
        self._contacts.set_up(text, user, word, self._done, self._failed, secret=secret)

    def _done(self, _account: ContactsAccount) -> None:
        self.password.clear()
        self.finished.emit()

    def _failed(self, error: FilesError) -> None:
        self._work(False)
        if isinstance(error, ElsewhereError):
            if not self.user.text():
                self.user.setText(self.address.text().strip())
            self.address.setText(error.address)
            text = _("Only the name server of this domain says where its contacts are, and it is "
                     "with somebody else, as above. Add them if you know this server: it will get "
                     "the password.")  # fmt: skip
            self.report.fail(text, self.password)
            return
        is_away = error.cause is FilesCause.UNREACHABLE
        self.report.fail(set_up_words(error.cause), self.address if is_away else self.password)

    def _work(self, on: bool) -> None:
        if on:
            self.report.work(_("Looking for the server…"))
        else:
            self.report.rest()
        for button in (self.button, *self.offers):
            button.setEnabled(not on)

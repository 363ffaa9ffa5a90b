"""Adds a server of files: an address, a name and a password, or the server's own sign-in page."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from myco_browser.bridge.files import Files
from myco_browser.domain.files import FilesCause
from myco_browser.services.files_accounts import FilesAccount
from myco_browser.services.files_setup import servers_for
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import pixmap
from myco_browser.ui.panels import text_label
from myco_browser.ui.sidebar.files_words import set_up_words
from myco_browser.ui.sidebar.form import (
    Report,
    add_buttons,
    add_field,
    passphrase_note,
    scrolling_column,
)
from myco_browser.ui.theme import SPACE, Face


class FilesAssistant(QWidget):
    """One page of fields. `finished` carries the identity of the new account."""

    finished = pyqtSignal(str)
    cancelled = pyqtSignal()

    def __init__(self, files: Files, face: Face, open_page: Callable[[str], None]) -> None:
        super().__init__()
        self._files = files
        self._face = face
        self._open_page = open_page
        self._over = False
        self._column = column = scrolling_column(self)
        column.setContentsMargins(SPACE["xl"], SPACE["xl"], SPACE["xl"], SPACE["l"])
        column.setSpacing(SPACE["xs"])
        picture = QLabel()
        picture.setPixmap(pixmap("folder", face.accent, 36, self.devicePixelRatioF()))
        column.addWidget(picture)
        column.addSpacing(SPACE["s"])
        column.addWidget(text_label(_("Add your files"), "headline"))
        sentence = _("Files on a Nextcloud or any server that speaks WebDAV, or those that come "
                     "with your mail address. Everything goes through the door of the browser, so "
                     "through the VPN when it is on.")  # fmt: skip
        column.addWidget(text_label(sentence, "quiet"))
        column.addSpacing(SPACE["s"])
        self.address = add_field(self._column, _("Mail address or server"), self.submit)
        self.address.setPlaceholderText(_("you@example.org or cloud.example.org"))
        self.user = add_field(self._column, _("User name"), self.submit)
        self.user.setPlaceholderText(_("Empty: the mail address"))
        self.password = add_field(self._column, _("Password"), self.submit, hidden=True)
        self.passphrase: QLineEdit | None = None
        self._phrase = QWidget()
        column.addWidget(self._phrase)
        self._add_end()
        column.addStretch(1)
        self.setFocusProxy(self.address)
        files.ask_keeper(self._on_keeper)
        files.opened.connect(lambda: files.ask_keeper(self._on_keeper))

    def _on_keeper(self, is_locked: bool, is_new: bool) -> None:
        """Passwords may be kept in a file that opens with a passphrase."""
        if self._over:
            return
        if not is_locked:
            # It may have been typed elsewhere meanwhile.
            self.passphrase = None
            self._phrase.hide()
            return
        if self.passphrase is not None:
            return
        column = QVBoxLayout(self._phrase)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE["xs"])
        self.passphrase = add_field(column, _("Passphrase"), self.submit, hidden=True)
        column.addWidget(text_label(passphrase_note(is_new=is_new), "quiet"))
        QWidget.setTabOrder(self.password, self.passphrase)

    def offer_cancel(self) -> None:
        """There is something to go back to."""
        self._cancel.show()

    def _add_end(self) -> None:
        self.report = Report(self._face)
        self._column.addWidget(self.report)
        self.button, self._cancel = add_buttons(
            self._column, _("Add files"), self.submit, self._give_up
        )
        self.page_button = QPushButton(_("Sign in on a Nextcloud's own page"))
        self.page_button.setObjectName("link")
        self.page_button.clicked.connect(self.sign_in)
        self._column.addWidget(self.page_button, 0, Qt.AlignmentFlag.AlignLeft)

    def submit(self) -> None:
        """Looks whether the server takes the password."""
        if not servers_for(self.address.text()):
            self.report.fail(_("This is no mail address and no server."), self.address)
        elif not self.password.text():
            self.report.fail(_("The password is missing."), self.password)
        else:
            self._work(_("Looking for the server…"))
            self._unlocked_then(self._set_up)

    def sign_in(self) -> None:
        """Opens the page of a Nextcloud, where the user agrees."""
        if not servers_for(self.address.text()) or "@" in self.address.text():
            self.report.fail(_("Type the address of the Nextcloud first."), self.address)
        else:
            self._work(_("Agree on the page that opens; this goes on by itself then."))
            self._cancel.show()
            self._unlocked_then(self._sign_in)

    def _set_up(self) -> None:
        self._files.set_up(
            self.address.text(), self.user.text().strip(), self.password.text(), self._done
        )

    def _sign_in(self) -> None:
        self._files.sign_in(self.address.text(), self._open_page, self._done)

    def _unlocked_then(self, act: Callable[[], None]) -> None:
        """Calls `act` once passwords can be kept."""
        field = self.passphrase
        if field is None:
            act()
            return

        def tried(is_right: bool) -> None:
            if self._over:
                return
            if is_right:
                act()
            else:
                self._rest()
                self.report.fail(_("The passphrase is wrong or empty."), field)

        self._files.unlock(field.text(), tried)

    def _give_up(self) -> None:
        self._over = True
        self._files.give_up_sign_in()
        self._rest()
        self.cancelled.emit()

    def _done(self, found: FilesAccount | FilesCause) -> None:
        if self._over:
            return
        self._rest()
        if isinstance(found, FilesAccount):
            self.finished.emit(found.account_id)
        elif found is not FilesCause.INTERRUPTED:
            is_away = found is FilesCause.UNREACHABLE
            self.report.fail(set_up_words(found), self.address if is_away else self.password)

    def _work(self, sentence: str) -> None:
        self.report.work(sentence)
        self.button.setEnabled(False)
        self.page_button.setEnabled(False)

    def _rest(self) -> None:
        self.report.rest()
        self.button.setEnabled(True)
        self.page_button.setEnabled(True)

"""Adds a mail account: an address and a password are enough where the servers can be found."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from myco_browser.bridge.mail import Mail
from myco_browser.domain.hosts import is_loopback_host
from myco_browser.domain.mail import Account, Security, Server
from myco_browser.mail.presets import Candidate, guesses, provider_of
from myco_browser.mail.writing import is_address
from myco_browser.services.mail_setup import NoAccount, SetUpCause
from myco_browser.services.oauth import Grant
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import pixmap
from myco_browser.ui.panels import text_label
from myco_browser.ui.sidebar.form import (
    Report,
    add_buttons,
    add_field,
    chain,
    passphrase_note,
    scrolling_column,
)
from myco_browser.ui.sidebar.sign_in_row import OpenPage, SignInRow
from myco_browser.ui.theme import SPACE, Face

_TYPED_NEXT = (SetUpCause.NOT_FOUND, SetUpCause.SENDING, SetUpCause.ELSEWHERE)


class Assistant(QWidget):
    """One page of fields. `finished` carries the identity of the new account."""

    finished = pyqtSignal(str)
    cancelled = pyqtSignal()

    def __init__(
        self, mail: Mail, face: Face, open_page: OpenPage, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._open_page = open_page
        self._unlocked_then = self._go
        self._mail = mail
        self._face = face
        self._wants_passphrase = False
        self._manual: _Servers | None = None
        self._column = column = scrolling_column(self)
        column.setContentsMargins(SPACE["xl"], SPACE["xl"], SPACE["xl"], SPACE["l"])
        column.setSpacing(SPACE["xs"])
        self._add_head()
        self.address = add_field(self._column, _("Mail address"), self.submit)
        self.address.setPlaceholderText(_("you@example.org"))
        self.password = add_field(self._column, _("Password"), self.submit, hidden=True)
        self.name = add_field(self._column, _("Your name"), self.submit)
        self.name.setPlaceholderText(_("As others see it; may be empty"))
        self._add_passphrase()
        self._add_end()
        column.addStretch(1)
        self.setFocusProxy(self.address)
        self.address.editingFinished.connect(self._show_hint)
        mail.ask_keeper(self._on_keeper)
        mail.opened.connect(lambda: mail.ask_keeper(self._on_keeper))

    def offer_cancel(self) -> None:
        """There is something to go back to."""
        self._cancel.show()

    def _add_head(self) -> None:
        picture = QLabel()
        picture.setPixmap(pixmap("mail", self._face.accent, 36, self.devicePixelRatioF()))
        self._column.addWidget(picture)
        self._column.addSpacing(SPACE["s"])
        self._column.addWidget(text_label(_("Add your mail"), "headline"))
        sentence = _("The servers are found by themselves. Everything goes through the door of the "
                     "browser, so through the VPN when it is on.")  # fmt: skip
        self._column.addWidget(text_label(sentence, "quiet"))
        self._column.addSpacing(SPACE["s"])

    def _add_passphrase(self) -> None:
        self._phrase_note = text_label("", "quiet")
        self.passphrase = add_field(self._column, _("Passphrase"), self.submit, hidden=True)
        self._column.addWidget(self._phrase_note)
        label = self._column.itemAt(self._column.count() - 3)
        self._phrase_label = label.widget() if label is not None else None
        self._show_passphrase(False)

    def _show_passphrase(self, on: bool) -> None:
        self._wants_passphrase = on
        for widget in (self.passphrase, self._phrase_note, self._phrase_label):
            if widget is not None:
                widget.setVisible(on)

    def _add_end(self) -> None:
        self._hint = text_label("", "quiet")
        self._hint.hide()
        self.report = Report(self._face)
        self._place = QVBoxLayout()
        self._column.addSpacing(SPACE["s"])
        self._column.addWidget(self._hint)
        self._column.addWidget(self.report)
        self._column.addLayout(self._place)
        self.button, self._cancel = add_buttons(
            self._column, _("Add account"), self.submit, self.cancelled.emit
        )
        self.sign_in = SignInRow(self._mail.sign_in, self._open_page)
        self.sign_in.wanted.connect(self._sign_in)
        self.sign_in.granted.connect(self._granted)
        self.sign_in.failed.connect(self._not_signed_in)
        self._column.addWidget(self.sign_in)
        self._by_hand = QPushButton(_("Type in the servers"))
        self._by_hand.setObjectName("link")
        self._by_hand.clicked.connect(lambda: self._show_servers(None))
        self._column.addWidget(self._by_hand, 0, Qt.AlignmentFlag.AlignLeft)

    def _on_keeper(self, wants: bool, is_new: bool) -> None:
        self._show_passphrase(wants)
        self._phrase_note.setText(passphrase_note(is_new=is_new))

    def _show_hint(self) -> None:
        provider = provider_of(self.address.text())
        hint = _(provider.hint) if provider is not None and provider.hint else ""
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))

    def _show_servers(self, found: Candidate | None) -> None:
        if self._manual is None:
            self._manual = _Servers()
            self._place.addWidget(self._manual)
            self._by_hand.hide()
            # They came late, but stand above the button.
            chain(self.passphrase, *self._manual.fields)
        address = self.address.text().strip()
        guess = found or next(iter(guesses(address)), None)
        if guess is not None and is_address(address):
            self._manual.fill(guess)

    # Doing it

    def submit(self) -> None:
        """Looks for the servers, or tries those that were typed."""
        if not self._has_address():
            return
        if not self.password.text():
            self.report.fail(_("The password is missing."), self.password)
            return
        self._unlock(self._go)

    def _has_address(self) -> bool:
        if is_address(self.address.text().strip()):
            return True
        self.report.fail(_(SetUpCause.NO_ADDRESS.value), self.address)
        return False

    def _unlock(self, then: Callable[[], None]) -> None:
        self._work(True)
        self._unlocked_then = then
        if self._wants_passphrase:
            self._mail.unlock(self.passphrase.text(), self._unlocked)
        else:
            then()

    def _sign_in(self) -> None:
        """By the provider's own page."""
        if self._has_address():
            self._unlock(self._show_page)

    def _show_page(self) -> None:
        self.report.doing.hide()
        self.sign_in.start(self.address.text().strip())

    def _granted(self, grant: Grant) -> None:
        address, name = self.address.text().strip(), self.name.text().strip()
        self._mail.set_up_signed_in(address, grant, name, self._done)

    def _not_signed_in(self, text: str) -> None:
        self._work(False)
        if text:
            self.report.fail(text, self.sign_in.field)

    def _unlocked(self, problem: str) -> None:
        if problem:
            self._work(False)
            self.report.fail(_("The passphrase is wrong or empty."), self.passphrase)
            return
        self._show_passphrase(False)
        self._unlocked_then()

    def _go(self) -> None:
        address, password = self.address.text().strip(), self.password.text()
        name = self.name.text().strip()
        if self._manual is None:
            self._mail.set_up(address, password, name, self._done)
            return
        candidate = self._manual.candidate(address)
        servers = (candidate.imap, candidate.smtp)
        if any(
            one.security is Security.PLAIN and not is_loopback_host(one.host) for one in servers
        ):
            self._work(False)
            self.report.fail(_("Without encryption, only a server on this computer can be used."))
            return
        self._mail.set_up_at(candidate, address, password, name, self._done)

    def _done(self, found: Account | NoAccount) -> None:
        self._work(False)
        self.sign_in.rest()
        if isinstance(found, Account):
            self.password.clear()
            self.passphrase.clear()
            self.finished.emit(found.account_id)
            return
        if found.hint:
            self._hint.setText(_(found.hint))
            self._hint.show()
        if found.cause in _TYPED_NEXT and self._manual is None:
            self._show_servers(found.tried)
        self.report.fail(_(found.cause.value), self._field_for(found.cause))

    def _field_for(self, cause: SetUpCause) -> QWidget:
        """Where it is most likely mended."""
        if cause in _TYPED_NEXT and self._manual is not None:
            return self._manual
        return self.address if cause is SetUpCause.NO_ADDRESS else self.password

    def _work(self, on: bool) -> None:
        for field in (self.address, self.password, self.name, self.passphrase, self.button):
            field.setEnabled(not on)
        if on:
            self.report.work(_("Looking for the server…"))
        else:
            self.report.rest()


class _Servers(QWidget):
    """Where the servers are, typed by hand."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE["s"], 0, SPACE["m"])
        column.setSpacing(SPACE["xs"])
        self._login = QLineEdit()
        self._login.setAccessibleName(_("User name"))
        self._imap = _ServerRow(_("Server for receiving (IMAP)"), 993)
        self._smtp = _ServerRow(_("Server for sending (SMTP)"), 465)
        column.addWidget(self._imap)
        column.addSpacing(SPACE["xs"])
        column.addWidget(self._smtp)
        column.addSpacing(SPACE["xs"])
        label = QLabel(_("User name"))
        label.setObjectName("strong")
        column.addWidget(label)
        column.addWidget(self._login)
        self.setFocusProxy(self._imap)

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """What is typed into, from above."""
        return (*self._imap.fields, *self._smtp.fields, self._login)

    def fill(self, candidate: Candidate) -> None:
        """Shows what may be right."""
        self._imap.fill(candidate.imap)
        self._smtp.fill(candidate.smtp)
        self._login.setText(candidate.login)

    def candidate(self, address: str) -> Candidate:
        """What was typed."""
        login = self._login.text().strip() or address
        return Candidate(self._imap.server(), self._smtp.server(), login)


class _ServerRow(QWidget):
    def __init__(self, title: str, port: int) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE["xs"])
        label = QLabel(title)
        label.setObjectName("strong")
        self._host = QLineEdit()
        self._host.setAccessibleName(title)
        label.setBuddy(self._host)
        self._port = QSpinBox()
        self._port.setRange(1, 65535)
        self._port.setValue(port)
        self._port.setAccessibleName(_("Port"))
        self._security = QComboBox()
        self._security.setAccessibleName(_("Encryption"))
        for text, security in (
            (_("TLS"), Security.TLS),
            (_("STARTTLS"), Security.STARTTLS),
            (_("None (this computer)"), Security.PLAIN),
        ):
            self._security.addItem(text, security)
        row = QHBoxLayout()
        row.setSpacing(SPACE["xs"])
        row.addWidget(self._port)
        row.addWidget(self._security, 1)
        column.addWidget(label)
        column.addWidget(self._host)
        self.setFocusProxy(self._host)
        column.addLayout(row)

    @property
    def fields(self) -> tuple[QWidget, ...]:
        return (self._host, self._port, self._security)

    def fill(self, server: Server) -> None:
        self._host.setText(server.host)
        self._port.setValue(server.port)
        self._security.setCurrentIndex(self._security.findData(server.security))

    def server(self) -> Server:
        security = self._security.currentData()
        assert isinstance(security, Security)
        return Server(self._host.text().strip(), self._port.value(), security)

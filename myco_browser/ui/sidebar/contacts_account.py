"""What can be changed of an account of contacts."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QMessageBox, QPushButton, QVBoxLayout, QWidget

from myco_browser.bridge.contacts import Contacts
from myco_browser.services.contacts_accounts import ContactsAccount
from myco_browser.ui.i18n import _
from myco_browser.ui.panels import text_label
from myco_browser.ui.sidebar.form import ColourRow
from myco_browser.ui.theme import SPACE


class ContactsAccountPage(QWidget):
    """Its colour, and the way to take it away."""

    finished = pyqtSignal()

    def __init__(self, contacts: Contacts, account: ContactsAccount) -> None:
        super().__init__()
        self._contacts = contacts
        self._account = account
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["xl"], SPACE["xl"], SPACE["xl"], SPACE["l"])
        column.setSpacing(SPACE["xs"])
        column.addWidget(text_label(account.title, "headline"))
        column.addWidget(text_label(account.address.host, "quiet"))
        column.addSpacing(SPACE["s"])
        title = QLabel(_("Colour"))
        title.setObjectName("strong")
        column.addWidget(title)
        colours = ColourRow(account.colour)
        colours.chosen.connect(self._choose)
        column.addWidget(colours)
        column.addSpacing(SPACE["l"])
        row = QHBoxLayout()
        done = QPushButton(_("Done"))
        done.setObjectName("primary")
        done.clicked.connect(self.finished)
        remove = QPushButton(_("Remove account…"))
        remove.clicked.connect(self._ask_remove)
        row.addWidget(done)
        row.addWidget(remove)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        self.setFocusProxy(done)

    def _choose(self, colour: str) -> None:
        self._account = self._account._replace(colour=colour)
        self._contacts.change_account(self._account)

    def _ask_remove(self) -> None:
        question = _("Remove these contacts from Myco? Those on the server stay.")
        if QMessageBox.question(self, _("Remove"), question) == QMessageBox.StandardButton.Yes:
            self._contacts.remove_account(self._account.account_id)
            self.finished.emit()

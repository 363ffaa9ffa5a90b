"""What can be changed of an account of contacts."""

from __future__ import annotations

from PyQt6.QtCore import QSize, pyqtSignal
from PyQt6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from myco_browser.bridge.contacts import Contacts
from myco_browser.domain.mail import COLOURS
from myco_browser.services.contacts_accounts import ContactsAccount
from myco_browser.ui.i18n import _
from myco_browser.ui.panels import text_label
from myco_browser.ui.sidebar.folder_menu import dot
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
        column.addLayout(self._colours())
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

    def _colours(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        group = QButtonGroup(self)
        for colour in COLOURS:
            button = QToolButton()
            button.setCheckable(True)
            button.setChecked(colour == self._account.colour)
            button.setIcon(dot(colour))
            button.setIconSize(QSize(20, 20))
            button.setAccessibleName(_("Colour {name}").format(name=colour))
            button.clicked.connect(lambda _on=False, one=colour: self._choose(one))
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _choose(self, colour: str) -> None:
        self._account = self._account._replace(colour=colour)
        self._contacts.change_account(self._account)

    def _ask_remove(self) -> None:
        question = _("Remove these contacts from Myco? Those on the server stay.")
        if QMessageBox.question(self, _("Remove"), question) == QMessageBox.StandardButton.Yes:
            self._contacts.remove_account(self._account.account_id)
            self.finished.emit()

"""Asks for the passphrase of the file with the passwords, where there is no keyring."""

from __future__ import annotations

from PyQt6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from myco_browser.ui.i18n import _
from myco_browser.ui.panels import text_label
from myco_browser.ui.theme import SPACE


class LockPage(QWidget):
    """One field; whoever shows it hears Enter and the button."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["xl"], SPACE["xl"], SPACE["xl"], SPACE["l"])
        column.setSpacing(SPACE["s"])
        column.addWidget(text_label(_("Your passphrase"), "headline"))
        column.addWidget(text_label(_("It opens the file with your passwords."), "quiet"))
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(_("Passphrase"))
        self.button = QPushButton(_("Open"))
        self.button.setObjectName("primary")
        self.problem = text_label(_("The passphrase is wrong or empty."), "body")
        self.problem.hide()
        for widget in (self.field, self.problem, self.button):
            column.addWidget(widget)
        column.addStretch(1)
        self.setFocusProxy(self.field)

    def work(self) -> None:
        """The passphrase is tried, which takes a moment on purpose."""
        self.field.setEnabled(False)
        self.button.setEnabled(False)
        self.problem.hide()

    def rest(self, *, is_right: bool) -> None:
        """It was tried."""
        self.field.setEnabled(True)
        self.button.setEnabled(True)
        self.problem.setVisible(not is_right)
        if not is_right:
            self.field.setFocus()
            self.field.selectAll()

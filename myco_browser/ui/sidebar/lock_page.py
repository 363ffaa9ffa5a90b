"""Asks for the passphrase of the file with the passwords, where there is no keyring."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from myco_browser.ui.i18n import _
from myco_browser.ui.icons import pixmap
from myco_browser.ui.panels import text_label
from myco_browser.ui.theme import SPACE, Face


class LockPage(QWidget):
    """One field; whoever shows it hears Enter and the button."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["xl"], SPACE["xl"], SPACE["xl"], SPACE["l"])
        column.setSpacing(SPACE["xs"])
        picture = QLabel()
        picture.setPixmap(pixmap("key", face.accent, 36, self.devicePixelRatioF()))
        column.addWidget(picture)
        column.addSpacing(SPACE["s"])
        column.addWidget(text_label(_("Your passphrase"), "headline"))
        column.addWidget(text_label(_("It opens the file with your passwords."), "quiet"))
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(_("Passphrase"))
        self.button = QPushButton(_("Open"))
        self.button.setObjectName("primary")
        self.problem = text_label(_("The passphrase is wrong or empty."), "body")
        self.problem.setStyleSheet(f"color: {face.danger};")
        self.problem.hide()
        column.addSpacing(SPACE["s"])
        column.addWidget(self.field)
        column.addWidget(self.problem)
        column.addSpacing(SPACE["s"])
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
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

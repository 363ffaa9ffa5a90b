"""One login, to be changed or added."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.logins import Login, new_login
from myco_browser.ui.dressing import level_labels
from myco_browser.ui.i18n import _
from myco_browser.ui.panels import text_label
from myco_browser.ui.password_fields import PasswordField
from myco_browser.ui.password_maker import MakerRow
from myco_browser.ui.theme import SPACE, Face


class LoginEditor(QDialog):
    """Gives the changed login to `keep` when it is in order."""

    def __init__(
        self, face: Face, login: Login | None, keep: Callable[[Login], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._before = login
        self._keep = keep
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Add password") if login is None else _("Edit password"))
        self.setMinimumWidth(440)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["l"], SPACE["l"], SPACE["l"], SPACE["l"])
        column.setSpacing(SPACE["m"])
        self.place = QLineEdit(login.origin if login else "https://")
        self.name = QLineEdit(login.username if login else "")
        self.password = PasswordField(face, login.password if login else "")
        self.note = QPlainTextEdit(login.note if login else "")
        self.note.setMaximumHeight(72)
        self.note.setTabChangesFocus(True)
        form = QFormLayout()
        form.setSpacing(SPACE["s"])
        form.setLabelAlignment(Qt.AlignmentFlag.AlignVCenter)
        for label, field in ((_("Address"), self.place), (_("Name"), self.name),
                             (_("Password"), self.password), (_("Note"), self.note)):  # fmt: skip
            field.setAccessibleName(label)
            form.addRow(label, field)
        column.addLayout(form)
        level_labels(form)
        self.maker = MakerRow(face, self._take)
        column.addWidget(self.maker)
        self._problem = text_label("", "strong")
        self._problem.setStyleSheet(f"color: {face.danger};")
        self._problem.hide()
        column.addWidget(self._problem)
        row = QHBoxLayout()
        cancel, done = QPushButton(_("Cancel")), QPushButton(_("Keep"))
        cancel.setAutoDefault(False)
        done.setObjectName("primary")
        done.setDefault(True)
        cancel.clicked.connect(self.reject)
        done.clicked.connect(self.accept)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(done)
        column.addLayout(row)

    def accept(self) -> None:
        """Keeps it, or says what is wrong."""
        before = self._before
        identifier = before.id if before is not None else secrets.token_hex(8)
        changed = int(time.time())
        if before is not None and before.password == self.password.text():
            changed = before.changed
        login = new_login(
            identifier, self.place.text().strip(), self.name.text(), self.password.text(),
            changed, self.note.toPlainText(),
        )  # fmt: skip
        if login is None:
            self._problem.setText(_("An address such as https://example.org and a password, "
                                    "please."))  # fmt: skip
            self._problem.show()
            return
        self._keep(login)
        super().accept()

    def _take(self, password: str) -> None:
        self.password.setText(password)
        self.password.eye.setChecked(True)

"""What can be changed of an account."""

from __future__ import annotations

from dataclasses import replace

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from myco_browser.bridge.mail import Mail
from myco_browser.domain.mail import Account
from myco_browser.ui.disk_words import unwritten
from myco_browser.ui.i18n import _
from myco_browser.ui.panels import text_label
from myco_browser.ui.sidebar.form import ColourRow, scrolling_column
from myco_browser.ui.sidebar.mail_words import folder_name
from myco_browser.ui.theme import SPACE, Face

_MAX_SIGNATURE = 4000
_MOST_FOLDERS = 300


class AccountSettings(QWidget):
    """Name, colour, signature, notices; and the way to take the account away."""

    finished = pyqtSignal()

    def __init__(self, mail: Mail, account: Account, face: Face) -> None:
        super().__init__()
        self._mail = mail
        self._account = account
        self._colour = account.colour
        column = scrolling_column(self)
        column.setContentsMargins(SPACE["xl"], SPACE["xl"], SPACE["xl"], SPACE["l"])
        column.setSpacing(SPACE["xs"])
        column.addWidget(text_label(account.address, "headline"))
        column.addSpacing(SPACE["s"])
        self._name = QLineEdit(account.name)
        self._add(column, _("Your name"), self._name)
        self._add_colours(column)
        self._signature = QPlainTextEdit(account.signature)
        self._signature.setFixedHeight(90)
        self._add(column, _("Signature"), self._signature)
        column.addSpacing(SPACE["s"])
        self._notify = QCheckBox(_("Tell when mail arrives"))
        self._notify.setChecked(account.notify)
        column.addWidget(self._notify)
        self._told = set(account.told_folders)
        self._told_button = self._folders_button()
        self._notify.toggled.connect(self._told_button.setEnabled)
        self._told_button.setEnabled(account.notify)
        column.addWidget(self._told_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(SPACE["l"])
        row = QHBoxLayout()
        keep = QPushButton(_("Done"))
        keep.setObjectName("primary")
        keep.clicked.connect(self._keep)
        remove = QPushButton(_("Remove account…"))
        remove.clicked.connect(self._remove)
        row.addWidget(keep)
        row.addWidget(remove)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        self.setFocusProxy(self._name)

    def _add(self, column: QVBoxLayout, title: str, field: QWidget) -> None:
        label = QLabel(title)
        label.setObjectName("strong")
        label.setBuddy(field)
        field.setAccessibleName(title)
        column.addSpacing(SPACE["s"])
        column.addWidget(label)
        column.addWidget(field)

    def _add_colours(self, column: QVBoxLayout) -> None:
        label = QLabel(_("Colour"))
        label.setObjectName("strong")
        column.addSpacing(SPACE["s"])
        column.addWidget(label)
        colours = ColourRow(self._colour)
        colours.chosen.connect(self._choose)
        column.addWidget(colours)

    def _folders_button(self) -> QPushButton:
        """A menu in which the folders are chosen whose new mail is told."""
        button = QPushButton(_("Folders of which new mail is told"))
        menu = QMenu(button)
        for folder in self._mail.folders(self._account.account_id)[:_MOST_FOLDERS]:
            action = menu.addAction(folder_name(folder).replace("&", "&&"))
            if action is None or not folder.selectable:
                continue
            action.setCheckable(True)
            action.setChecked(folder.path in self._told)
            action.toggled.connect(lambda on, path=folder.path: self._tell(path, on=on))
        button.setObjectName("choices")
        button.setMenu(menu)
        return button

    def _tell(self, path: str, *, on: bool) -> None:
        (self._told.add if on else self._told.discard)(path)

    def _choose(self, colour: str) -> None:
        self._colour = colour

    def _keep(self) -> None:
        changed = replace(
            self._account,
            name=self._name.text().strip(),
            colour=self._colour,
            signature=self._signature.toPlainText()[:_MAX_SIGNATURE].rstrip(),
            notify=self._notify.isChecked(),
            told_folders=tuple(sorted(self._told)),
        )
        try:
            self._mail.change(changed)
        except OSError as error:
            text = _("Could not be saved: {error}").format(error=unwritten(error))
            QMessageBox.warning(self, _("Account settings…"), text)
            return
        self.finished.emit()

    def _remove(self) -> None:
        text = _("The account {address} and what is kept of it on this computer will be forgotten. "
                 "The mail stays on the server.")  # fmt: skip
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(text.format(address=self._account.address))
        remove = box.addButton(_("Remove account"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.exec()
        if box.clickedButton() is remove:
            self._mail.remove(self._account.account_id)
            self.finished.emit()

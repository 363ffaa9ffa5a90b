"""A link by which others can look at a file: until when, and with which password."""

from __future__ import annotations

from PyQt6.QtCore import QDate
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from myco_browser.bridge.files import Files, Room
from myco_browser.domain.files import Entry, FilesCause, Share
from myco_browser.files.errors import FilesError
from myco_browser.ui.i18n import _
from myco_browser.ui.panels import text_label
from myco_browser.ui.theme import SPACE

_USUAL_DAYS = 30


class ShareDialog(QDialog):
    """Makes a link that allows looking only, and copies it."""

    def __init__(self, files: Files, account_id: str, entry: Entry, parent: QWidget) -> None:
        super().__init__(parent)
        self._files = files
        self._account_id = account_id
        self._entry = entry
        self.setWindowTitle(_("Share a link"))
        self.setMinimumWidth(360)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["xl"], SPACE["l"], SPACE["xl"], SPACE["l"])
        column.setSpacing(SPACE["s"])
        column.addWidget(text_label(entry.name, "heading"))
        sentence = _("Whoever has the link can look at it and download it, but change nothing.")
        column.addWidget(text_label(sentence, "quiet"))
        self.ends = QCheckBox(_("The link ends on"))
        self.ends.setChecked(True)
        self.day = QDateEdit(QDate.currentDate().addDays(_USUAL_DAYS))
        self.day.setCalendarPopup(True)
        self.day.setMinimumDate(QDate.currentDate().addDays(1))
        self.day.setAccessibleName(_("Last day of the link"))
        self.ends.toggled.connect(self.day.setEnabled)
        row = QHBoxLayout()
        row.addWidget(self.ends)
        row.addWidget(self.day, 1)
        column.addLayout(row)
        self.password = QLineEdit()
        self.password.setPlaceholderText(_("Password for the link; may be empty"))
        self.password.setAccessibleName(_("Password for the link; may be empty"))
        column.addWidget(self.password)
        self.link = QLineEdit()
        self.link.setReadOnly(True)
        self.link.setAccessibleName(_("The link"))
        self.link.hide()
        column.addWidget(self.link)
        self.note = text_label("", "quiet")
        self.note.hide()
        column.addWidget(self.note)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        close = QPushButton(_("Close"))
        close.clicked.connect(self.close)
        self.button = QPushButton(_("Make and copy the link"))
        self.button.setObjectName("primary")
        self.button.setDefault(True)
        self.button.clicked.connect(self.submit)
        buttons.addWidget(close)
        buttons.addWidget(self.button)
        column.addLayout(buttons)

    def submit(self) -> None:
        """Asks the server for a link."""
        day = self.day.date().toString("yyyy-MM-dd") if self.ends.isChecked() else ""
        password, path = self.password.text(), self._entry.path

        def make(room: Room) -> Share:
            if room.cloud is None:
                raise FilesError(FilesCause.UNSUPPORTED, "no Nextcloud")
            return room.cloud.share(path, day, password)

        self.button.setEnabled(False)
        self._files.ask(self._account_id, make, self._made, self._failed)

    def _made(self, share: Share) -> None:
        self.link.setText(share.url)
        self.link.show()
        self.link.selectAll()
        if (clipboard := QGuiApplication.clipboard()) is not None:
            clipboard.setText(share.url)
        self._say(_("The link was copied."))

    def _failed(self, cause: FilesCause) -> None:
        self.button.setEnabled(True)
        self._say(_(cause.value))

    def _say(self, sentence: str) -> None:
        self.note.setText(sentence)
        self.note.show()

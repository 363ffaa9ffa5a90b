"""The checksum of a file, and whether it is the one that its maker published."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from myco_browser.domain.downloads import Download, same_checksum
from myco_browser.services.download_files import sha256_of
from myco_browser.ui.context import Context
from myco_browser.ui.i18n import _
from myco_browser.ui.panels import text_label
from myco_browser.ui.theme import SPACE


class ChecksumWindow(QDialog):
    """Computes beside the window; a large file takes its time."""

    def __init__(self, download: Download, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._context = context
        self._computed = ""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Compare checksum"))
        self.setMinimumWidth(560)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["l"], SPACE["l"], SPACE["l"], SPACE["l"])
        column.setSpacing(SPACE["m"])
        column.addWidget(text_label(download.name, "heading"))
        column.addWidget(
            text_label(
                _("If the maker of this file publishes a SHA-256 checksum, paste it here. When "
                  "both are the same, you have exactly that file."), "quiet"
            )
        )  # fmt: skip
        self._digits = QLineEdit(_("Reading the file…"))
        self._digits.setObjectName("code")
        self._digits.setReadOnly(True)
        self._digits.setAccessibleName(_("Checksum of the file (SHA-256)"))
        column.addWidget(text_label(_("Checksum of the file (SHA-256)"), "strong"))
        column.addWidget(self._digits)
        self.pasted = QLineEdit()
        self.pasted.setObjectName("code")
        self.pasted.setAccessibleName(_("Checksum of the maker"))
        self.pasted.textChanged.connect(self._compare)
        column.addWidget(text_label(_("Checksum of the maker"), "strong"))
        column.addWidget(self.pasted)
        self.answer = QLabel()
        self.answer.setWordWrap(True)
        self.answer.setMinimumHeight(40)
        column.addWidget(self.answer)
        path = Path(download.folder, download.name)
        context.beside.compute(lambda: _digest(path), self._take)
        self._is_open = True
        self.destroyed.connect(self._forget)

    def _forget(self) -> None:
        self._is_open = False

    def _take(self, computed: str | OSError) -> None:
        if not self._is_open:
            return
        if isinstance(computed, OSError):
            text = _("The file cannot be read: {error}")
            self._digits.setText(text.format(error=computed.strerror))
            return
        self._computed = computed
        self._digits.setText(computed)
        self._compare()

    def _compare(self) -> None:
        same = same_checksum(self.pasted.text(), self._computed) if self._computed else None
        face = self._context.face
        if same is None:
            is_wrong = bool(self.pasted.text().strip() and self._computed)
            text = _("This is no SHA-256 checksum: it has 64 digits from 0 to f.")
            self._say(text if is_wrong else "", face.quiet)
        elif same:
            self._say(_("They are the same."), face.good)
        else:
            text = _("They differ. This is not the file that its maker published: do not open it.")
            self._say(text, face.danger)

    def _say(self, text: str, colour: str) -> None:
        self.answer.setText(text)
        self.answer.setStyleSheet(f"color: {colour}; font-weight: 600;")


def _digest(path: Path) -> str | OSError:
    try:
        return sha256_of(path)
    except OSError as error:
        return error

"""The row of the settings that makes Myco the default browser, and tells when that did not work."""

from __future__ import annotations

import sys

from PyQt6.QtCore import QProcess, Qt
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from myco_browser.ui.i18n import _
from myco_browser.ui.theme import SPACE


class DefaultBrowserRow(QWidget):
    """A button, and the answer beside it. `language` is that of the answer."""

    def __init__(self, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE["m"])
        self.button = QPushButton(_("Make Myco the default browser"))
        self.button.clicked.connect(lambda _on: self._ask())
        row.addWidget(self.button)
        self.answer = QLabel(_("Links of other programs open here then."))
        self.answer.setObjectName("quiet")
        self.answer.setWordWrap(True)
        self.answer.setTextFormat(Qt.TextFormat.PlainText)
        row.addWidget(self.answer, 1)

    def _ask(self) -> None:
        # In a process of its own: the desktop's tools may take seconds.
        process = QProcess(self)
        process.finished.connect(lambda *_end: self._tell(process))
        process.errorOccurred.connect(lambda _error: self._tell(process))
        self.button.setEnabled(False)
        words = ["-P", "-m", "myco_browser.app.desktop", "default", self._language]
        process.start(sys.executable, words)

    def _tell(self, process: QProcess) -> None:
        said = process.readAllStandardOutput().data().decode("utf-8", "replace").strip()
        self.answer.setText(said or _("Your desktop could not be asked."))
        self.button.setEnabled(True)
        process.deleteLater()

"""The files that go with a message that is being written."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from myco_browser.ui.chrome import tool_button
from myco_browser.ui.context import Context
from myco_browser.ui.disk_words import unread
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import pixmap
from myco_browser.ui.panels import size_words
from myco_browser.ui.sidebar.elided_label import ElidedLabel
from myco_browser.ui.theme import SPACE

File = tuple[str, str, bytes]
"""Name, kind and bytes."""


class AttachedFiles(QWidget):
    """A row for each file. `refused` carries the sentence why one was not taken, `too_large` the
    path of one for which there is no room."""

    changed = pyqtSignal()
    refused = pyqtSignal(str)
    too_large = pyqtSignal(Path, object)  # and its size: more than 31 bits

    def __init__(self, context: Context, files: tuple[File, ...], limit: Callable[[], int]) -> None:
        """`limit` is how many bytes all files together may have."""
        super().__init__()
        self._context = context
        self._limit = limit
        self._files = list(files)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(SPACE["xs"])
        self._show()

    @property
    def files(self) -> tuple[File, ...]:
        """All of them, in their order."""
        return tuple(self._files)

    def choose(self) -> None:
        """Asks for files."""
        paths, _kind = QFileDialog.getOpenFileNames(self, _("Attach files"))
        self.attach(paths)

    def attach(self, paths: list[str]) -> None:
        """Adds files, as far as a server takes so much."""
        for path in map(Path, paths):
            try:
                room = self._limit() - sum(len(body) for _name, _kind, body in self._files)
                if (size := path.stat().st_size) > room:
                    self.too_large.emit(path, size)
                    continue
                body = path.read_bytes()
            except OSError as error:
                text = _("{name} cannot be read: {error}")
                self.refused.emit(text.format(name=path.name, error=unread(error)))
                continue
            kind = mimetypes.guess_type(path.name, strict=False)[0] or "application/octet-stream"
            self._files.append((path.name, kind, body))
        self._show()
        self.changed.emit()

    def _detach(self, number: int) -> None:
        del self._files[number]
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        while self._rows.count():
            item = self._rows.takeAt(0)
            if item is not None and (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for number, (name, kind, body) in enumerate(self._files):
            row = QFrame()
            row.setObjectName("file")
            line = QHBoxLayout(row)
            line.setContentsMargins(SPACE["m"], 2, SPACE["xs"], 2)
            line.setSpacing(SPACE["s"])
            picture = QLabel()
            sign = "image" if kind.startswith("image/") else "file"
            ratio = self.devicePixelRatioF()
            picture.setPixmap(pixmap(sign, self._context.face.quiet, 18, ratio))
            line.addWidget(picture)
            words = f"{name}  ·  {size_words(len(body), self._context.language)}"
            line.addWidget(ElidedLabel(words), 1)
            away = tool_button("close", _("Remove {name}").format(name=name), self._context.face)
            away.clicked.connect(lambda _on=False, which=number: self._detach(which))
            line.addWidget(away)
            self._rows.addWidget(row)

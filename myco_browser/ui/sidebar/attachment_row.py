"""A file that came with a letter."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QVBoxLayout

from myco_browser.domain.mail import Attachment
from myco_browser.ui.chrome import tool_button
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import pixmap
from myco_browser.ui.panels import size_words
from myco_browser.ui.sidebar.elided_label import ElidedLabel
from myco_browser.ui.theme import SPACE, Face


class AttachmentRow(QFrame):
    """Its name and size; it is saved or opened when the user says so."""

    act_wanted = pyqtSignal(int, str)  # its number; "open", "save", "files" or "drag"

    def __init__(self, attachment: Attachment, face: Face, language: str) -> None:
        super().__init__()
        self.setObjectName("file")
        self.setAccessibleName(attachment.name)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE["m"], 6, SPACE["xs"], 6)
        row.setSpacing(SPACE["s"])
        picture = QLabel()
        name = "image" if attachment.kind.startswith("image/") else "file"
        picture.setPixmap(pixmap(name, face.quiet, 18, self.devicePixelRatioF()))
        row.addWidget(picture)
        words = QVBoxLayout()
        words.setSpacing(0)
        title = ElidedLabel(attachment.name)
        size = QLabel(size_words(attachment.size, language))
        size.setObjectName("small")
        words.addWidget(title)
        words.addWidget(size)
        row.addLayout(words, 1)
        self._number = attachment.part
        self._pressed: QPoint | None = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        for act, icon_name, text in (
            ("files", "folder", _("Put {name} into my files")),
            ("open", "expand", _("Open {name}")),
            ("save", "download", _("Save {name}")),
        ):
            button = tool_button(icon_name, text.format(name=attachment.name), face)
            button.clicked.connect(
                lambda _on=False, what=act: self.act_wanted.emit(attachment.part, what)
            )
            button.setCursor(Qt.CursorShape.ArrowCursor)
            row.addWidget(button)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.pos()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None or self._pressed is None:
            return
        if (event.pos() - self._pressed).manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            self.act_wanted.emit(self._number, "drag")

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        self._pressed = None

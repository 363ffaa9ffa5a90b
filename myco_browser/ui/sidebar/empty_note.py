"""What stands in a list or page that has nothing to show: a sentence, and what can be done."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from myco_browser.ui.icons import pixmap
from myco_browser.ui.panels import text_label
from myco_browser.ui.theme import SPACE, Face

Choice = tuple[str, Callable[[], None]]
"""The words on a button, and what it does."""


class EmptyNote(QWidget):
    """Lies in the middle of the upper half of a list; hidden until it has something to say."""

    def __init__(self, view: QWidget, face: Face) -> None:
        super().__init__(view)
        self._face = face
        self._view = view
        self._act: Callable[[], None] = lambda: None
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["xl"], 0, SPACE["xl"], 0)
        column.setSpacing(SPACE["m"])
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence = text_label("", "quiet")
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = QPushButton()
        self.button.clicked.connect(lambda: self._act())
        column.addWidget(self._picture)
        column.addWidget(self._sentence)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        view.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._sentence.text() if not self.isHidden() else ""

    def say(self, sentence: str, icon_name: str = "", choice: Choice | None = None) -> None:
        """Shows a sentence, a picture above it and a button below; nothing for ""."""
        self._sentence.setText(sentence)
        ratio = self.devicePixelRatioF()
        if icon_name:
            self._picture.setPixmap(pixmap(icon_name, self._face.quiet, 32, ratio))
        self._picture.setVisible(bool(icon_name))
        self.button.setVisible(choice is not None)
        if choice is not None:
            words, self._act = choice
            self.button.setText(words)
        self.setVisible(bool(sentence))
        self._place()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        layout, width = self.layout(), self._view.width()
        height = layout.totalHeightForWidth(width) if layout is not None else 0
        top = max(SPACE["l"], min(SPACE["xxl"] * 2, (self._view.height() - height) // 2))
        self.setGeometry(0, top, width, height)

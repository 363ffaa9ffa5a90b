"""What a list says when nothing is in it: why, what would fill it, and a button that does."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtWidgets import QAbstractScrollArea, QLabel, QPushButton, QVBoxLayout, QWidget

from myco_browser.ui.icons import pixmap
from myco_browser.ui.panels import text_label
from myco_browser.ui.theme import SPACE, Face

_PICTURE = 32
_WIDEST = 380

Choice = tuple[str, Callable[[], None]]
"""The words on a button, and what it does."""


class EmptyNote(QWidget):
    """Stands in the middle of what can be seen of a list; hidden until it has something to say."""

    def __init__(self, area: QAbstractScrollArea, face: Face, icon_name: str = "") -> None:
        super().__init__(area.viewport())
        self._area = area
        self._face = face
        self._act: Callable[[], None] = lambda: None
        self._picture = QLabel()
        self.sentence = text_label("", "strong")
        self.hint = text_label("", "quiet")
        self.button = QPushButton()
        self.button.clicked.connect(lambda: self._act())
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["l"], SPACE["l"], SPACE["l"], SPACE["l"])
        column.setSpacing(SPACE["s"])
        column.addStretch(2)
        for part in (self._picture, self.sentence, self.hint):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(part)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self._draw(icon_name)
        self.hide()
        if (viewport := area.viewport()) is not None:
            viewport.installEventFilter(self)

    def tell(self, sentence: str, hint: str = "", choice: Choice | None = None) -> None:
        """Shows a sentence, below it what to do, and a button; nothing when both are empty."""
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.button.setVisible(choice is not None)
        if choice is not None:
            words, self._act = choice
            self.button.setText(words)
        # Without a button, the mouse goes through it.
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, choice is None)
        self._area.setAccessibleDescription(f"{sentence} {hint}".strip())
        self._place()
        self.setVisible(bool(sentence or hint))

    def say(self, hint: str, icon_name: str = "", choice: Choice | None = None) -> None:
        """The quiet form of it, with a picture of its own."""
        self._draw(icon_name)
        self.tell("", hint, choice)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _draw(self, icon_name: str) -> None:
        self._picture.setVisible(bool(icon_name))
        if icon_name:
            ratio = self.devicePixelRatioF()
            self._picture.setPixmap(pixmap(icon_name, self._face.quiet, _PICTURE, ratio))

    def _place(self) -> None:
        if (viewport := self._area.viewport()) is None:
            return
        width = min(_WIDEST, viewport.width())
        self.setGeometry((viewport.width() - width) // 2, 0, width, viewport.height())

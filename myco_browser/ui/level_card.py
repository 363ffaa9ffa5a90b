"""A choice as a card: an icon, a name and a sentence; the one that holds has a mark."""

from __future__ import annotations

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from myco_browser.ui.icons import pixmap
from myco_browser.ui.theme import SPACE, Face


class LevelCard(QPushButton):
    """As high as its words need in the width that it is given."""

    def __init__(self, icon_name: str, tone: str, name: str, sentence: str, face: Face) -> None:
        super().__init__()
        self.setObjectName("levelcard")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setAccessibleName(name)
        self.setAccessibleDescription(sentence)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE["m"], SPACE["m"] - 2, SPACE["m"], SPACE["m"] - 2)
        row.setSpacing(SPACE["m"])
        ratio = self.devicePixelRatioF()
        picture = QLabel()
        picture.setPixmap(pixmap(icon_name, getattr(face, tone), 24, ratio))
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        for text, kind in ((name, "strong"), (sentence, "quiet")):
            label = QLabel(text)
            label.setObjectName(kind)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            words.addWidget(label)
        row.addLayout(words, 1)
        self._mark = QLabel()
        self._mark.setFixedSize(20, 20)
        self._tick = pixmap("check", getattr(face, tone), 20, ratio)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_chosen(self, chosen: bool) -> None:
        """Whether this choice holds."""
        self.setChecked(chosen)
        if chosen:
            self._mark.setPixmap(self._tick)
        else:
            self._mark.clear()

    def fit(self, width: int) -> None:
        """Takes the height that its words need at this width."""
        layout = self.layout()
        self.setFixedHeight(layout.totalHeightForWidth(width) if layout is not None else 0)

    def sizeHint(self) -> QSize:
        return QSize(0, self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

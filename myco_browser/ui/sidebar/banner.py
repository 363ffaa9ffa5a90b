"""A line that explains something of a letter or an account, with what can be done about it."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from myco_browser.ui.icons import pixmap
from myco_browser.ui.panels import text_label
from myco_browser.ui.sidebar.flow_row import FlowRow
from myco_browser.ui.theme import SPACE, Face

_TONES = {"warning": "warning", "danger": "danger"}


class Banner(QFrame):
    """Hidden until it has something to say."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self.setObjectName("banner")
        self._face = face
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE["m"], SPACE["s"], SPACE["m"], SPACE["s"])
        row.setSpacing(SPACE["s"])
        self._picture = QLabel()
        row.addWidget(self._picture)
        column = QVBoxLayout()
        column.setSpacing(SPACE["xs"])
        self._title = text_label("", "strong")
        self._title.hide()
        self._text = text_label("", "body")
        column.addWidget(self._title)
        column.addWidget(self._text)
        self._buttons = FlowRow()
        column.addLayout(self._buttons)
        row.addLayout(column, 1)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        if self.isHidden():
            return ""
        return "\n".join(filter(None, (self._title.text(), self._text.text())))

    def say(
        self,
        icon_name: str,
        text: str,
        choices: tuple[tuple[str, Callable[[], None]], ...] = (),
        tone: str = "",
        title: str = "",
    ) -> None:
        """Shows a sentence and buttons, and above them a title."""
        colour = getattr(self._face, _TONES.get(tone, "quiet"))
        self._picture.setPixmap(pixmap(icon_name, colour, 18, self.devicePixelRatioF()))
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._text.setText(text)
        while self._buttons.count():
            item = self._buttons.takeAt(0)
            if item is not None and (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for label, act in choices:
            button = QPushButton(label)
            button.clicked.connect(lambda _checked=False, do=act: do())
            self._buttons.addWidget(button)
        self.setProperty("tone", tone)
        if (style := self.style()) is not None:
            style.polish(self)
        self.show()

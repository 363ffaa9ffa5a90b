"""What a tab shows instead of a page: an error, a crash, a refusal, with what to do next.

A widget and not a web page, so that no site can imitate it inside the content and no script runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from myco_browser.ui.icons import pixmap
from myco_browser.ui.theme import SPACE, Face


class Choice(NamedTuple):
    """One button. The first choice of a page is the safe one and has the focus."""

    label: str
    act: Callable[[], None]
    risky: bool = False


class Message(NamedTuple):
    """What to show; texts are already in the window's language."""

    icon: str
    title: str
    text: str
    details: str = ""
    tone: str = "text"
    choices: tuple[Choice, ...] = ()


class Interstitial(QScrollArea):
    """One message, centred, readable at any window size."""

    def __init__(self, message: Message, face: Face, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setObjectName("interstitial")
        self.setAccessibleName(message.title)
        self.setAccessibleDescription(message.text)
        inner = QWidget()
        outer = QVBoxLayout(inner)
        outer.setContentsMargins(SPACE["xxl"], SPACE["xxl"], SPACE["xxl"], SPACE["xxl"])
        outer.addStretch(2)
        outer.addLayout(self._column(message, face))
        outer.addStretch(3)
        self.setWidget(inner)

    def focus_first(self) -> None:
        """Puts the focus on the safe choice."""
        if (button := self.findChild(QPushButton, "primary")) is not None:
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _column(self, message: Message, face: Face) -> QHBoxLayout:
        row = QHBoxLayout()
        column = QVBoxLayout()
        column.setSpacing(SPACE["m"])
        picture = QLabel()
        picture.setPixmap(
            pixmap(message.icon, getattr(face, message.tone), 56, self.devicePixelRatioF())
        )
        column.addWidget(picture)
        column.addWidget(_label(message.title, "title"))
        column.addWidget(_label(message.text, "subtitle"))
        if message.details:
            column.addWidget(_label(message.details, "code"))
        column.addSpacing(SPACE["s"])
        column.addLayout(_buttons(message.choices))
        holder = QWidget()
        holder.setLayout(column)
        holder.setMaximumWidth(620)
        row.addStretch(1)
        row.addWidget(holder, 8)
        row.addStretch(1)
        return row


def _label(text: str, name: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _buttons(choices: tuple[Choice, ...]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(SPACE["s"])
    for number, choice in enumerate(choices):
        button = QPushButton(choice.label)
        button.setObjectName("primary" if number == 0 else "link" if choice.risky else "plain")
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(choice.act)
        row.addWidget(button)
    row.addStretch(1)
    return row

"""The messages of a conversation, above the letter that is open: who wrote when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.mail import Summary
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.sidebar.mail_words import short_time
from myco_browser.ui.theme import SPACE, Face

_ROW = 28
_MOST_ROWS, _FEW_ROWS = 5, 2
_TALL = 600
_MOST = 200


class ConversationStrip(QFrame):
    """Hidden where there is one message only. `chosen` carries the number of a message."""

    chosen = pyqtSignal(int)

    def __init__(self, face: Face, language: str) -> None:
        super().__init__()
        self.setObjectName("strip")
        self._face = face
        self._language = language
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["s"], SPACE["s"], SPACE["s"], SPACE["xs"])
        column.setSpacing(0)
        self._title = QLabel()
        self._title.setObjectName("small")
        self._title.setContentsMargins(SPACE["s"], 0, 0, 2)
        column.addWidget(self._title)
        self._area = QScrollArea()
        self._area.setObjectName("members")
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self._area)
        self.buttons: dict[int, QPushButton] = {}
        self.hide()

    def show_members(
        self, members: Sequence[int], known: Mapping[int, Summary], current: int
    ) -> None:
        """Shows the messages of a conversation, the oldest first; `current` is open."""
        self.buttons = {}
        if len(members) < 2:
            self.hide()
            return
        words = ngettext(
            "{count} message in this conversation", "{count} messages in this conversation",
            len(members),
        )  # fmt: skip
        self._title.setText(words.format(count=len(members)))
        inner = QWidget()
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for uid in members[-_MOST:]:
            button = self._button(uid, known.get(uid), is_open=uid == current)
            self.buttons[uid] = button
            rows.addWidget(button)
        rows.addStretch(1)
        self._area.setWidget(inner)
        # Where there is little room, the letter has more of it.
        window = self.window()
        is_tall = window is None or window.height() >= _TALL
        most = _MOST_ROWS if is_tall else _FEW_ROWS
        self._area.setFixedHeight(_ROW * min(len(self.buttons), most))
        self.show()
        if (shown := self.buttons.get(current)) is not None:
            inner.adjustSize()
            self._area.ensureWidgetVisible(shown)

    def _button(self, uid: int, one: Summary | None, *, is_open: bool) -> QPushButton:
        button = QPushButton()
        button.setObjectName("member")
        button.setFixedHeight(_ROW)
        button.setCheckable(True)
        button.setChecked(is_open)
        who = (one.sender.shown if one is not None else "") or _("Unknown sender")
        when = short_time(one.when, self._language) if one is not None else ""
        metrics = button.fontMetrics()
        shown = metrics.elidedText(who, Qt.TextElideMode.ElideRight, 190).replace("&", "&&")
        button.setText(f"{shown}  ·  {when}")
        button.setAccessibleName(f"{who}, {when}")
        button.setProperty("unread", one is not None and one.unread and not is_open)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.chosen.emit(uid))
        return button

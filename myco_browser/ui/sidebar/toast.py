"""A short word at the foot of a panel, with a way back for a while."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QObject, Qt, QTimer
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from myco_browser.ui.i18n import _
from myco_browser.ui.theme import SPACE

UNDO_MS = 6000
_LEAST_HEIGHT = 40


class Toast(QFrame):
    """Says what was done; until it goes, it can be undone. Then `commit` is called."""

    def __init__(self, parent: QWidget, above: QWidget | None = None) -> None:
        """`above` is what it lies at the foot of, instead of all of its parent."""
        super().__init__(parent)
        self._above = above or parent
        self._above.installEventFilter(self)
        self.setObjectName("toast")
        self._undo: Callable[[], None] | None = None
        self._commit: Callable[[], None] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE["m"], SPACE["xs"], SPACE["xs"], SPACE["xs"])
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._button = QPushButton(_("Undo"))
        self._button.clicked.connect(self._on_undo)
        row.addWidget(self._label, 1)
        row.addWidget(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.flush)
        self.hide()

    def say(
        self,
        text: str,
        commit: Callable[[], None] | None = None,
        undo: Callable[[], None] | None = None,
        milliseconds: int = UNDO_MS,
        word: str = "",
    ) -> None:
        """Shows a sentence; what the one before had to do is done now.

        `word` stands on the button in place of "Undo".
        """
        self.flush()
        self._commit, self._undo = commit, undo
        self._label.setText(text)
        self._button.setText(word or _("Undo"))
        self._button.setVisible(undo is not None)
        self.setAccessibleName(text)
        self.place()
        self.show()
        self.raise_()
        self._timer.start(milliseconds)

    def flush(self) -> None:
        """Does what waits to be done."""
        commit, self._commit, self._undo = self._commit, None, None
        self._timer.stop()
        self.hide()
        if commit is not None:
            commit()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Resize:
            self.place()
        return super().eventFilter(watched, event)

    def place(self) -> None:
        """At the foot of what it belongs to."""
        room = self._above.rect()
        if self._above is not self.parentWidget():
            room.moveTopLeft(self._above.pos())
        width = max(200, room.width() - 2 * SPACE["l"])
        layout = self.layout()
        height = layout.totalHeightForWidth(width) if layout is not None else 0
        self.setFixedSize(width, max(height, self.minimumSizeHint().height(), _LEAST_HEIGHT))
        self.move(room.left() + SPACE["l"], room.bottom() + 1 - self.height() - SPACE["l"])

    def _on_undo(self) -> None:
        undo, self._commit, self._undo = self._undo, None, None
        self._timer.stop()
        self.hide()
        if undo is not None:
            undo()

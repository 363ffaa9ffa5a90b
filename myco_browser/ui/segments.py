"""A choice of one out of a few, side by side: one press, always visible what holds."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QPushButton


class Segments(QFrame):
    """A row of buttons of which one is down.

    The arrow keys move between them; what they pass is not chosen before Space or Enter.
    """

    chosen = pyqtSignal(int)

    def __init__(self, name: str, labels: Sequence[str], current: int) -> None:
        super().__init__()
        self.setObjectName("segments")
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 3, 3, 3)
        row.setSpacing(3)
        self._buttons: list[QPushButton] = []
        for number, label in enumerate(labels):
            button = _Segment(label)
            button.setChecked(number == current)
            button.setAccessibleName(f"{name}: {label}")
            button.clicked.connect(lambda _down=False, chosen=number: self._choose(chosen))
            self._buttons.append(button)
            row.addWidget(button, 1)

    def focus_current(self) -> None:
        """Puts the focus on the button that is down."""
        for button in self._buttons:
            if button.isChecked():
                button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, chosen: int) -> None:
        for number, button in enumerate(self._buttons):
            button.setChecked(number == chosen)
        self.chosen.emit(chosen)


class _Segment(QPushButton):
    def __init__(self, label: str) -> None:
        super().__init__(label)
        self.setObjectName("segment")
        self.setCheckable(True)
        self.setAutoDefault(False)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

"""The files of a letter; where there are many, or little room, the list of them is scrolled."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from myco_browser.domain.mail import Attachment
from myco_browser.ui.sidebar.attachment_row import AttachmentRow
from myco_browser.ui.theme import SPACE, Face

_MOST_FILES = 50
_MOST_ROWS, _FEW_ROWS = 4, 1


class AttachmentList(QScrollArea):
    """Hidden where there are none."""

    act_wanted = pyqtSignal(int, str)  # the number of a file, and what is to be done

    def __init__(self, face: Face, language: str) -> None:
        super().__init__()
        self._face = face
        self._language = language
        self._is_low = False
        self._rows: list[AttachmentRow] = []
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hide()

    def show_files(self, files: Sequence[Attachment]) -> None:
        """Those of another letter."""
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(SPACE["l"], 0, SPACE["l"], 0)
        column.setSpacing(SPACE["xs"])
        self._rows = []
        for one in files[:_MOST_FILES]:
            row = AttachmentRow(one, self._face, self._language)
            row.act_wanted.connect(self.act_wanted)
            self._rows.append(row)
            column.addWidget(row)
        self.setWidget(inner)
        self.setVisible(bool(self._rows))
        self._fit()

    def be_low(self, on: bool) -> None:
        """The letter needs the room."""
        self._is_low = on
        self._fit()

    def _fit(self) -> None:
        shown = self._rows[: _FEW_ROWS if self._is_low else _MOST_ROWS]
        height = sum(row.sizeHint().height() + SPACE["xs"] for row in shown) - SPACE["xs"]
        self.setFixedHeight(max(0, height))

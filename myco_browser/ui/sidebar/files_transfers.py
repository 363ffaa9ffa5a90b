"""The files that are on their way, at the foot of the panel."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from myco_browser.bridge.files_transfers import Transfers
from myco_browser.services.files_transfers import Phase, Transfer, Way
from myco_browser.ui.chrome import tool_button
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import pixmap
from myco_browser.ui.sidebar.elided_label import ElidedLabel
from myco_browser.ui.sidebar.files_words import missing_words, transfer_words
from myco_browser.ui.theme import SPACE, Face

_MOST_SHOWN = 4


class TransferRows(QWidget):
    """The newest few of one account, with what can be done about them."""

    def __init__(self, transfers: Transfers, face: Face, language: str) -> None:
        super().__init__()
        self._transfers = transfers
        self._face = face
        self._language = language
        self._account_id = ""
        self._rows: dict[str, _Row] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SPACE["s"], SPACE["xs"], SPACE["s"], SPACE["xs"])
        self._column.setSpacing(SPACE["xs"])
        self._more = QLabel()
        self._more.setObjectName("small")
        self._column.addWidget(self._more)
        transfers.changed.connect(self._on_changed)
        self.hide()

    def show_account(self, account_id: str) -> None:
        """Shows those of an account."""
        self._account_id = account_id
        for row in self._rows.values():
            row.deleteLater()
        self._rows.clear()
        self._arrange()

    def _on_changed(self, number: str) -> None:
        one = next((t for t in self._transfers.all if t.number == number), None)
        row = self._rows.get(number)
        if one is not None and row is not None:
            row.show_transfer(one)
        else:
            self._arrange()

    def _arrange(self) -> None:
        every = [one for one in self._transfers.all if one.account_id == self._account_id]
        # What needs somebody comes before what only waits, and that before what is done.
        order = (
            Phase.HELD, Phase.RUNNING, Phase.FAILED, Phase.PAUSED, Phase.WAITING, Phase.DONE,
        )  # fmt: skip
        every.sort(key=lambda one: order.index(one.phase))
        shown = every[:_MOST_SHOWN]
        for number in self._rows.keys() - {one.number for one in shown}:
            self._rows.pop(number).deleteLater()
        for place, one in enumerate(shown):
            if one.number not in self._rows:
                self._rows[one.number] = _Row(self._transfers, self._face, self._language)
            row = self._rows[one.number]
            if self._column.indexOf(row) != place:
                self._column.insertWidget(place, row)
            row.show_transfer(one)
        left = len(every) - len(shown)
        self._more.setText(_("and {count} more").format(count=left))
        self._more.setVisible(left > 0)
        self.setVisible(bool(every))


class _Row(QFrame):
    def __init__(self, transfers: Transfers, face: Face, language: str) -> None:
        super().__init__()
        self.setObjectName("file")
        self._face = face
        self._language = language
        self._number = ""
        self._transfers = transfers
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        column.addLayout(row)
        row.setContentsMargins(SPACE["m"], 6, SPACE["xs"], 6)
        row.setSpacing(SPACE["s"])
        self._picture = QLabel()
        words = QVBoxLayout()
        words.setSpacing(2)
        self._title, self._state = ElidedLabel(), QLabel()
        self._state.setTextFormat(Qt.TextFormat.PlainText)
        self._state.setObjectName("small")
        self._state.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(4)
        for widget in (self._title, self._bar, self._state):
            words.addWidget(widget)
        row.addWidget(self._picture)
        row.addLayout(words, 1)
        self._pause = tool_button("pause", _("Pause"), face)
        self._pause.clicked.connect(lambda: transfers.pause(self._number))
        self._resume = tool_button("play", _("Go on"), face)
        self._resume.clicked.connect(lambda: transfers.resume(self._number))
        self._remove = tool_button("close", _("Remove"), face)
        self._remove.clicked.connect(lambda: transfers.remove(self._number))
        for button in (self._pause, self._resume, self._remove):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self._question = self._make_question()
        column.addWidget(self._question)

    def _make_question(self) -> QWidget:
        """What can be done about one that is held."""
        question = QWidget()
        line = QHBoxLayout(question)
        line.setContentsMargins(SPACE["m"], 0, SPACE["m"], SPACE["s"])
        line.setSpacing(SPACE["xs"])
        transfers = self._transfers
        self._again = QPushButton(_("Try again"))
        self._again.clicked.connect(lambda: transfers.resume(self._number))
        self._keep = QPushButton()
        self._keep.clicked.connect(lambda: transfers.keep(self._number))
        self._delete = QPushButton(_("Delete"))
        self._delete.clicked.connect(lambda: transfers.remove(self._number))
        for button in (self._delete, self._again, self._keep):
            line.addWidget(button)
        line.addStretch(1)
        return question

    def show_transfer(self, one: Transfer) -> None:
        """Shows one as it is now."""
        self._number = one.number
        name = one.path.rpartition("/")[2]
        self._title.show_text(name)
        self._picture_of(one)
        self._state.setText(transfer_words(one, self._language))
        self._state.setToolTip(missing_words(one))
        self._bar.setVisible(one.phase in (Phase.RUNNING, Phase.PAUSED) and bool(one.size))
        self._bar.setRange(0, 1000)
        self._bar.setValue(round(1000 * one.done / one.size) if one.size else 0)
        self._pause.setVisible(one.phase in (Phase.RUNNING, Phase.WAITING))
        self._resume.setVisible(one.phase in (Phase.PAUSED, Phase.FAILED))
        is_held = one.phase is Phase.HELD
        self._question.setVisible(is_held)
        self._remove.setVisible(not is_held)
        self._again.setVisible(bool(one.missing))
        self._keep.setText(_("Keep without them") if one.missing else _("Keep anyway"))
        self.setAccessibleName(f"{name}: {self._state.text()}")

    def _picture_of(self, one: Transfer) -> None:
        face = self._face
        match one.phase:
            case Phase.HELD:
                name, tone = "warning", face.warning
            case Phase.FAILED:
                name, tone = "warning", face.danger
            case _:
                name, tone = "upload" if one.way is Way.UP else "download", face.quiet
        self._picture.setPixmap(pixmap(name, tone, 18, self.devicePixelRatioF()))

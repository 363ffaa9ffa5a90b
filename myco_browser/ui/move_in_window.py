"""Moving in from another browser: what was found, what would come, and what came."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
)

from myco_browser.services.foreign_files import Findings, read_profile
from myco_browser.services.foreign_profiles import ForeignProfile, find_profiles
from myco_browser.services.moving_in import Taken
from myco_browser.services.password_store import StoreError
from myco_browser.ui.context import Context
from myco_browser.ui.i18n import _
from myco_browser.ui.move_in_parts import (
    MovedPart,
    bookmark_part,
    engine_part,
    history_part,
    password_part,
)
from myco_browser.ui.panels import text_label
from myco_browser.ui.theme import SPACE

_LATER_MS = 40


class MoveInWindow(QDialog):
    """Reads when a profile is chosen, writes when the user says so; one part after the other."""

    def __init__(self, context: Context, home: Path | None = None) -> None:
        super().__init__()
        self._context = context
        self._profiles = find_profiles(home or Path.home())
        self._parts: list[MovedPart] = []
        self._boxes: list[QCheckBox] = []
        self._is_open = True
        self.destroyed.connect(self._close_up)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Move in"))
        self.setMinimumWidth(520)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["xl"], SPACE["xl"], SPACE["xl"], SPACE["l"])
        column.setSpacing(SPACE["m"])
        column.addWidget(text_label(_("Move in from another browser"), "headline"))
        column.addWidget(text_label(self._intro(), "quiet"))
        self.choice = QComboBox()
        self.choice.setAccessibleName(_("Where from"))
        for profile in self._profiles:
            self.choice.addItem(f"{profile.browser} – {profile.name}")
        self.choice.setVisible(bool(self._profiles))
        self.choice.currentIndexChanged.connect(self._read)
        column.addWidget(self.choice)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACE["s"])
        column.addLayout(self._rows)
        self._note = text_label("", "quiet")
        column.addWidget(self._note)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        self._bar.setAccessibleName(_("Progress"))
        self._bar.hide()
        column.addWidget(self._bar)
        column.addStretch(1)
        column.addLayout(self._foot())
        if self._profiles:
            self._read()

    def _intro(self) -> str:
        if not self._profiles:
            return _(
                "No profile of Firefox, Chrome, Chromium, Brave or Vivaldi was found on this "
                "computer. Bookmarks can be brought over as an HTML file, too, in their window."
            )
        return _(
            "The other browser stays as it is, and may be open. What is here already does not come "
            "a second time. Nothing of this leaves your computer."
        )

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        self._close = QPushButton(_("Close"))
        self._close.setAutoDefault(False)
        self._close.clicked.connect(self.close)
        row.addWidget(self._close)
        self.go = QPushButton(_("Bring over"))
        self.go.setObjectName("primary")
        self.go.setDefault(True)
        self.go.setVisible(bool(self._profiles))
        self.go.setEnabled(False)
        self.go.clicked.connect(lambda _checked=False: self._begin())
        row.addWidget(self.go)
        return row

    # What would come

    def _read(self) -> None:
        profile = self._profiles[self.choice.currentIndex()]
        self._clear()
        self._note.setText(_("Reading…"))
        self.go.setEnabled(False)
        self._context.beside.compute(
            lambda: read_profile(profile), lambda found: self._show(profile, found)
        )

    def _show(self, profile: ForeignProfile, found: Findings) -> None:
        if not self._is_open or profile is not self._profiles[self.choice.currentIndex()]:
            return
        self._note.setText(_problem_words(found))
        context = self._context
        self._parts = [bookmark_part(context, found), history_part(context, found),
                       engine_part(context, found), password_part(context, found)]  # fmt: skip
        for part in self._parts:
            box = QCheckBox(f"{part.title} – {part.preview}")
            box.setChecked(part.count > 0)
            box.setEnabled(part.count > 0)
            box.toggled.connect(self._show_go)
            self._boxes.append(box)
            self._rows.addWidget(box)
            if part.detail:
                label = text_label(part.detail, "quiet")
                label.setContentsMargins(34, 0, 0, 0)
                self._rows.addWidget(label)
        self._show_go()
        self.adjustSize()

    def _clear(self) -> None:
        self._parts, self._boxes = [], []
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _show_go(self) -> None:
        self.go.setEnabled(any(box.isChecked() for box in self._boxes))

    # What came

    def _begin(self) -> None:
        chosen = [part for part, box in zip(self._parts, self._boxes, strict=True)
                  if box.isChecked()]  # fmt: skip
        self.go.setEnabled(False)
        self.choice.setEnabled(False)
        for box in self._boxes:
            box.setEnabled(False)
        self._bar.setRange(0, sum(part.count for part in chosen))
        self._bar.setValue(0)
        self._bar.show()
        self._step(chosen, [])

    def _step(self, waiting: list[MovedPart], told: list[str]) -> None:
        if not waiting:
            self._finish(told)
            return
        part, *rest = waiting
        before = self._bar.value()
        steps = part.take()

        def one() -> None:
            if not self._is_open:
                return
            try:
                taken = next(steps)
            except StopIteration:
                self._step(rest, [*told, part.words(last[0])])
            except (sqlite3.Error, OSError, StoreError) as error:
                cause = getattr(error, "strerror", None) or error
                text = _("{part}: could not be kept: {error}")
                self._step(rest, [*told, text.format(part=part.title, error=cause)])
            else:
                if taken is not None:
                    last[0] = taken
                    self._bar.setValue(before + taken.came + taken.left)
                QTimer.singleShot(0 if taken is not None else _LATER_MS, one)

        last = [Taken()]
        one()

    def _finish(self, told: list[str]) -> None:
        self._bar.hide()
        self._clear()
        for text in told:
            self._rows.addWidget(text_label(text, "strong"))
        self._note.setText(_("Done. The other browser was not changed."))
        self.choice.setEnabled(True)
        self.told = tuple(told)

    def _close_up(self) -> None:
        self._is_open = False


def _problem_words(found: Findings) -> str:
    if not found.problems:
        return ""
    each = [_("{file}: {cause}").format(file=file, cause=_(cause.value))
            for file, cause in found.problems]  # fmt: skip
    return _("Could not be read: {files}").format(files="; ".join(each))

"""Makes a password as the user likes it: length, classes, readable."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.password_maker import LONGEST, SHORTEST, USUAL, Recipe
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon
from myco_browser.ui.panels import text_label
from myco_browser.ui.theme import SPACE, Face


class MakerRow(QWidget):
    """A new password, what it is made of, and a button that takes it."""

    def __init__(self, face: Face, take: Callable[[str], None]) -> None:
        super().__init__()
        self._take = take
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE["s"])
        column.addWidget(text_label(_("A new password"), "strong"))
        row = QHBoxLayout()
        row.setSpacing(SPACE["s"])
        self.made = QLineEdit()
        self.made.setObjectName("code")
        self.made.setReadOnly(True)
        self.made.setAccessibleName(_("A new password"))
        again = QToolButton()
        again.setIcon(icon("dice", face.quiet, 18))
        again.setToolTip(_("Another one"))
        again.setAccessibleName(_("Another one"))
        again.clicked.connect(self.make)
        row.addWidget(self.made, 1)
        row.addWidget(again)
        column.addLayout(row)
        column.addLayout(self._length_row())
        column.addLayout(self._classes())
        bottom = QHBoxLayout()
        self._strength = QLabel()
        self._strength.setObjectName("small")
        use = QPushButton(_("Use it"))
        use.clicked.connect(lambda: self._take(self.made.text()))
        bottom.addWidget(self._strength, 1)
        bottom.addWidget(use)
        column.addLayout(bottom)
        self.make()

    @property
    def recipe(self) -> Recipe:
        """What was chosen."""
        return Recipe(
            self.length.value(), self.upper.isChecked(), self.digits.isChecked(),
            self.signs.isChecked(), self.readable.isChecked(),
        )  # fmt: skip

    def make(self) -> None:
        """Makes another one."""
        recipe = self.recipe
        self.made.setText(recipe.make(secrets.randbelow))
        self.made.setCursorPosition(0)
        words = _("{length} letters, {bits} bits")
        self._strength.setText(words.format(length=recipe.length, bits=recipe.bits))

    def _length_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.length = QSlider(Qt.Orientation.Horizontal)
        self.length.setRange(SHORTEST, LONGEST)
        self.length.setValue(USUAL)
        self.length.setAccessibleName(_("Length"))
        self.length.valueChanged.connect(self.make)
        row.addWidget(QLabel(_("Length")))
        row.addWidget(self.length, 1)
        return row

    def _classes(self) -> QGridLayout:
        grid = QGridLayout()
        self.upper = QCheckBox(_("Capitals"))
        self.digits = QCheckBox(_("Digits"))
        self.signs = QCheckBox(_("Signs"))
        self.readable = QCheckBox(_("Easy to read"))
        self.readable.setToolTip(_("Without letters that look alike, such as l, I and 1."))
        for number, box in enumerate((self.upper, self.digits, self.signs, self.readable)):
            box.setChecked(box is not self.readable)
            box.toggled.connect(self.make)
            grid.addWidget(box, number // 2, number % 2)
        return grid

"""Fields of the pages in the sidebar, one below the other."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PyQt6.QtCore import QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.mail import COLOURS
from myco_browser.ui.i18n import _
from myco_browser.ui.panels import text_label
from myco_browser.ui.sidebar.folder_menu import dot
from myco_browser.ui.theme import SPACE, Face


def add_field(
    column: QVBoxLayout, title: str, submit: Callable[[], None], *, hidden: bool = False
) -> QLineEdit:
    """A field below its title; Enter in it calls `submit`. `hidden` is for secrets."""
    label = QLabel(title)
    label.setObjectName("strong")
    field = QLineEdit()
    field.setAccessibleName(title)
    if hidden:
        field.setEchoMode(QLineEdit.EchoMode.Password)
    field.returnPressed.connect(submit)
    label.setBuddy(field)
    column.addSpacing(SPACE["s"])
    column.addWidget(label)
    column.addWidget(field)
    return field


def scrolling_column(page: QWidget) -> QVBoxLayout:
    """The column of a page; it can be scrolled where the window is low."""
    outer = QVBoxLayout(page)
    outer.setContentsMargins(0, 0, 0, 0)
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    inner = QWidget()
    area.setWidget(inner)
    if (ground := area.viewport()) is not None:
        ground.setAutoFillBackground(False)
    # A widget that is given to the area fills its ground, which is not the panel's.
    inner.setAutoFillBackground(False)
    outer.addWidget(area)
    return QVBoxLayout(inner)


def passphrase_note(*, is_new: bool) -> str:
    """What the passphrase is for, to be read below its field."""
    if not is_new:
        return _("It opens the file with the passwords that are kept already.")
    return _("This desktop has no keyring. Passwords are kept in a file that opens with a "
             "passphrase of yours; you are asked for it once after each start.")  # fmt: skip


def add_buttons(
    column: QVBoxLayout, title: str, submit: Callable[[], None], cancel: Callable[[], None]
) -> tuple[QPushButton, QPushButton]:
    """The button that does it, and the hidden one that leads back."""
    row = QHBoxLayout()
    button = QPushButton(title)
    button.setObjectName("primary")
    button.clicked.connect(submit)
    back = QPushButton(_("Cancel"))
    back.clicked.connect(cancel)
    back.hide()
    row.addWidget(button)
    row.addWidget(back)
    row.addStretch(1)
    column.addLayout(row)
    return button, back


def chain(*widgets: QWidget) -> None:
    """The Tab key goes from each of them to the next."""
    for one, following in pairwise(widgets):
        QWidget.setTabOrder(one, following)


class Report(QWidget):
    """What is being done for a page, or why it failed; nothing is in sight at first."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self._mended_at: QWidget | None = None
        self.problem = text_label("", "body")
        self.problem.setStyleSheet(f"color: {face.danger};")
        self.doing = text_label("", "quiet")
        self._progress = QProgressBar()
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE["s"], 0, SPACE["m"])
        column.setSpacing(SPACE["xs"])
        for widget in (self.problem, self.doing, self._progress):
            column.addWidget(widget)
            widget.hide()

    def work(self, sentence: str) -> None:
        """Something is done."""
        self.problem.hide()
        self.doing.setText(sentence)
        self.doing.show()
        self._progress.show()

    def rest(self) -> None:
        """It is done, or was given up."""
        self.doing.hide()
        self._progress.hide()

    def fail(self, sentence: str, field: QWidget | None = None) -> None:
        """Says why it failed; `field` is where it can be mended."""
        self.problem.setText(sentence)
        self.problem.show()
        if field is not None:
            field.setFocus()
        # Once they have their places, they may be outside of what is seen.
        self._mended_at = field
        QTimer.singleShot(0, self._reveal)

    def _reveal(self) -> None:
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None:
            field = self._mended_at
            if field is not None and above.isAncestorOf(field):
                above.ensureWidgetVisible(field)
            above.ensureWidgetVisible(self.problem)


class ColourRow(QWidget):
    """The colours of accounts; one is chosen."""

    chosen = pyqtSignal(str)

    def __init__(self, colour: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        group = QButtonGroup(self)
        for one in COLOURS:
            button = QToolButton()
            button.setCheckable(True)
            button.setChecked(one == colour)
            button.setIcon(dot(one))
            button.setIconSize(QSize(20, 20))
            button.setAccessibleName(_("Colour {name}").format(name=one))
            button.clicked.connect(lambda _on=False, name=one: self.chosen.emit(name))
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)

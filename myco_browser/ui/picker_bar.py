"""The picker's controls: what is meant, narrower or broader, how much it would hide, and Create."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtBoundSignal, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.icons import pixmap
from myco_browser.ui.panels import text_label
from myco_browser.ui.picker_overlay import accepts_override
from myco_browser.ui.theme import SPACE, Face

_WIDTH = 560


class PickerBar(QFrame):
    """Lies over a tab. First it only says what to do; after a choice it has the controls."""

    selector_changed = pyqtSignal(str)
    preview_changed = pyqtSignal(bool)
    again = pyqtSignal()
    created = pyqtSignal()
    cancelled = pyqtSignal()

    def __init__(self, parent: QWidget, face: Face, site: str, note: str) -> None:
        super().__init__(parent)
        self.setObjectName("popup")
        self.setAccessibleName(_("Block an element"))
        self._site = site
        self._selectors: Sequence[str] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["l"], SPACE["m"], SPACE["l"], SPACE["m"])
        column.setSpacing(SPACE["s"])
        top = QHBoxLayout()
        top.setSpacing(SPACE["m"])
        picture = QLabel()
        picture.setPixmap(pixmap("target", face.accent, 20, self.devicePixelRatioF()))
        top.addWidget(picture)
        self._headline = text_label("", "strong")
        top.addWidget(self._headline, 1)
        self._give_up = _button(_("Cancel"), self.cancelled)
        top.addWidget(self._give_up)
        column.addLayout(top)
        self._controls = self._make_controls(note)
        column.addWidget(self._controls)
        parent.installEventFilter(self)
        self.ask()

    @property
    def selector(self) -> str:
        """What is to be hidden."""
        return self._field.text().strip()

    @property
    def previews(self) -> bool:
        """Whether the hits are hidden already."""
        return self._preview.isChecked()

    def ask(self) -> None:
        """Back to the beginning: the user is to choose."""
        self._headline.setText(_("Click what you want to hide. Esc cancels."))
        self._create.setEnabled(False)
        self._field.clear()
        self._controls.hide()
        self._give_up.show()
        self.fit()

    def offer(self, selectors: Sequence[str], start: int) -> None:
        """Shows the controls for these selectors, from the narrowest to the broadest."""
        self._selectors = selectors
        self._slider.blockSignals(True)
        self._slider.setRange(0, len(selectors) - 1)
        self._slider.setValue(start)
        self._slider.setEnabled(len(selectors) > 1)
        self._slider.blockSignals(False)
        self._controls.show()
        self._give_up.hide()
        self._field.setText(selectors[start])
        self.fit()
        self._slider.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_hits(self, count: int | None, *, whole: bool, is_filter: bool) -> None:
        """What the selector finds; None when it is not valid."""
        if count is None or (count and not is_filter):
            text = _("This cannot be a filter.")
        elif whole:
            text = _("This would hide the whole page.")
        else:
            text = ngettext("Hides {count} element on {site}", "Hides {count} elements on {site}",
                            count).format(count=count, site=self._site)  # fmt: skip
        self._headline.setText(text)
        self._create.setEnabled(bool(count) and not whole and is_filter)

    def fit(self) -> None:
        """At the foot of the tab, in the middle."""
        parent = self.parentWidget()
        if parent is None:
            return
        self.setFixedWidth(max(200, min(_WIDTH, parent.width() - 2 * SPACE["l"])))
        self.adjustSize()
        left = (parent.width() - self.width()) // 2
        self.move(left, parent.height() - self.height() - SPACE["l"])

    def dodge(self, *, down: bool) -> None:
        """Goes to the head of the tab, or back down, out of the way of what is pointed at."""
        parent = self.parentWidget()
        if parent is not None:
            below = parent.height() - self.height() - SPACE["l"]
            self.move(self.x(), below if down else SPACE["l"])

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        resized = event is not None and event.type() == QEvent.Type.Resize
        if resized and watched is self.parentWidget():
            self.fit()
        return False

    def event(self, event: QEvent | None) -> bool:
        if accepts_override(event, (Qt.Key.Key_Escape,)):
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif event is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._create.isEnabled() and self._controls.isVisible():
                self.created.emit()
        else:
            super().keyPressEvent(event)

    def _make_controls(self, note: str) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE["s"])
        steps = QHBoxLayout()
        steps.setSpacing(SPACE["s"])
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setAccessibleName(_("Narrower or broader"))
        self._slider.setPageStep(1)
        self._slider.valueChanged.connect(lambda step: self._field.setText(self._selectors[step]))
        steps.addWidget(text_label(_("Narrower"), "quiet"))
        steps.addWidget(self._slider, 1)
        steps.addWidget(text_label(_("Broader"), "quiet"))
        column.addLayout(steps)
        self._field = QLineEdit()
        self._field.setObjectName("code")
        self._field.setAccessibleName(_("Selector"))
        self._field.textChanged.connect(lambda text: self.selector_changed.emit(text.strip()))
        column.addWidget(self._field)
        if note:
            column.addWidget(text_label(note, "quiet"))
        foot = QHBoxLayout()
        foot.setSpacing(SPACE["s"])
        self._preview = QCheckBox(_("Preview"))
        self._preview.setChecked(True)
        self._preview.toggled.connect(self.preview_changed)
        foot.addWidget(self._preview)
        foot.addStretch(1)
        foot.addWidget(_button(_("Choose again"), self.again))
        foot.addWidget(_button(_("Cancel"), self.cancelled))
        self._create = _button(_("Create"), self.created)
        self._create.setObjectName("primary")
        foot.addWidget(self._create)
        column.addLayout(foot)
        return holder


def _button(text: str, pressed: pyqtBoundSignal) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.clicked.connect(lambda _down=False: pressed.emit())
    return button

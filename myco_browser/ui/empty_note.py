"""What a list says when nothing is in it: why, and what would fill it."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtWidgets import QAbstractScrollArea, QLabel, QVBoxLayout, QWidget

from myco_browser.ui.icons import pixmap
from myco_browser.ui.theme import SPACE, Face

_PICTURE = 32
_WIDEST = 380


class EmptyNote(QWidget):
    """Stands in the middle of what can be seen of a list; the mouse goes through it."""

    def __init__(self, area: QAbstractScrollArea, icon_name: str, face: Face) -> None:
        super().__init__(area.viewport())
        self._area = area
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        picture = QLabel()
        picture.setPixmap(pixmap(icon_name, face.quiet, _PICTURE, self.devicePixelRatioF()))
        self.sentence = _label("strong")
        self.hint = _label("quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["l"], SPACE["l"], SPACE["l"], SPACE["l"])
        column.setSpacing(SPACE["s"])
        column.addStretch(2)
        for part in (picture, self.sentence, self.hint):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(part)
        column.addStretch(3)
        self.hide()
        if (viewport := area.viewport()) is not None:
            viewport.installEventFilter(self)

    def tell(self, sentence: str, hint: str = "") -> None:
        """Shows a sentence and, below it, what to do; nothing when there is no sentence."""
        self.sentence.setText(sentence)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self._area.setAccessibleDescription(f"{sentence} {hint}".strip())
        self._place()
        self.setVisible(bool(sentence))

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        if (viewport := self._area.viewport()) is None:
            return
        width = min(_WIDEST, viewport.width())
        self.setGeometry((viewport.width() - width) // 2, 0, width, viewport.height())


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label

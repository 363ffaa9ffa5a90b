"""A clear sheet over a page while the user picks: it takes mouse and keys, and shows what is meant.

A widget of the window and no part of the page: the page gets no event, and can neither cover nor
imitate what is drawn here.
"""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QFont,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PyQt6.QtWidgets import QWidget

from myco_browser.ui.i18n import _
from myco_browser.ui.theme import Face

_WAYS = {
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
}


class PickerOverlay(QWidget):
    """Lies over a page's widget and keeps its size."""

    pointed = pyqtSignal(QPointF)
    clicked = pyqtSignal()
    scrolled = pyqtSignal(QPointF, QPointF)  # where, and how far in pixels
    went = pyqtSignal(str)  # up, down, left, right
    cancelled = pyqtSignal()

    def __init__(self, view: QWidget, face: Face) -> None:
        super().__init__(view)
        self._face = face
        self._boxes: list[QRectF] = []
        self._name = ""
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Choose an element of the page"))
        self.setAccessibleDescription(
            _("The arrow keys go around and beside, Enter chooses, Escape cancels.")
        )
        view.installEventFilter(self)
        self.setGeometry(view.rect())

    def show_boxes(self, boxes: list[QRectF], name: str = "") -> None:
        """Marks these places, in the pixels of this widget; `name` stands beside the first."""
        self._boxes = boxes
        self._name = name
        self.update()

    # Events

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Resize:
            parent = self.parentWidget()
            if parent is not None and watched is parent:
                self.setGeometry(parent.rect())
        return False

    def event(self, event: QEvent | None) -> bool:
        if accepts_override(event, (Qt.Key.Key_Escape,)):
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None:
            self.pointed.emit(event.position())

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        event.accept()
        if event.button() is Qt.MouseButton.LeftButton:
            self.clicked.emit()
        elif event.button() is Qt.MouseButton.RightButton:
            self.cancelled.emit()

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is None:
            return
        event.accept()
        far = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta()
        self.scrolled.emit(event.position(), QPointF(-far.x(), -far.y()))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        elif key in _WAYS:
            self.went.emit(_WAYS[key])
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent | None) -> None:
        super().hideEvent(event)
        # Another tab came to the front. A minimised window hides it spontaneously, and only so.
        if event is not None and not event.spontaneous():
            self.cancelled.emit()

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill = QColor(self._face.accent)
        fill.setAlphaF(0.28)
        painter.setPen(QPen(QColor(self._face.accent), 2))
        painter.setBrush(fill)
        inside = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        for box in self._boxes:
            painter.drawRoundedRect(box.intersected(inside), 4, 4)
        if self._boxes and self._name:
            self._paint_name(painter, self._boxes[0])

    def _paint_name(self, painter: QPainter, box: QRectF) -> None:
        font = QFont(self.font())
        font.setPixelSize(12)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        width = painter.fontMetrics().horizontalAdvance(self._name) + 14
        top = box.top() - 22 if box.top() >= 22 else max(2.0, box.top() + 2)
        left = min(max(2.0, box.left()), max(2.0, self.width() - width - 2.0))
        label = QRectF(left, top, width, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._face.accent))
        painter.drawRoundedRect(label, 5, 5)
        painter.setPen(QColor(self._face.accent_text))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, self._name)


def accepts_override(event: QEvent | None, keys: tuple[Qt.Key, ...]) -> bool:
    """Claims keys that are also shortcuts of the window (Escape stops loading) while one picks."""
    if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.ShortcutOverride:
        return False
    if event.key() not in keys:
        return False
    event.accept()
    return True

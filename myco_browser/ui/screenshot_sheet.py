"""The sheet over a page on which the user says what is to be in a picture."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, QRect, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from myco_browser.ui.i18n import _
from myco_browser.ui.theme import SPACE, Face

_SHADE = QColor(0, 0, 0, 110)
_LEAST = 4


class ScreenshotSheet(QWidget):
    """Shows the page as it was, darker where it is not chosen. Emits once, then it is done."""

    chosen = pyqtSignal(QRect)  # in pixels of the view
    whole_wanted = pyqtSignal()
    cancelled = pyqtSignal()

    def __init__(self, picture: QPixmap, face: Face, view: QWidget) -> None:
        super().__init__(view)
        self._picture = picture
        self._face = face
        self._from: QPoint | None = None
        self._to = QPoint()
        self.setObjectName("sheet")
        self.setAccessibleName(_("Choose the part of the page"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setGeometry(view.rect())
        self._bar = self._make_bar()
        self._bar.adjustSize()
        self._bar.move(max((self.width() - self._bar.width()) // 2, 0), SPACE["m"])

    @property
    def picture(self) -> QPixmap:
        """The visible part of the page, as it was when the sheet was laid over it."""
        return self._picture

    def part(self, area: QRect) -> QPixmap:
        """A part of the picture, at the screen's own sharpness."""
        ratio = self._picture.devicePixelRatio()
        left, top = round(area.left() * ratio), round(area.top() * ratio)
        size = (round(area.width() * ratio), round(area.height() * ratio))
        return self._picture.copy(QRect(left, top, *size))

    def _make_bar(self) -> QFrame:
        bar = QFrame(self)
        bar.setObjectName("findbar")
        bar.setCursor(Qt.CursorShape.ArrowCursor)
        row = QHBoxLayout(bar)
        row.setContentsMargins(SPACE["m"], SPACE["s"], SPACE["s"], SPACE["s"])
        row.setSpacing(SPACE["s"])
        row.addWidget(QLabel(_("Drag over a part, or take:")))
        visible = QPushButton(_("What is visible"))
        visible.clicked.connect(lambda _on: self.chosen.emit(self.rect()))
        whole = QPushButton(_("The whole page"))
        whole.clicked.connect(lambda _on: self.whole_wanted.emit())
        cancel = QPushButton(_("Cancel"))
        cancel.clicked.connect(lambda _on: self.cancelled.emit())
        for button in (visible, whole, cancel):
            row.addWidget(button)
        self.setFocusProxy(visible)
        return bar

    def _area(self) -> QRect:
        if self._from is None:
            return QRect()
        return QRect(self._from, self._to).normalized().intersected(self.rect())

    # Events

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self._from = self._to = event.position().toPoint()
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and self._from is not None:
            self._to = event.position().toPoint()
            self._bar.hide()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if event is None or self._from is None:
            return
        self._to = event.position().toPoint()
        area = self._area()
        self._from = None
        self._bar.show()
        self.update()
        if area.width() >= _LEAST and area.height() >= _LEAST:
            self.chosen.emit(area)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: object) -> None:
        # The picture no longer fits what is below.
        if self._picture.deviceIndependentSize().toSize() != self.size():
            self.cancelled.emit()

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        painter.fillRect(self.rect(), _SHADE)
        area = self._area()
        if not area.isEmpty():
            painter.setClipRect(area)
            painter.drawPixmap(0, 0, self._picture)
            painter.setClipping(False)
            painter.setPen(QPen(QColor(self._face.accent), 2))
            painter.drawRect(area)

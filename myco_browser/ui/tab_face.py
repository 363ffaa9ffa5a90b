"""What a tab shows: picture or spinner, then the title from the left, fading where it is cut off.

The tab bar itself centres titles and has no way to change that.
"""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRect, QSize, Qt
from PyQt6.QtGui import QColor, QFontMetrics, QIcon, QLinearGradient, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QTabBar, QWidget

from myco_browser.ui.theme import Face

_PICTURE = 16
_GAP = 8
_FADE = 22
_HEIGHT = 24
_INSET = 9
_LONGEST = 400


class TabFace(QWidget):
    """One tab's picture and title. The mouse goes through it to the bar."""

    def __init__(self, face: Face, bar: QTabBar) -> None:
        super().__init__(bar)
        self._face = face
        self._bar = bar
        self._title = ""
        self._icon = QIcon()
        self._loading = False
        self._angle = 0
        # The bar places it by its height, and does not look again when that changes.
        self.setFixedSize(_INSET + _PICTURE, _HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def show_state(self, title: str, picture: QIcon, *, loading: bool) -> None:
        """Shows another state."""
        if (title, loading) == (self._title, self._loading) and picture is self._icon:
            return
        self._title = title
        self._icon = picture
        self._loading = loading
        self.update()

    def turn(self, angle: int) -> None:
        """Turns the spinner, in degrees."""
        self._angle = angle
        if self._loading:
            self.update()

    def set_width(self, width: int) -> None:
        """Takes the room that the tab has for it."""
        size = QSize(max(_INSET + _PICTURE, width), _HEIGHT)
        if self.size() != size:
            self.setFixedSize(size)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        picture = QRect(_INSET, (self.height() - _PICTURE) // 2, _PICTURE, _PICTURE)
        if self._loading:
            paint_spinner(painter, picture, self._angle, self._face)
        else:
            self._icon.paint(painter, picture)
        colour = self._face.text if self._is_current() else self._face.on_frame
        paint_title(painter, self.rect(), self._title, colour, self._bar)

    def _is_current(self) -> bool:
        current = self._bar.currentIndex()
        return self._bar.tabButton(current, QTabBar.ButtonPosition.LeftSide) is self


def paint_face(
    painter: QPainter, rect: QRect, title: str, picture: QIcon, face: Face, bar: QTabBar
) -> None:
    """The same without a widget, for a tab that is in sight for a moment."""
    place = QRect(rect.left() + _INSET, rect.center().y() - _PICTURE // 2 + 1, _PICTURE, _PICTURE)
    picture.paint(painter, place)
    paint_title(painter, rect, title, face.on_frame, bar)


def paint_title(painter: QPainter, rect: QRect, title: str, colour_name: str, bar: QTabBar) -> None:
    """The title from the left, behind the picture, fading where it is cut off."""
    room = rect.adjusted(_INSET + _PICTURE + _GAP, 0, 0, 0)
    if room.width() < _PICTURE:
        return
    colour = QColor(colour_name)
    text = title[:_LONGEST].replace("\n", " ")
    painter.setFont(bar.font())
    if QFontMetrics(painter.font()).horizontalAdvance(text) > room.width():
        fade = QLinearGradient(QPointF(room.right() - _FADE, 0), QPointF(room.right(), 0))
        fade.setColorAt(0, colour)
        clear = QColor(colour)
        clear.setAlpha(0)
        fade.setColorAt(1, clear)
        pen = QPen()
        pen.setBrush(fade)
        painter.setPen(pen)
    else:
        painter.setPen(colour)
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
    painter.drawText(room, int(flags | Qt.AlignmentFlag.AlignLeft), text)


def paint_spinner(painter: QPainter, rect: QRect, angle: int, face: Face) -> None:
    """The sign that something is loading, turned by `angle` degrees."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inner = rect.adjusted(2, 2, -2, -2)
    painter.setPen(QPen(QColor(face.line), 2))
    painter.drawEllipse(inner)
    pen = QPen(QColor(face.accent), 2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawArc(inner, -angle * 16, 100 * 16)

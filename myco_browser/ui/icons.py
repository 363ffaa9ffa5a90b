"""Icons of the one set, tinted with a colour of the face, sharp at every scale."""

from __future__ import annotations

from functools import lru_cache

from PyQt6.QtCore import QByteArray, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PyQt6.QtSvg import QSvgRenderer

from myco_resources import read_icon

_FAINT = 0.35


@lru_cache(maxsize=512)
def icon(name: str, colour: str, size: int = 18) -> QIcon:
    """The icon `name` in `colour` (#rrggbb); disabled, it is the same icon fainter.

    Drawn once, for the sharpest screen there is: drawing every scale costs start-up time.
    """
    ratio = max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)
    drawn = _pixmap(name, QColor(colour), size, ratio)
    result = QIcon(drawn)
    result.addPixmap(_faint(drawn), QIcon.Mode.Disabled)
    return result


def pixmap(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    """One picture of an icon at a device-pixel ratio."""
    return _pixmap(name, QColor(colour), size, ratio)


def _pixmap(name: str, colour: QColor, size: int, ratio: float) -> QPixmap:
    side = round(size * ratio)
    result = QPixmap(QSize(side, side))
    result.fill(Qt.GlobalColor.transparent)
    text = read_icon(name).replace("currentColor", colour.name())
    painter = QPainter(result)
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    result.setDevicePixelRatio(ratio)
    return result


def _faint(drawn: QPixmap) -> QPixmap:
    result = QPixmap(drawn.size())
    result.setDevicePixelRatio(drawn.devicePixelRatio())
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setOpacity(_FAINT)
    painter.drawPixmap(0, 0, drawn)
    painter.end()
    return result

"""Icons of the one set, tinted with a colour of the face, sharp at every scale."""

from __future__ import annotations

from functools import lru_cache

from PyQt6.QtCore import QByteArray, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QIcon, QPainter, QPixmap
from PyQt6.QtSvg import QSvgRenderer

from myco_resources import read_icon

_SCALES = (1, 2, 3)


@lru_cache(maxsize=512)
def icon(name: str, colour: str, size: int = 18) -> QIcon:
    """The icon `name` in `colour` (#rrggbb); disabled, it is the same icon fainter."""
    result = QIcon()
    faint = QColor(colour)
    faint.setAlphaF(0.35)
    for scale in _SCALES:
        result.addPixmap(_pixmap(name, QColor(colour), size, scale), QIcon.Mode.Normal)
        result.addPixmap(_pixmap(name, faint, size, scale), QIcon.Mode.Disabled)
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
    painter.setOpacity(colour.alphaF())
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    result.setDevicePixelRatio(ratio)
    return result

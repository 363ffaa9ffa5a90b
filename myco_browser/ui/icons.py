"""Icons of the one set, tinted with a colour of the face, sharp at every scale."""

from __future__ import annotations

from functools import lru_cache

from PyQt6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PyQt6.QtSvg import QSvgRenderer

from myco_resources import read_icon

_FAINT = 0.35


@lru_cache(maxsize=512)
def icon(name: str, colour: str, size: int = 18) -> QIcon:
    """The icon `name` in `colour` (#rrggbb); disabled, it is the same icon fainter.

    It is drawn when it is shown: most icons stand in menus, which a start does not show.
    """
    return QIcon(_Drawing(name, colour, size))


@lru_cache(maxsize=512)
def pixmap(name: str, colour: str, size: int, ratio: float, opacity: float = 1.0) -> QPixmap:
    """One picture of an icon at a device-pixel ratio; `size` is in logical pixels."""
    side = round(size * ratio)
    result = QPixmap(QSize(side, side))
    result.fill(Qt.GlobalColor.transparent)
    text = read_icon(name).replace("currentColor", QColor(colour).name())
    painter = QPainter(result)
    painter.setOpacity(opacity)
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    result.setDevicePixelRatio(ratio)
    return result


class _Drawing(QIconEngine):
    """Draws an icon of one size for each scale that a screen asks for."""

    def __init__(self, name: str, colour: str, size: int) -> None:
        super().__init__()
        self._name = name
        self._colour = colour
        self._size = size

    def clone(self) -> QIconEngine:
        return _Drawing(self._name, self._colour, self._size)

    def actualSize(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QSize:
        side = min(self._size, size.width(), size.height())
        return QSize(side, side)

    def availableSizes(
        self, mode: QIcon.Mode = QIcon.Mode.Normal, state: QIcon.State = QIcon.State.Off
    ) -> list[QSize]:
        return [QSize(self._size, self._size)]

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self._drawn(min(size.width(), size.height()), 1.0, mode)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        # `size` is in logical pixels (since Qt 6.8).
        side = min(size.width(), size.height(), self._size)
        return self._drawn(round(side * scale), scale, mode)

    def paint(
        self, painter: QPainter | None, rect: QRect, mode: QIcon.Mode, state: QIcon.State
    ) -> None:
        if painter is None:
            return
        device = painter.device()
        ratio = device.devicePixelRatio() if device is not None else 1.0
        side = min(self._size, rect.width(), rect.height())
        place = QRect(0, 0, side, side)
        place.moveCenter(rect.center())
        painter.drawPixmap(place, self._drawn(round(side * ratio), ratio, mode))

    def _drawn(self, side: int, ratio: float, mode: QIcon.Mode) -> QPixmap:
        opacity = _FAINT if mode == QIcon.Mode.Disabled else 1.0
        drawn = QPixmap(pixmap(self._name, self._colour, side, 1.0, opacity))
        drawn.setDevicePixelRatio(ratio)
        return drawn

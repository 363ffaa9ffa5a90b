"""Flags, drawn from the data of `domain.countries`."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPixmap

from myco_browser.domain.countries import FLAGS, Flag, Pattern

_WIDTH, _HEIGHT = 20.0, 14.0
_EDGE = QColor(0, 0, 0, 60)


def flag_icon(country: str, ratio: float = 2.0) -> QIcon:
    """The flag of a country that has one."""
    drawn = QPixmap(round(_WIDTH * ratio), round(_HEIGHT * ratio))
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shape = QPainterPath()
    area = QRectF(0.5, 0.5, _WIDTH - 1, _HEIGHT - 1)
    shape.addRoundedRect(area, 2, 2)
    painter.setClipPath(shape)
    _draw(painter, FLAGS[country], area)
    painter.setClipping(False)
    painter.setPen(_EDGE)  # white ends somewhere, too
    painter.drawPath(shape)
    painter.end()
    return QIcon(drawn)


def _draw(painter: QPainter, flag: Flag, area: QRectF) -> None:
    colours = [QColor(colour) for colour in flag.colours]
    width, height = area.width(), area.height()
    match flag.pattern:
        case Pattern.COLUMNS:
            part = width / len(colours)
            for number, colour in enumerate(colours):
                painter.fillRect(QRectF(area.x() + number * part, area.y(), part, height), colour)
        case Pattern.ROWS:
            part = height / len(colours)
            for number, colour in enumerate(colours):
                painter.fillRect(QRectF(area.x(), area.y() + number * part, width, part), colour)
        case Pattern.CROSS:
            painter.fillRect(area, colours[0])
            for colour, share in zip(colours[1:], (0.24, 0.12), strict=False):
                thick = height * share
                post = QRectF(area.x() + width * 0.36 - thick / 2, area.y(), thick, height)
                beam = QRectF(area.x(), area.center().y() - thick / 2, width, thick)
                painter.fillRect(post, colour)
                painter.fillRect(beam, colour)
        case Pattern.DISC:
            painter.fillRect(area, colours[0])
            painter.setBrush(colours[1])
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(QPointF(area.center()), height * 0.3, height * 0.3)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        case Pattern.PLUS:
            painter.fillRect(area, colours[0])
            thick, long = height * 0.2, height * 0.66
            centre = area.center()
            painter.fillRect(QRectF(centre.x() - thick / 2, centre.y() - long / 2, thick, long),
                             colours[1])  # fmt: skip
            painter.fillRect(QRectF(centre.x() - long / 2, centre.y() - thick / 2, long, thick),
                             colours[1])  # fmt: skip

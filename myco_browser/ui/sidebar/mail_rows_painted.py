"""How the rows of a list of messages are painted."""

from __future__ import annotations

from PyQt6.QtCore import QModelIndex, QObject, QRect, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QPainter
from PyQt6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from myco_browser.domain.mail import ANSWERED, FLAGGED, Summary
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import pixmap
from myco_browser.ui.sidebar.mail_list import SUMMARY, TOGETHER, Together
from myco_browser.ui.sidebar.mail_words import short_time
from myco_browser.ui.theme import SPACE, Face

_ROW_HEIGHT = 58


class MailDelegate(QStyledItemDelegate):
    """Paints a message in two lines."""

    def __init__(self, face: Face, language: str, parent: QObject) -> None:
        super().__init__(parent)
        self._face = face
        self._language = language
        self.shows_recipients = False

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(100, _ROW_HEIGHT)

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        if painter is None:
            return
        painter.save()
        self._paint(painter, option, index.data(SUMMARY), index.data(TOGETHER))
        painter.restore()

    def _paint(
        self, painter: QPainter, option: QStyleOptionViewItem, found: object, together: object
    ) -> None:
        face, place = self._face, option.rect
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        inner = place.adjusted(SPACE["l"] + SPACE["s"], 9, -SPACE["l"], -9)
        if not isinstance(found, Summary) or not isinstance(together, Together):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(face.field))
            painter.drawRoundedRect(QRect(inner.left(), inner.top() + 3, 140, 11), 5, 5)
            painter.drawRoundedRect(QRect(inner.left(), inner.top() + 24, 220, 11), 5, 5)
            return
        if together.unread:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(face.accent))
            painter.drawEllipse(place.left() + SPACE["s"] + 2, inner.top() + 5, 8, 8)
        half = inner.height() // 2
        upper = QRect(inner.left(), inner.top(), inner.width(), half)
        lower = QRect(inner.left(), inner.top() + half + 1, inner.width(), half)
        self._paint_upper(painter, upper, found, together, option.font)
        self._paint_lower(painter, lower, found, together, option)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        face, place = self._face, option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if selected or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(face.field_hover if selected else face.hover))
            painter.drawRoundedRect(place.adjusted(4, 1, -4, -1), 9, 9)
        else:
            painter.setPen(QColor(face.line))
            painter.drawLine(
                place.left() + SPACE["l"] + SPACE["s"], place.bottom(),
                place.right() - SPACE["l"], place.bottom(),
            )  # fmt: skip
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(face.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place.adjusted(4, 1, -4, -1), 9, 9)

    def _paint_upper(
        self, painter: QPainter, place: QRect, one: Summary, together: Together, font: QFont
    ) -> None:
        face = self._face
        when = short_time(one.when, self._language)
        small = QFont(font)
        small.setPixelSize(11)
        painter.setFont(small)
        painter.setPen(QColor(face.accent if together.unread else face.quiet))
        width = painter.fontMetrics().horizontalAdvance(when)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, when)
        strong = QFont(font)
        strong.setPixelSize(13)
        strong.setWeight(QFont.Weight.DemiBold if together.unread else QFont.Weight.Normal)
        painter.setFont(strong)
        painter.setPen(QColor(face.text))
        who = together.people
        if self.shows_recipients and one.to:
            who = ", ".join(person.shown for person in one.to)
        left = place.adjusted(0, 0, -width - SPACE["s"], 0)
        if together.size < 2:
            _elided(painter, left, who or _("Unknown sender"))
            return
        badge = max(20, painter.fontMetrics().horizontalAdvance(str(together.size)) + 10)
        taken = _elided(
            painter, left.adjusted(0, 0, -badge - SPACE["xs"], 0), who or _("Unknown sender")
        )
        pill = QRect(left.left() + taken + SPACE["xs"] + 2, left.center().y() - 7, badge, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(face.accent if together.unread else face.line))
        painter.drawRoundedRect(pill, 8, 8)
        small.setWeight(QFont.Weight.DemiBold)
        painter.setFont(small)
        painter.setPen(QColor(face.accent_text if together.unread else face.text))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, str(together.size))

    def _paint_lower(
        self,
        painter: QPainter,
        place: QRect,
        one: Summary,
        together: Together,
        option: QStyleOptionViewItem,
    ) -> None:
        face = self._face
        right = place.right()
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        for on, name, colour in (
            (FLAGGED in together.flags, "star-full", face.warning),
            (ANSWERED in one.flags, "reply", face.quiet),
            (one.has_attachments, "attach", face.quiet),
        ):
            if on:
                right -= 16
                picture = pixmap(name, colour, 14, ratio)
                painter.drawPixmap(right + 2, place.top() + (place.height() - 14) // 2, picture)
        font = QFont(option.font)
        font.setPixelSize(12)
        painter.setFont(font)
        painter.setPen(QColor(face.text if together.unread else face.quiet))
        free = QRect(place.left(), place.top(), right - place.left() - 4, place.height())
        _elided(painter, free, one.subject or _("No subject"))


def _elided(painter: QPainter, place: QRect, text: str) -> int:
    """Writes as much as there is room for; how wide it is."""
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
    return painter.fontMetrics().horizontalAdvance(shown)

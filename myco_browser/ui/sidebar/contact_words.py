"""How contacts are named and drawn."""

from __future__ import annotations

from PyQt6.QtCore import QRect, Qt
from PyQt6.QtGui import QColor, QFont, QPainter, QPixmap

from myco_browser.domain.contacts import HOME, MOBILE, OTHER, WORK, Contact, Fields
from myco_browser.ui.i18n import _
from myco_browser.ui.sidebar.mail_words import DOT

_DARKER = 130
"""In per cent: by how much the ground of initials is darker than the dot of the account."""


def kind_name(kind: str) -> str:
    """What an address or a number is for."""
    match kind:
        case "home":
            return _("Private")
        case "work":
            return _("Work")
        case "mobile":
            return _("Mobile")
        case _:
            return _("Other")


KINDS_OF_MAIL = (OTHER, HOME, WORK)
KINDS_OF_PHONE = (OTHER, MOBILE, HOME, WORK)


def shown_name(fields: Fields) -> str:
    """The name, or a word for somebody without one."""
    return fields.name or _("No name")


def second_line(contact: Contact) -> str:
    """What stands below the name in a list."""
    fields = contact.fields
    reach = next((one.value for one in (*fields.emails, *fields.phones)), "")
    found = (fields.organisation, reach)
    return " · ".join(one for one in found if one and one != fields.name)


def draw_initials(painter: QPainter, place: QRect, fields: Fields, colour: str) -> None:
    """A circle with the first letters of the name."""
    words = [word for word in shown_name(fields).split() if word[0].isalnum()]
    letters = "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
    painter.setPen(Qt.PenStyle.NoPen)
    # Dark enough for white letters (WCAG 2.2, 1.4.3).
    painter.setBrush(QColor(DOT[colour]).darker(_DARKER))
    painter.drawEllipse(place)
    font = QFont(painter.font())
    font.setPixelSize(max(10, place.height() * 2 // 5))
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(QColor("#ffffff"))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, letters)


def initials(fields: Fields, colour: str, side: int, ratio: float) -> QPixmap:
    """The same as a picture."""
    picture = QPixmap(round(side * ratio), round(side * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_initials(painter, QRect(0, 0, side, side), fields, colour)
    painter.end()
    return picture

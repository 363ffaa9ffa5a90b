"""The list of messages: a model that loads what is looked at, and how its rows are painted."""

from __future__ import annotations

import array
from collections import OrderedDict
from collections.abc import Callable, Sequence

from PyQt6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QRect,
    QSize,
    Qt,
    QTimer,
)
from PyQt6.QtGui import QColor, QFont, QPainter
from PyQt6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from myco_browser.domain.mail import ANSWERED, FLAGGED, Summary
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import pixmap
from myco_browser.ui.sidebar.mail_words import short_time
from myco_browser.ui.theme import SPACE, Face

Load = Callable[[Sequence[int]], None]
SUMMARY = Qt.ItemDataRole.UserRole

_KEPT = 2000
_AROUND = 40
_MOST_AT_ONCE = 100
_ROW_HEIGHT = 58


class MailModel(QAbstractListModel):
    """Messages, the newest first. `load` is asked for summaries of those that are looked at."""

    def __init__(self, load: Load, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._load = load
        self._uids: array.array[int] = array.array("I")
        self._known: OrderedDict[int, Summary] = OrderedDict()
        self._rows: dict[int, int] = {}
        self._asked: set[int] = set()
        self._wanted: set[int] = set()
        self._hidden: frozenset[int] = frozenset()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ask)

    @property
    def uids(self) -> Sequence[int]:
        """What is listed, the newest first."""
        return self._uids

    def show_uids(self, ascending: Sequence[int]) -> None:
        """Lists these; what is known of them stays known."""
        wanted = array.array("I", (uid for uid in reversed(ascending) if uid not in self._hidden))
        if wanted == self._uids:
            return
        added = len(wanted) - len(self._uids)
        if added > 0 and wanted[added:] == self._uids:
            self.beginInsertRows(QModelIndex(), 0, added - 1)
            self._uids = wanted
            self._rows.clear()
            self.endInsertRows()
            return
        self.beginResetModel()
        self._uids = wanted
        self._rows.clear()
        self.endResetModel()

    def hide(self, uids: Sequence[int]) -> None:
        """Takes messages out of the list before the server has done so."""
        self._hidden |= frozenset(uids)
        for uid in uids:
            row = self.row_of(uid)
            if row >= 0:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._uids[row]
                self._rows.clear()
                self.endRemoveRows()

    def unhide(self, uids: Sequence[int], ascending: Sequence[int]) -> None:
        """Shows them again."""
        self._hidden -= frozenset(uids)
        self.show_uids(ascending)

    def forget(self, hidden: frozenset[int] = frozenset()) -> None:
        """Another folder: nothing is known of it but what is not to be shown."""
        self.beginResetModel()
        self._uids = array.array("I")
        self._known.clear()
        self._rows.clear()
        self._asked.clear()
        self._hidden = hidden
        self.endResetModel()

    def take(self, found: dict[int, Summary]) -> None:
        """Summaries that were asked for, or came by themselves."""
        for uid, summary in found.items():
            self._known[uid] = summary
            self._known.move_to_end(uid)
        while len(self._known) > _KEPT:
            self._asked.discard(self._known.popitem(last=False)[0])
        self._changed(found)

    def failed(self, uids: Sequence[int]) -> None:
        """They did not come; they are asked for again when they are looked at again."""
        self._asked.difference_update(uids)

    def change_flags(self, flags: dict[int, frozenset[str]]) -> None:
        """The server says that flags are others."""
        changed: dict[int, Summary] = {}
        for uid, words in flags.items():
            old = self._known.get(uid)
            if old is not None:
                changed[uid] = self._known[uid] = _with_flags(old, words)
        self._changed(changed)

    def set_flag(self, uid: int, flag: str, *, on: bool) -> None:
        """A flag as the user sets it, before the server knows."""
        if (old := self._known.get(uid)) is not None:
            self.change_flags({uid: (old.flags | {flag}) if on else (old.flags - {flag})})

    def summary(self, uid: int) -> Summary | None:
        """What is known of a message."""
        return self._known.get(uid)

    def row_of(self, uid: int) -> int:
        """The row of a message; -1 when it is not listed."""
        if not self._rows:
            self._rows = {one: row for row, one in enumerate(self._uids)}
        return self._rows.get(uid, -1)

    # Qt

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._uids)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._uids):
            return None
        uid = self._uids[index.row()]
        if role == SUMMARY:
            if uid not in self._known:
                self._want(index.row())
            return self._known.get(uid)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            summary = self._known.get(uid)
            if summary is None:
                return ""
            unread = _("Unread") + ", " if summary.unread else ""
            subject = summary.subject or _("No subject")
            return f"{unread}{summary.sender.shown}: {subject}"
        return None

    def _want(self, row: int) -> None:
        """The row and those around it are asked for, soon and together."""
        first = max(0, row - _AROUND // 2)
        around = self._uids[first : row + _AROUND]
        new = {uid for uid in around if uid not in self._known and uid not in self._asked}
        self._wanted |= new
        self._wanted.add(self._uids[row])
        self._timer.start(0)

    def _ask(self) -> None:
        # Rows that flew past while the user scrolled are not asked for any more.
        wanted = [uid for uid in sorted(self._wanted, reverse=True) if uid not in self._asked]
        self._wanted.clear()
        for start in range(0, min(len(wanted), 3 * _MOST_AT_ONCE), _MOST_AT_ONCE):
            part = wanted[start : start + _MOST_AT_ONCE]
            self._asked.update(part)
            self._load(part)

    def _changed(self, uids: dict[int, Summary]) -> None:
        for uid in uids:
            row = self.row_of(uid)
            if row >= 0:
                index = self.index(row)
                self.dataChanged.emit(index, index)


def _with_flags(summary: Summary, flags: frozenset[str]) -> Summary:
    from dataclasses import replace

    return replace(summary, flags=flags)


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
        self._paint(painter, option, index.data(SUMMARY))
        painter.restore()

    def _paint(self, painter: QPainter, option: QStyleOptionViewItem, found: object) -> None:
        face, place = self._face, option.rect
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        inner = place.adjusted(SPACE["l"] + SPACE["s"], 9, -SPACE["l"], -9)
        if not isinstance(found, Summary):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(face.field))
            painter.drawRoundedRect(QRect(inner.left(), inner.top() + 3, 140, 11), 5, 5)
            painter.drawRoundedRect(QRect(inner.left(), inner.top() + 24, 220, 11), 5, 5)
            return
        if found.unread:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(face.accent))
            painter.drawEllipse(place.left() + SPACE["s"] + 2, inner.top() + 5, 8, 8)
        half = inner.height() // 2
        upper = QRect(inner.left(), inner.top(), inner.width(), half)
        lower = QRect(inner.left(), inner.top() + half + 1, inner.width(), half)
        self._paint_upper(painter, upper, found, option.font)
        self._paint_lower(painter, lower, found, option)

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

    def _paint_upper(self, painter: QPainter, place: QRect, one: Summary, font: QFont) -> None:
        face = self._face
        when = short_time(one.when, self._language)
        small = QFont(font)
        small.setPixelSize(11)
        painter.setFont(small)
        painter.setPen(QColor(face.accent if one.unread else face.quiet))
        width = painter.fontMetrics().horizontalAdvance(when)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, when)
        strong = QFont(font)
        strong.setPixelSize(13)
        strong.setWeight(QFont.Weight.DemiBold if one.unread else QFont.Weight.Normal)
        painter.setFont(strong)
        painter.setPen(QColor(face.text))
        who = one.sender.shown
        if self.shows_recipients and one.to:
            who = ", ".join(person.shown for person in one.to)
        left = place.adjusted(0, 0, -width - SPACE["s"], 0)
        _elided(painter, left, who or _("Unknown sender"))

    def _paint_lower(
        self, painter: QPainter, place: QRect, one: Summary, option: QStyleOptionViewItem
    ) -> None:
        face = self._face
        right = place.right()
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        for on, name, colour in (
            (FLAGGED in one.flags, "star-full", face.warning),
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
        painter.setPen(QColor(face.text if one.unread else face.quiet))
        free = QRect(place.left(), place.top(), right - place.left() - 4, place.height())
        _elided(painter, free, one.subject or _("No subject"))


def _elided(painter: QPainter, place: QRect, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

"""The list of what was blocked on a page: host, kind, filter and list in two lines each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QAbstractListModel, QModelIndex, QRect, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PyQt6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from myco_browser.services.block_kinds import BlockKind, block_kind
from myco_browser.ui.block_words import kind_name, list_name
from myco_browser.ui.i18n import _
from myco_browser.ui.theme import Face
from myco_browser.web.block_log import Refused

_SHOWN = 200
_ROW = 46
_MARGIN = 8
_Role = Qt.ItemDataRole


@dataclass(frozen=True, slots=True)
class Row:
    """The same filter on the same host, however often."""

    host: str
    kind: BlockKind
    filter_text: str
    list_name: str
    count: int

    @property
    def reason(self) -> str:
        """The second line."""
        return "  ·  ".join(part for part in (self.filter_text, self.list_name) if part)


def rows_of(entries: Sequence[Refused]) -> list[Row]:
    """The entries put together, the commonest first."""
    counts = Counter((_led_to(e), e.filter_text, e.list_id, e.list_title) for e in entries)
    return [
        Row(host, block_kind(list_id), text, list_name(list_id, title), count)
        for (host, text, list_id, title), count in counts.most_common(_SHOWN)
    ]


class BlockedModel(QAbstractListModel):
    """The rows; replaced as a whole."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    def show(self, rows: list[Row]) -> None:
        """Shows other rows, without moving what stays the same."""
        if rows != self._rows:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex, role: int = _Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == _Role.UserRole:
            return row
        if role in (_Role.DisplayRole, _Role.AccessibleTextRole):
            return f"{row.host}, {kind_name(row.kind)}, × {row.count}, {row.reason}"
        return f"{row.host}\n{row.reason}" if role == _Role.ToolTipRole else None


class BlockedList(QListView):
    """The view; it takes the height that its panel leaves."""

    def __init__(self, face: Face, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("blocked")
        self.setAccessibleName(_("Blocked requests"))
        self._rows = BlockedModel(self)
        self.setModel(self._rows)
        self.setItemDelegate(_Delegate(face, self))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)

    def show_entries(self, entries: Sequence[Refused]) -> None:
        """Shows what was refused."""
        kept = self.currentIndex().row()
        self._rows.show(rows_of(entries))
        if kept >= 0:
            self.setCurrentIndex(self._rows.index(min(kept, self._rows.rowCount() - 1)))

    def height_for(self, rows: int) -> int:
        """The height that so many rows take."""
        return rows * _ROW + 2 * self.frameWidth()


class _Delegate(QStyledItemDelegate):
    def __init__(self, face: Face, parent: QWidget) -> None:
        super().__init__(parent)
        self._face = face

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex) -> QSize:
        return QSize(120, _ROW)

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        row = index.data(_Role.UserRole)
        if painter is None or not isinstance(row, Row):
            return
        painter.save()
        area = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._face.field_hover))
            painter.drawRoundedRect(area.adjusted(0, 1, 0, -1), 7, 7)
        inner = area.adjusted(_MARGIN, 5, -_MARGIN, -5)
        times = f" × {row.count}" if row.count > 1 else ""
        width = self._label(painter, option.font, inner, kind_name(row.kind) + times)
        self._lines(painter, option.font, inner.adjusted(0, 0, -width - 12, 0), inner, row)
        painter.restore()

    def _label(self, painter: QPainter, font: QFont, inner: QRect, text: str) -> int:
        small = QFont(font)
        small.setPixelSize(12)
        painter.setFont(small)
        painter.setPen(QColor(self._face.quiet))
        upper = QRect(inner.left(), inner.top(), inner.width(), inner.height() // 2)
        painter.drawText(upper, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        return QFontMetrics(small).horizontalAdvance(text)

    def _lines(self, painter: QPainter, font: QFont, first: QRect, inner: QRect, row: Row) -> None:
        strong = QFont(font)
        strong.setWeight(QFont.Weight.DemiBold)
        small = QFont(font)
        small.setPixelSize(12)
        half = inner.height() // 2
        upper = QRect(first.left(), inner.top(), first.width(), half)
        lower = QRect(inner.left(), inner.top() + half, inner.width(), inner.height() - half)
        for kind, colour, place, text, mode in (
            (strong, self._face.text, upper, row.host, Qt.TextElideMode.ElideMiddle),
            (small, self._face.quiet, lower, row.reason, Qt.TextElideMode.ElideRight),
        ):
            painter.setFont(kind)
            painter.setPen(QColor(colour))
            shown = QFontMetrics(kind).elidedText(text, mode, place.width())
            painter.drawText(
                place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown
            )


def _led_to(entry: Refused) -> str:
    return f"{entry.host} → {entry.alias}" if entry.alias else entry.host

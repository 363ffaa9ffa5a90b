"""What the address bar offers while typing: history, tabs, engines; nothing from the network."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QModelIndex, QPoint, QRect, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QStandardItem, QStandardItemModel
from PyQt6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from myco_browser.services.completion import (
    Completion,
    CompletionRow,
    OpenTab,
    RowKind,
    complete,
)
from myco_browser.ui.context import Context
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import pixmap
from myco_browser.ui.theme import SPACE, Face

_ROW_HEIGHT = 36
_ROW_ROLE = Qt.ItemDataRole.UserRole + 1


class CompletionPopup(QFrame):
    """A list below the field. It never takes the focus: keys stay with the field."""

    picked = pyqtSignal(object)  # a CompletionRow

    def __init__(
        self, context: Context, field: QLineEdit, open_tabs: Callable[[], list[OpenTab]]
    ) -> None:
        super().__init__(field.window(), Qt.WindowType.ToolTip)
        self._context = context
        self._field = field
        self._open_tabs = open_tabs
        self.setObjectName("popup")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._model = QStandardItemModel(self)
        self._list = QListView()
        self._list.setObjectName("completion")
        self._list.setAccessibleName(_("Suggestions"))
        self._list.setModel(self._model)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setMouseTracking(True)
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setItemDelegate(_RowPainter(context.face, self))
        self._list.clicked.connect(self._on_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self._list)

    def update_rows(self, text: str) -> Completion:
        """Shows what fits `text`."""
        if not text:
            self.hide()
            return Completion()
        context = self._context
        pages = context.visits.complete(text)
        completion = complete(
            text,
            pages,
            self._open_tabs(),
            context.engines(),
            context.default_engine(),
            self._bookmarks(text),
        )
        self._model.clear()
        for row in completion.rows:
            title, detail = row_texts(row)
            item = QStandardItem(title)
            item.setData(row, _ROW_ROLE)
            item.setAccessibleText(f"{title}, {detail}")
            self._model.appendRow(item)
        self._list.setCurrentIndex(QModelIndex())
        if completion.rows:
            self._place(len(completion.rows))
            self.show()
        else:
            self.hide()
        return completion

    def _bookmarks(self, text: str) -> list[OpenTab]:
        # One letter is in nearly every bookmark.
        if self._context.bookmarks is None or len(text.strip()) < 2:
            return []
        found = self._context.bookmarks.search(text, _BOOKMARKS)
        return [OpenTab(one.id, one.url, one.title) for one in found if one.url is not None]

    def step(self, offset: int) -> None:
        """Moves the selection; beyond the ends nothing is selected."""
        count = self._model.rowCount()
        current = self._list.currentIndex().row()
        following = current + offset if current >= 0 else (0 if offset > 0 else count - 1)
        self._list.setCurrentIndex(
            self._model.index(following, 0) if 0 <= following < count else QModelIndex()
        )

    def current_row(self) -> CompletionRow | None:
        """The selected row, None when none is selected or the list is hidden."""
        index = self._list.currentIndex()
        if not self.isVisible() or not index.isValid():
            return None
        row = index.data(_ROW_ROLE)
        return row if isinstance(row, CompletionRow) else None

    def _place(self, rows: int) -> None:
        holder = self._field.parentWidget() or self._field
        at = holder.mapToGlobal(QPoint(0, holder.height() + 4))
        self.setGeometry(QRect(at, QSize(holder.width(), rows * _ROW_HEIGHT + 18)))

    def _on_clicked(self, index: QModelIndex) -> None:
        row = index.data(_ROW_ROLE)
        if isinstance(row, CompletionRow):
            self.picked.emit(row)


def row_texts(row: CompletionRow) -> tuple[str, str]:
    """Title and detail of a row in the window's language."""
    engine = row.engine.name if row.engine is not None else ""
    match row.kind:
        case RowKind.SEARCH:
            return row.title, _("Search with {engine}").format(engine=engine)
        case RowKind.ENGINE:
            return row.text, _("Search with {engine}").format(engine=engine)
        case RowKind.TAB:
            return row.title, _("Switch to this tab")
        case RowKind.URL | RowKind.HISTORY | RowKind.BOOKMARK:
            return row.title, row.detail


_ICONS = {
    RowKind.URL: "globe",
    RowKind.SEARCH: "search",
    RowKind.TAB: "window",
    RowKind.HISTORY: "history",
    RowKind.BOOKMARK: "star",
    RowKind.ENGINE: "search",
}


_BOOKMARKS = 10


class _RowPainter(QStyledItemDelegate):
    """Icon, title, and the address in a quiet colour behind it."""

    def __init__(self, face: Face, parent: CompletionPopup) -> None:
        super().__init__(parent)
        self._face = face

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex) -> QSize:
        return QSize(200, _ROW_HEIGHT)

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        row = index.data(_ROW_ROLE)
        if painter is None or not isinstance(row, CompletionRow):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = option.rect.adjusted(2, 1, -2, -1)
        state = option.state
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._face.field_hover))
            painter.drawRoundedRect(rect, 8, 8)
        ratio = self.parent().devicePixelRatioF()  # type: ignore[union-attr]
        painter.drawPixmap(
            rect.left() + SPACE["m"],
            rect.center().y() - 8,
            pixmap(_ICONS[row.kind], self._face.quiet, 16, ratio),
        )
        self._paint_text(painter, rect.adjusted(40, 0, -SPACE["m"], 0), row)
        painter.restore()

    def _paint_text(self, painter: QPainter, rect: QRect, row: CompletionRow) -> None:
        metrics = painter.fontMetrics()
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        words, more = row_texts(row)
        limit = rect.width() if not more else rect.width() * 6 // 10
        title = metrics.elidedText(words, Qt.TextElideMode.ElideRight, limit)
        painter.setPen(QColor(self._face.text))
        painter.drawText(rect, middle, title)
        left = rect.left() + metrics.horizontalAdvance(title) + SPACE["m"]
        rest = QRect(left, rect.top(), rect.right() - left, rect.height())
        detail = metrics.elidedText(more, Qt.TextElideMode.ElideRight, rest.width())
        painter.setPen(QColor(self._face.quiet))
        painter.drawText(rest, middle, detail)

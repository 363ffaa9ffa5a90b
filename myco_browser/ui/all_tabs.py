"""All tabs of a window as a list to search: where the strip shows a dozen of hundreds."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QSize, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QAbstractItemView, QLineEdit, QListView

from myco_browser.domain.lookalikes import shown_host
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.icons import icon
from myco_browser.ui.panels import Panel, text_label
from myco_browser.ui.tab import Tab
from myco_browser.ui.window import BrowserWindow

_WIDTH = 440
_ROW = 34
_EDGES = 10  # the padding of the list, and a little for rounding
_MOST_ROWS = 12
_KEYS_OF_THE_LIST = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)


class AllTabsPanel(Panel):
    """Type to narrow it down; Enter or a click shows the tab, Delete closes it."""

    def __init__(self, window: BrowserWindow) -> None:
        super().__init__(window, _("All tabs"), _WIDTH)
        self._tabs = tuple(window.tabs)
        self._model = _Tabs(window)
        count = len(self._tabs)
        self.add_heading(ngettext("{count} tab", "{count} tabs", count).format(count=count))
        self.field = QLineEdit()
        self.field.setPlaceholderText(_("Search tabs"))
        self.field.setAccessibleName(_("Search tabs"))
        self.field.textChanged.connect(self.search)
        self.field.returnPressed.connect(lambda: self._show(self.list.currentIndex()))
        self.field.installEventFilter(self)
        self.column.addWidget(self.field)
        self.list = QListView()
        self.list.setObjectName("completion")
        self.list.setAccessibleName(_("Tabs"))
        self.list.setModel(self._model)
        # Asked once instead of a thousand times.
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setIconSize(QSize(16, 16))
        self.list.setFixedHeight(_ROW * min(_MOST_ROWS, max(3, count)) + _EDGES)
        self.list.clicked.connect(self._show)
        self.list.activated.connect(self._show)
        self.list.installEventFilter(self)
        self.column.addWidget(self.list)
        self._none = text_label(_("No tab has these words."), "quiet")
        self._none.hide()
        self.column.addWidget(self._none)
        self.search("")
        self._pick(window.tabs.current_index)
        self.field.setFocus()

    def search(self, text: str) -> None:
        """Shows the tabs with all of these words in title or address."""
        words = text.casefold().split()
        found = [tab for tab in self._tabs if all(word in _words_of(tab) for word in words)]
        self._model.show(found)
        self._none.setVisible(not found)
        self._pick(0)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if watched is self.field and event.key() in _KEYS_OF_THE_LIST:
                self.list.keyPressEvent(event)
                return True
            if watched is self.list and event.key() == Qt.Key.Key_Delete:
                self._close(self.list.currentIndex())
                return True
        return super().eventFilter(watched, event)

    def _pick(self, row: int) -> None:
        self.list.setCurrentIndex(self._model.index(row, 0))

    def _show(self, index: QModelIndex) -> None:
        if (tab := self._model.tab(index)) is not None:
            self.close()
            tabs = self._window.tabs
            tabs.show(tabs.index_of(tab))
            tab.setFocus()

    def _close(self, index: QModelIndex) -> None:
        tab = self._model.tab(index)
        if tab is not None and len(self._tabs) > 1:
            self._tabs = tuple(one for one in self._tabs if one is not tab)
            tab.ask_to_close()
            self.search(self.field.text())
            self._pick(min(index.row(), self._model.rowCount() - 1))


class _Tabs(QAbstractListModel):
    """The tabs found; what a row shows is asked for when the row is in sight."""

    def __init__(self, window: BrowserWindow) -> None:
        super().__init__(window)
        self._globe = icon("globe", window.context.face.quiet, 16)
        self._found: list[Tab] = []

    def show(self, found: list[Tab]) -> None:
        """Other tabs."""
        self.beginResetModel()
        self._found = found
        self.endResetModel()

    def tab(self, index: QModelIndex) -> Tab | None:
        """The tab of a row."""
        return self._found[index.row()] if 0 <= index.row() < len(self._found) else None

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        del parent
        return len(self._found)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        tab = self.tab(index)
        if tab is None:
            return None
        host = shown_host(tab.url.host())
        title = " ".join(tab.title.split())[:200] or _("New tab")
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return f"{title} – {host}" if host and host != title else title
            case Qt.ItemDataRole.DecorationRole:
                return self._globe if tab.icon.isNull() else tab.icon
            case Qt.ItemDataRole.ToolTipRole:
                return tab.urlstr[:500]
            case Qt.ItemDataRole.SizeHintRole:
                return QSize(0, _ROW)
            case _:
                return None


def _words_of(tab: Tab) -> str:
    return f"{tab.title} {tab.urlstr}".casefold()

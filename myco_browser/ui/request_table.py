"""The request log as a table that grows at its end, and what of it is shown."""

from __future__ import annotations

from datetime import datetime

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, QSortFilterProxyModel, Qt
from PyQt6.QtGui import QColor

from myco_browser.services.request_log import LogEntry, Outcome, RequestLog
from myco_browser.ui.block_words import list_name, outcome_name, request_kind_name
from myco_browser.ui.i18n import _
from myco_browser.ui.theme import Face

_Role = Qt.ItemDataRole
ENTRY_ROLE = _Role.UserRole.value
TIME, OUTCOME, KIND, ADDRESS, FILTER, LIST = range(6)
_REFUSALS = frozenset(
    {
        Outcome.BLOCKED,
        Outcome.REPLACED,
        Outcome.REFUSED_LOCAL,
        Outcome.REFUSED_DOOR,
        Outcome.REFUSED_WORKER,
        Outcome.HELD_FORM,
        Outcome.FAILED,
    }
)


class RequestTable(QAbstractTableModel):
    """The entries of the log. `follow` takes what is new, in one piece."""

    def __init__(self, log: RequestLog, face: Face, parent: QObject) -> None:
        super().__init__(parent)
        self._log = log
        self._entries: list[LogEntry] = []
        self._refused = QColor(face.danger)
        self._changed = QColor(face.warning)
        self._titles = (
            _("Time"), _("Decision"), _("Type"), _("Address"), _("Filter"), _("List"),
        )  # fmt: skip

    def follow(self) -> None:
        """Drops what the log dropped, adds what it has more."""
        self._log.drain()
        first = self._log.first
        gone = sum(1 for entry in self._entries if entry.number < first)
        if gone:
            self.beginRemoveRows(QModelIndex(), 0, gone - 1)
            del self._entries[:gone]
            self.endRemoveRows()
        known = self._entries[-1].number + 1 if self._entries else first
        fresh = self._log.since(known)
        if fresh:
            start = len(self._entries)
            self.beginInsertRows(QModelIndex(), start, start + len(fresh) - 1)
            self._entries.extend(fresh)
            self.endInsertRows()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == _Role.DisplayRole:
            return self._titles[section]
        return None

    def data(self, index: QModelIndex, role: int = _Role.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        if role == _Role.DisplayRole:
            return _cell(self._entries[index.row()], index.column())
        if role == ENTRY_ROLE:
            return self._entries[index.row()]
        if role == _Role.ForegroundRole and index.column() == OUTCOME:
            outcome = self._entries[index.row()].outcome
            if outcome in _REFUSALS:
                return self._refused
            return self._changed if outcome is not Outcome.ALLOWED else None
        return None

    def entry(self, row: int) -> LogEntry:
        """The entry of a row."""
        return self._entries[row]


class ShownRequests(QSortFilterProxyModel):
    """Those entries that have a text somewhere, are of a type, and came to an outcome."""

    def __init__(self, table: RequestTable, parent: QObject) -> None:
        super().__init__(parent)
        self._table = table
        self._text = ""
        self._kind = ""
        self._outcome: Outcome | None = None
        self.setSourceModel(table)

    def show(self, text: str, kind: str, outcome: Outcome | None) -> None:
        """What is wanted; "" and None stand for everything."""
        self._text, self._kind, self._outcome = text.strip().lower(), kind, outcome
        self.invalidateFilter()

    def filterAcceptsRow(self, row: int, _parent: QModelIndex) -> bool:
        entry = self._table.entry(row)
        if self._kind and entry.kind != self._kind:
            return False
        if self._outcome is not None and entry.outcome is not self._outcome:
            return False
        if not self._text:
            return True
        places = (
            entry.url, entry.filter_text, entry.list_title, entry.page, entry.alias, entry.target,
        )  # fmt: skip
        return any(self._text in place.lower() for place in places)

    def entries(self) -> list[LogEntry]:
        """What is shown, the oldest first."""
        rows = range(self.rowCount())
        return [self._table.entry(self.mapToSource(self.index(row, 0)).row()) for row in rows]


def _cell(entry: LogEntry, column: int) -> str:
    if column == TIME:
        return datetime.fromtimestamp(entry.time).strftime("%H:%M:%S")
    texts = {
        OUTCOME: outcome_name(entry.outcome),
        KIND: request_kind_name(entry.kind),
        ADDRESS: entry.url,
        FILTER: entry.filter_text,
        LIST: list_name(entry.list_id, entry.list_title),
    }
    return texts[column]

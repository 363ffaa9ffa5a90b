"""The request log: every request of the session, what was decided on it and why, as it happens."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from PyQt6.QtCore import QModelIndex, Qt, QTimer
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from myco_browser.services.atomic_files import write_atomically
from myco_browser.services.request_export import as_csv, as_json_lines
from myco_browser.services.request_log import ENTRIES_KEPT, LogEntry, Outcome
from myco_browser.ui.block_words import (
    REQUEST_KINDS,
    list_name,
    outcome_name,
    outcome_reason,
    request_kind_name,
)
from myco_browser.ui.context import Context
from myco_browser.ui.disk_words import unwritten
from myco_browser.ui.dressing import usual_size
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.icons import icon
from myco_browser.ui.request_table import (
    ADDRESS,
    ENTRY_ROLE,
    KIND,
    LIST,
    RequestTable,
    ShownRequests,
)
from myco_browser.ui.tab_failures import door_words
from myco_browser.ui.theme import SPACE

_FOLLOW_MS = 300
_ROW = 26
_WIDTHS = (72, 160, 104, 380, 200, 140)
_NARROW = 900
_PASSED = (
    Outcome.ALLOWED,
    Outcome.EXCEPTED,
    Outcome.UNFILTERED,
    Outcome.GRANTED_LOCAL,
    Outcome.REWRITTEN,
)


class RequestLogWindow(QWidget):
    """A window of its own; it may stay open beside the pages."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setObjectName("log")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        title = _("Request log – private window") if context.private else _("Request log")
        self.setWindowTitle(title)
        self.setMinimumSize(480, 320)
        usual_size(self, 1020, 620)
        self._rows = RequestTable(context.requests, context.face, self)
        self._shown = ShownRequests(self._rows, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["l"], SPACE["l"], SPACE["l"], SPACE["l"])
        column.setSpacing(SPACE["m"])
        column.addLayout(self._controls())
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        self._table = self._make_table()
        splitter.addWidget(self._table)
        self._details = QPlainTextEdit()
        self._details.setReadOnly(True)
        self._details.setTabChangesFocus(True)
        self._details.setAccessibleName(_("About the request"))
        self._details.setPlaceholderText(_("Choose a request to see all that is known about it."))
        splitter.addWidget(self._details)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([440, 130])
        column.addWidget(splitter, 1)
        column.addLayout(self._foot())
        self._follow()
        timer = QTimer(self)
        timer.timeout.connect(self._follow)
        timer.start(_FOLLOW_MS)

    # Construction

    def _controls(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE["s"])
        self._search = QLineEdit()
        self._search.setPlaceholderText(_("Find in addresses, pages, filters and lists"))
        self._search.setAccessibleName(_("Find requests"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._narrow)
        row.addWidget(self._search, 1)
        self._kind = _combo(_("Type of request"), _("All types"))
        for kind in REQUEST_KINDS:
            self._kind.addItem(request_kind_name(kind), kind)
        self._outcome = _combo(_("Decision"), _("All decisions"))
        for outcome in Outcome:
            self._outcome.addItem(outcome_name(outcome), outcome)
        for combo in (self._kind, self._outcome):
            combo.currentIndexChanged.connect(self._narrow)
            row.addWidget(combo)
        return row

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("requests")
        table.setAccessibleName(_("Requests"))
        table.setModel(self._shown)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        if (rows := table.verticalHeader()) is not None:
            rows.hide()
            rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            rows.setDefaultSectionSize(_ROW)
        if (titles := table.horizontalHeader()) is not None:
            titles.setAccessibleName(_("Columns"))
            titles.setHighlightSections(False)
            titles.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            for number, width in enumerate(_WIDTHS):
                titles.resizeSection(number, width)
            titles.setSectionResizeMode(ADDRESS, QHeaderView.ResizeMode.Stretch)
            titles.setMinimumSectionSize(60)
        if (chosen := table.selectionModel()) is not None:
            chosen.currentRowChanged.connect(self._on_row)
        return table

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE["s"])
        self._count = QLabel()
        self._count.setObjectName("quiet")
        self._count.setWordWrap(True)
        row.addWidget(self._count, 1)
        for name, text, act in (
            ("trash", _("Clear"), self._clear), ("download", _("Export…"), self._export),
        ):  # fmt: skip
            button = QPushButton(f" {text}")
            button.setIcon(icon(name, self._context.face.quiet, 16))
            button.clicked.connect(act)
            row.addWidget(button)
        return row

    # What happens

    def resizeEvent(self, _event: QResizeEvent | None) -> None:
        # The details name the list and the type, too.
        for column in (LIST, KIND):
            self._table.setColumnHidden(column, self.width() < _NARROW)

    def _follow(self) -> None:
        bar = self._table.verticalScrollBar()
        at_end = bar is not None and bar.value() >= bar.maximum() - _ROW
        before = self._shown.rowCount()
        self._rows.follow()
        if at_end and self._shown.rowCount() != before and not self._table.currentIndex().isValid():
            self._table.scrollToBottom()
        self._tell_count()

    def _tell_count(self) -> None:
        shown, all_of_them = self._shown.rowCount(), self._rows.rowCount()
        kept = _("Kept in memory only, the newest {count}.").format(count=ENTRIES_KEPT)
        text = ngettext("{shown} of {count} request.", "{shown} of {count} requests.", all_of_them)
        self._count.setText(f"{text.format(shown=shown, count=all_of_them)} {kept}")

    def _narrow(self) -> None:
        outcome = self._outcome.currentData()
        self._shown.show(
            self._search.text(),
            self._kind.currentData() or "",
            outcome if isinstance(outcome, Outcome) else None,
        )
        self._tell_count()

    def _on_row(self, now: QModelIndex, _before: QModelIndex) -> None:
        entry = now.data(ENTRY_ROLE)
        self._details.setPlainText(self._about(entry) if isinstance(entry, LogEntry) else "")

    def _about(self, entry: LogEntry) -> str:
        rows = [
            (_("Decision"), f"{outcome_name(entry.outcome)}. {outcome_reason(entry.outcome)}"),
            (_("Filter"), entry.filter_text),
            (_("List"), list_name(entry.list_id, entry.list_title)),
            (_("Type"), f"{request_kind_name(entry.kind)} ({entry.kind}, {entry.method})"),
            (_("Address"), entry.url),
            (_("Instead"), entry.target),
            (_("Leads to"), entry.alias),
            (_("Page"), entry.page),
            (_("Door"), self._from_door(entry)),
        ]
        return "\n".join(f"{name}: {text}" for name, text in rows if text)

    def _from_door(self, entry: LogEntry) -> str:
        """What the door says of the last connection to that host, if it failed."""
        if entry.outcome not in _PASSED:
            return ""
        try:
            address = urlsplit(entry.target or entry.url)
            port = address.port or (443 if address.scheme in ("https", "wss") else 80)
        except ValueError:
            return ""
        cause = self._context.door.why(entry.host, port).cause
        return "" if cause == "none" else door_words(cause, entry.host, port)[2]

    def _clear(self) -> None:
        self._context.requests.clear()
        self._details.clear()
        self._follow()

    def _export(self) -> None:
        kinds = (_("JSON lines (*.jsonl)"), _("Table (*.csv)"))
        chosen, kind = QFileDialog.getSaveFileName(
            self, _("Export requests"), "requests.jsonl", ";;".join(kinds)
        )
        if chosen:
            self.export_to(Path(chosen), as_table=chosen.endswith(".csv") or kind == kinds[1])

    def export_to(self, path: Path, *, as_table: bool) -> None:
        """Writes what is shown to a file."""
        entries = self._shown.entries()
        text = as_csv(entries) if as_table else as_json_lines(entries)
        try:
            write_atomically(path, text.encode("utf-8", "replace"))
        except OSError as error:
            cause = unwritten(error, chosen=True)
            self._count.setText(_("Could not be saved: {error}").format(error=cause))


def _combo(name: str, everything: str) -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName(name)
    combo.addItem(everything, None)
    return combo

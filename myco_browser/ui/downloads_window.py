"""The downloads in a window of their own: searched, gone on with, cleared away."""

from __future__ import annotations

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.downloads import Download
from myco_browser.ui.checksum_window import ChecksumWindow
from myco_browser.ui.context import Context
from myco_browser.ui.download_list import DownloadList
from myco_browser.ui.download_row import DownloadRow
from myco_browser.ui.dressing import usual_size
from myco_browser.ui.empty_note import EmptyNote
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.theme import SPACE

_SEARCH_MS = 150
_MOST = 200


class DownloadsWindow(QWidget):
    """Shows the newest; older ones are found by searching."""

    def __init__(self, downloads: DownloadList, context: Context) -> None:
        super().__init__()
        self._downloads = downloads
        self._context = context
        self._rows: dict[int, DownloadRow] = {}
        self.setObjectName("log")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(_("Downloads"))
        self.setMinimumSize(420, 320)
        usual_size(self, 760, 600)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["l"], SPACE["l"], SPACE["l"], SPACE["l"])
        column.setSpacing(SPACE["m"])
        self._search = self._search_field()
        column.addWidget(self._search)
        column.addWidget(self._make_area(), 1)
        column.addLayout(self._foot())
        downloads.changed.connect(self._on_changed)
        downloads.listed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Reads the list anew."""
        words = self._search.text().lower().split()
        found = [one for one in self._downloads.all if _fits(one, words)]
        while (item := self._list.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        self._rows = {}
        for one in found[:_MOST]:
            row = DownloadRow(self._downloads, one.number, self._context, self._compare)
            self._rows[one.number] = row
            self._list.addWidget(row)
        self._list.addStretch(1)
        self._show_empty(is_empty=not found, is_search=bool(words))
        self._show_note(len(found))
        self._show_clear()

    def _search_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(_("Find by name or site"))
        field.setAccessibleName(_("Find in the downloads"))
        field.setClearButtonEnabled(True)
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(_SEARCH_MS)
        timer.timeout.connect(self.refresh)
        field.textChanged.connect(timer.start)
        return field

    def _make_area(self) -> QScrollArea:
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 0, SPACE["s"], 0)
        self._list.setSpacing(0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        self._empty = EmptyNote(area, self._context.face, "download")
        return area

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._note = QLabel()
        self._note.setObjectName("quiet")
        self._note.setWordWrap(True)
        row.addWidget(self._note, 1)
        self._clear = QPushButton(_("Clear the list"))
        self._clear.setToolTip(
            _("The files stay. What can be gone on with stays in the list, too.")
        )
        self._clear.clicked.connect(lambda _checked=False: self._downloads.forget_ended())
        row.addWidget(self._clear)
        return row

    def _show_empty(self, *, is_empty: bool, is_search: bool) -> None:
        if not is_empty:
            self._empty.tell("")
        elif is_search:
            self._empty.tell(_("Nothing fits these words."), _("Try fewer words, or other ones."))
        else:
            self._empty.tell(
                _("Nothing was downloaded yet."), _("Files that you download appear here.")
            )

    def _show_clear(self) -> None:
        self._clear.setEnabled(any(map(self._downloads.is_over, self._downloads.all)))

    def _show_note(self, found: int) -> None:
        if found > _MOST:
            text = ngettext(
                "{count} older one is found by searching.",
                "{count} older ones are found by searching.",
                found - _MOST,
            ).format(count=found - _MOST)
        elif self._context.private:
            text = _("This list goes with the private session; the files stay.")
        else:
            text = ""
        self._note.setText(text)

    def _on_changed(self, number: int) -> None:
        if (row := self._rows.get(number)) is not None:
            row.refresh()
        self._show_clear()

    def _compare(self, download: Download) -> None:
        ChecksumWindow(download, self._context, self).show()


def _fits(download: Download, words: list[str]) -> bool:
    text = f"{download.name} {download.url} {download.site}".lower()
    return all(word in text for word in words)

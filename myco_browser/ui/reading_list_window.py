"""The reading list: what to read later, what was read, remove with undo."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable

from PyQt6.QtCore import QPoint, Qt, QUrl
from PyQt6.QtGui import QFont, QKeySequence, QShortcut
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.urls import show_url
from myco_browser.services.reading_list import Kept, ReadingList
from myco_browser.ui.context import Context
from myco_browser.ui.dressing import usual_size
from myco_browser.ui.empty_note import EmptyNote
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.icons import icon
from myco_browser.ui.kept_menu import show_kept_menu
from myco_browser.ui.tab_pictures import kept_picture
from myco_browser.ui.theme import SPACE
from myco_browser.ui.window import BrowserWindow

_PAGE = Qt.ItemDataRole.UserRole

OpenPage = Callable[[QUrl, bool], None]
ShowOnce = Callable[[str, Callable[[], QWidget]], None]


def show_reading_list(
    context: Context, window: BrowserWindow | None, show_once: ShowOnce, open_page: OpenPage
) -> None:
    """Brings the list to the front; a private session says that it has none."""
    reading = context.reading
    if reading is not None:
        show_once("reading", lambda: ReadingListWindow(context, reading, open_page))
    elif window is not None:
        window.tell("info", _no_list())


def keep_for_later(window: BrowserWindow, url: str, title: str) -> None:
    """Adds a page to the list and says so."""
    reading = window.context.reading
    if reading is None:
        window.tell("info", _no_list())
        return
    try:
        added = reading.add(url, title, int(time.time()))
    except (sqlite3.Error, OSError):
        window.tell("warning", _("The reading list could not be saved."))
        return
    text = _("On the reading list.") if added else _("Only pages of the web can be read later.")
    window.tell("bookmark-list" if added else "info", text)


def _no_list() -> str:
    return _("Private windows keep no reading list.")


class ReadingListWindow(QWidget):
    """A window of its own. `open_page` shows an address, in the background when told so."""

    def __init__(self, context: Context, reading: ReadingList, open_page: OpenPage) -> None:
        super().__init__()
        self._context = context
        self._reading = reading
        self._open_page = open_page
        self._gone: list[Kept] = []
        self.setObjectName("log")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(_("Reading list"))
        self.setMinimumSize(420, 320)
        usual_size(self, 680, 560)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["l"], SPACE["l"], SPACE["l"], SPACE["l"])
        column.setSpacing(SPACE["m"])
        self._search = QLineEdit()
        self._search.setPlaceholderText(_("Find in titles and addresses"))
        self._search.setAccessibleName(_("Find in the reading list"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self.refresh)
        column.addWidget(self._search)
        self._rows = self._make_list()
        column.addWidget(self._rows, 1)
        self._empty = EmptyNote(self._rows, context.face, "bookmark-list")
        self._note = QLabel()
        self._note.setObjectName("quiet")
        self._note.setWordWrap(True)
        column.addWidget(self._note)
        column.addLayout(self._buttons())
        self.destroyed.connect(reading.observe(self.refresh))
        self.refresh()

    def refresh(self) -> None:
        """Reads the list anew; what was chosen stays chosen."""
        chosen = {page.url for page in self._chosen()}
        self._rows.clear()
        pages = self._reading.pages(self._search.text())
        for page in pages:
            row = self._row(page)
            self._rows.addItem(row)
            row.setSelected(page.url in chosen)
        unread = sum(not page.read for page in pages)
        text = ngettext("{count} page to read.", "{count} pages to read.", unread)
        self._note.setText(text.format(count=unread))
        self._note.setVisible(bool(pages))
        self._show_empty(is_empty=not pages)
        self._show_state()

    def _show_empty(self, *, is_empty: bool) -> None:
        if not is_empty:
            self._empty.tell("")
        elif self._search.text().strip():
            self._empty.tell(_("Nothing fits these words."), _("Try fewer words, or other ones."))
        else:
            self._empty.tell(
                _("The reading list is empty."),
                _("“Add to the reading list” in the menu keeps the page that you look at."),
            )

    def _make_list(self) -> QListWidget:
        rows = QListWidget()
        rows.setObjectName("reading")
        rows.setAccessibleName(_("Reading list"))
        rows.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        rows.itemActivated.connect(self._on_activated)
        rows.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        rows.customContextMenuRequested.connect(self._show_menu)
        rows.itemSelectionChanged.connect(self._show_state)
        QShortcut(QKeySequence.StandardKey.Delete, rows, self._remove)
        QShortcut(QKeySequence.StandardKey.Undo, self, self._undo)
        return rows

    def _row(self, page: Kept) -> QListWidgetItem:
        place = show_url(page.url)
        where = place.domain or place.text
        row = QListWidgetItem(f"{page.title or page.url}\n{where}")
        row.setData(_PAGE, page)
        row.setToolTip(page.url)
        font = QFont(self._rows.font())
        font.setBold(not page.read)
        row.setFont(font)
        state = _("read") if page.read else _("unread")
        row.setData(
            Qt.ItemDataRole.AccessibleTextRole, f"{page.title or page.url}, {where}, {state}"
        )
        kept = kept_picture(self._context, page.url)
        row.setIcon(icon("globe", self._context.face.quiet, 16) if kept.isNull() else kept)
        return row

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE["s"])
        self._mark = _button("", self._switch)
        self._delete = _button(_("Remove"), self._remove)
        self._back = _button(_("Undo"), self._undo)
        for button in (self._mark, self._delete, self._back):
            row.addWidget(button)
        row.addStretch(1)
        return row

    # Acts

    def _chosen(self) -> list[Kept]:
        return [_page_of(row) for row in self._rows.selectedItems()]

    def _switch(self) -> None:
        chosen = self._chosen()
        read = not all(page.read for page in chosen)
        for page in chosen:
            self._reading.set_read(page.url, read)

    def _remove(self) -> None:
        self._gone = self._chosen()
        for page in self._gone:
            self._reading.remove(page.url)

    def _undo(self) -> None:
        gone, self._gone = self._gone, []
        for page in gone:
            self._reading.put_back(page)

    def _show_menu(self, at: QPoint) -> None:
        viewport = self._rows.viewport()
        show_kept_menu(
            self._rows if viewport is None else viewport, at, self._context, self._open_page,
            [page.url for page in self._chosen()],
            ("trash", _("Remove"), self._remove),
        )  # fmt: skip

    def _on_activated(self, row: QListWidgetItem) -> None:
        page = _page_of(row)
        self._open_page(QUrl.fromEncoded(page.url.encode()), False)
        self._reading.set_read(page.url, True)

    def _show_state(self) -> None:
        chosen = self._chosen()
        all_read = bool(chosen) and all(page.read for page in chosen)
        self._mark.setText(_("Mark as unread") if all_read else _("Mark as read"))
        self._mark.setEnabled(bool(chosen))
        self._delete.setEnabled(bool(chosen))
        self._back.setEnabled(bool(self._gone))


def _page_of(row: QListWidgetItem) -> Kept:
    page = row.data(_PAGE)
    assert isinstance(page, Kept)
    return page


def _button(text: str, act: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.clicked.connect(lambda _checked=False: act())
    return button

"""All bookmarks: search, sort by dragging, rename, delete with undo, exchange with others."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PyQt6.QtCore import QPoint, Qt, QUrl
from PyQt6.QtGui import QDropEvent, QKeySequence, QShortcut
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from myco_browser.services.atomic_files import write_atomically
from myco_browser.services.bookmark_file import MAX_FILE, BookmarkFileError, read_html, write_html
from myco_browser.services.bookmarks import BAR, OTHER, ROOTS, Bookmark, Bookmarks, Tree
from myco_browser.ui.bookmark_panel import only_read
from myco_browser.ui.context import Context
from myco_browser.ui.disk_words import unread, unwritten
from myco_browser.ui.dressing import usual_size
from myco_browser.ui.empty_note import EmptyNote
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.icons import icon
from myco_browser.ui.kept_menu import show_kept_menu
from myco_browser.ui.tab_pictures import kept_picture
from myco_browser.ui.theme import SPACE

_ITEM = Qt.ItemDataRole.UserRole
_Flag = Qt.ItemFlag


class BookmarksWindow(QWidget):
    """A window of its own. `open_page` shows an address, in the background when told so."""

    def __init__(
        self, context: Context, bookmarks: Bookmarks, open_page: Callable[[QUrl, bool], None]
    ) -> None:
        super().__init__()
        self._context = context
        self._bookmarks = bookmarks
        self._open_page = open_page
        self._gone: list[Tree] = []
        self._filling = False
        self.setObjectName("log")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(_("Bookmarks"))
        self.setMinimumSize(420, 320)
        usual_size(self, 760, 600)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["l"], SPACE["l"], SPACE["l"], SPACE["l"])
        column.setSpacing(SPACE["m"])
        self._search = QLineEdit()
        self._search.setPlaceholderText(_("Find in titles, addresses and tags"))
        self._search.setAccessibleName(_("Find bookmarks"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self.refresh)
        column.addWidget(self._search)
        self._tree = self._make_tree()
        column.addWidget(self._tree, 1)
        self._empty = EmptyNote(self._tree, context.face, "star")
        self._note = QLabel()
        self._note.setObjectName("quiet")
        self._note.setWordWrap(True)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.hide()
        column.addWidget(self._note)
        buttons = self._buttons()
        column.addWidget(buttons)
        if not bookmarks.can_change:
            buttons.hide()
            self._tell(only_read())
        self._stop = bookmarks.observe(self.refresh)
        self.destroyed.connect(self._stop)
        self.refresh()

    def refresh(self) -> None:
        """Reads the bookmarks anew; what was open stays open."""
        closed = self._closed_folders()
        self._filling = True
        self._tree.clear()
        words = self._search.text()
        if words.strip():
            for item in self._bookmarks.search(words):
                self._tree.addTopLevelItem(self._row(item))
        else:
            for number, name in ((BAR, _("Bookmarks bar")), (OTHER, _("Other bookmarks"))):
                tree = self._bookmarks.tree(number)
                named = replace(tree, item=replace(tree.item, title=name))
                self._tree.addTopLevelItem(self._rows(named))
            self._tree.expandAll()
            for row in self._all_rows():
                row.setExpanded(_item_of(row).id not in closed)
        self._filling = False
        self._show_empty()
        self._show_state()

    # Construction

    def _make_tree(self) -> QTreeWidget:
        tree = _Tree(self._drop)
        tree.setObjectName("library")
        tree.setAccessibleName(_("Bookmarks"))
        tree.setHeaderHidden(True)
        tree.setUniformRowHeights(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        if self._bookmarks.can_change:
            tree.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
            tree.setEditTriggers(
                QAbstractItemView.EditTrigger.EditKeyPressed
                | QAbstractItemView.EditTrigger.SelectedClicked
            )
            QShortcut(QKeySequence.StandardKey.Delete, tree, self._delete)
        else:
            tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.itemChanged.connect(self._on_renamed)
        tree.itemActivated.connect(self._on_activated)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        tree.customContextMenuRequested.connect(self._show_menu)
        tree.itemSelectionChanged.connect(self._show_state)
        QShortcut(QKeySequence.StandardKey.Undo, self, self._undo)
        return tree

    def _buttons(self) -> QWidget:
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE["s"])
        self._remove = _button(_("Delete"), self._delete)
        self._back = _button(_("Undo"), self._undo)
        self._back.setEnabled(False)
        row.addWidget(_button(_("New folder"), self._add_folder))
        row.addWidget(self._remove)
        row.addWidget(self._back)
        row.addStretch(1)
        row.addWidget(_button(_("Import…"), self._import))
        row.addWidget(_button(_("Export…"), self._export))
        return buttons

    def _rows(self, tree: Tree) -> QTreeWidgetItem:
        row = self._row(tree.item)
        row.addChildren([self._rows(one) for one in tree.inside])
        return row

    def _row(self, item: Bookmark) -> QTreeWidgetItem:
        row = QTreeWidgetItem([item.title or item.url or ""])
        row.setData(0, _ITEM, item)
        flags = _Flag.ItemIsEnabled | _Flag.ItemIsSelectable
        if item.id not in ROOTS:
            flags |= _Flag.ItemIsEditable | _Flag.ItemIsDragEnabled
        if item.url is None:
            flags |= _Flag.ItemIsDropEnabled
            row.setIcon(0, icon("folder", self._context.face.quiet, 16))
        else:
            kept = kept_picture(self._context, item.url)
            globe = icon("globe", self._context.face.quiet, 16)
            row.setIcon(0, globe if kept.isNull() else kept)
            tags = f"\n{', '.join(item.tags)}" if item.tags else ""
            row.setToolTip(0, f"{item.url}{tags}")
        row.setFlags(flags)
        return row

    # Acts

    def _delete(self) -> None:
        gone = [self._bookmarks.delete(_item_of(row).id) for row in self._tree.selectedItems()]
        self._gone = [tree for tree in gone if tree is not None]
        self._back.setEnabled(bool(self._gone))
        count = len(self._gone)
        if count:
            text = ngettext("{count} deleted.", "{count} deleted.", count)
            self._tell(text.format(count=count))

    def _undo(self) -> None:
        gone, self._gone = self._gone, []
        for tree in reversed(gone):
            self._bookmarks.restore(tree)
        self._back.setEnabled(False)
        self._note.hide()

    def _add_folder(self) -> None:
        chosen = self._tree.selectedItems()
        item = _item_of(chosen[0]) if chosen else None
        where = BAR
        if item is not None:
            where = item.id if item.url is None else item.parent or BAR
        self._bookmarks.add(_("New folder"), None, int(time.time()), where)

    def _drop(self, row: QTreeWidgetItem | None, place: int | None) -> None:
        """Moves what is selected into the folder of `row`, before what is at `place` there."""
        folder = _item_of(row).id if row is not None else OTHER
        chosen = [_item_of(one).id for one in self._tree.selectedItems()]
        for offset, number in enumerate(chosen):
            at = None if place is None else place + offset
            if not self._bookmarks.move(number, folder, at):
                self._tell(_("A folder cannot be moved into itself."))

    def _on_renamed(self, row: QTreeWidgetItem, _column: int) -> None:
        if not self._filling:
            self._bookmarks.change(replace(_item_of(row), title=row.text(0)))

    def _on_activated(self, row: QTreeWidgetItem, _column: int) -> None:
        if (urlstr := _item_of(row).url) is not None:
            self._open_page(QUrl.fromEncoded(urlstr.encode()), False)

    def _show_menu(self, at: QPoint) -> None:
        pages = [_item_of(row).url for row in self._tree.selectedItems()]
        viewport = self._tree.viewport()
        show_kept_menu(
            self._tree if viewport is None else viewport, at, self._context, self._open_page,
            [url for url in pages if url is not None],
            *([("trash", _("Delete"), self._delete)] if self._bookmarks.can_change else []),
        )  # fmt: skip

    def _import(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(
            self, _("Import bookmarks"), "", _("Bookmark files (*.html *.htm)")
        )
        if path:
            self.import_file(Path(path))

    def import_file(self, path: Path) -> None:
        """Takes in a file of another browser, all or nothing."""
        try:
            with path.open("rb") as file:
                text = file.read(MAX_FILE).decode("utf-8", "replace")
            bar, other = read_html(text)
        except OSError as error:
            self._tell(_("{file}: {cause}").format(file=path.name, cause=unread(error)))
            return
        except BookmarkFileError:
            self._tell(_("{file} is no file of bookmarks.").format(file=path.name))
            return
        count = self._bookmarks.take_in(BAR, bar) + self._bookmarks.take_in(OTHER, other)
        text = ngettext("{count} bookmark imported.", "{count} bookmarks imported.", count)
        self._tell(text.format(count=count))

    def _export(self) -> None:
        path, _kind = QFileDialog.getSaveFileName(self, _("Export bookmarks"), "bookmarks.html")
        if path:
            self.export_file(Path(path))

    def export_file(self, path: Path) -> None:
        """Writes all bookmarks into a file that every browser reads."""
        bar, other = self._bookmarks.tree(BAR), self._bookmarks.tree(OTHER)
        text = write_html(bar, other, _("Bookmarks bar"))
        try:
            write_atomically(path, text.encode("utf-8", "replace"))
        except OSError as error:
            cause = unwritten(error, chosen=True)
            self._tell(_("{file}: {cause}").format(file=path.name, cause=cause))

    def _tell(self, text: str) -> None:
        self._note.setText(text)
        self._note.show()

    def _show_empty(self) -> None:
        if self._search.text().strip():
            if self._tree.topLevelItemCount():
                self._empty.tell("")
            else:
                hint = _("Try fewer words, or other ones.")
                self._empty.tell(_("Nothing fits these words."), hint)
        elif self._all_rows():
            self._empty.tell("")
        else:
            self._empty.tell(
                _("There are no bookmarks yet."),
                "" if not self._bookmarks.can_change else
                _("The star beside an address keeps its page here. “Import…” takes in those of "
                  "another browser."),
            )  # fmt: skip

    def _show_state(self) -> None:
        chosen = [_item_of(row).id for row in self._tree.selectedItems()]
        self._remove.setEnabled(any(number not in ROOTS for number in chosen))

    def _closed_folders(self) -> set[int]:
        return {_item_of(row).id for row in self._all_rows() if not row.isExpanded()}

    def _all_rows(self) -> list[QTreeWidgetItem]:
        found: list[QTreeWidgetItem] = []
        waiting = [self._tree.topLevelItem(n) for n in range(self._tree.topLevelItemCount())]
        while waiting:
            row = waiting.pop()
            if row is not None and row.childCount():
                found.append(row)
                waiting += [row.child(number) for number in range(row.childCount())]
        return found


class _Tree(QTreeWidget):
    """Tells where something was dropped instead of moving it itself."""

    def __init__(self, drop: Callable[[QTreeWidgetItem | None, int | None], None]) -> None:
        super().__init__()
        self._drop = drop

    def dropEvent(self, event: QDropEvent | None) -> None:
        if event is None:
            return
        row = self.itemAt(event.position().toPoint())
        where = self.dropIndicatorPosition()
        marks = QAbstractItemView.DropIndicatorPosition
        if row is None or where == marks.OnItem:
            self._drop(row, None)
        else:
            below = int(where == marks.BelowItem)
            place = self.indexFromItem(row).row() + below
            parent = row.parent()
            self._drop(parent or row, place if parent is not None else None)
        # Done by ourselves: the view must not take the rows away once more.
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()


def _item_of(row: QTreeWidgetItem) -> Bookmark:
    item = row.data(0, _ITEM)
    assert isinstance(item, Bookmark)
    return item


def _button(text: str, act: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.clicked.connect(lambda _checked=False: act())
    return button

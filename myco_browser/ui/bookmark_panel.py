"""The panel below the star: what the page in front is kept as."""

from __future__ import annotations

import time
from dataclasses import replace

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QPushButton

from myco_browser.services.bookmarks import BAR, OTHER, Bookmark, Bookmarks
from myco_browser.ui.dressing import level_labels
from myco_browser.ui.i18n import _
from myco_browser.ui.panels import Panel
from myco_browser.ui.theme import SPACE
from myco_browser.ui.window import BrowserWindow

_MOST_FOLDERS = 500


def bookmark_page(window: BrowserWindow) -> None:
    """Keeps the page in front, if it is not yet, and shows the panel about it."""
    bookmarks, tab = window.context.bookmarks, window.current()
    if bookmarks is not None and not bookmarks.can_change:
        window.tell("info", only_read())
        return
    if bookmarks is None or tab.url.scheme() not in ("http", "https", "file"):
        window.tell("info", _("Only pages of the web and files can be kept, and no private ones."))
        return
    is_new = bookmarks.find(tab.urlstr) is None
    if is_new:
        bookmarks.add(tab.title, tab.urlstr, int(time.time()), BAR)
    kept = bookmarks.find(tab.urlstr)
    if kept is not None:
        BookmarkPanel(window, bookmarks, kept, is_new=is_new).show_below(window.address.star)


def only_read() -> str:
    """What a private window says about changing bookmarks."""
    return _(
        "A private window keeps nothing: bookmarks can be opened here, and changed in an everyday "
        "window."
    )


class BookmarkPanel(Panel):
    """Changes are kept when the panel closes."""

    def __init__(
        self, window: BrowserWindow, bookmarks: Bookmarks, kept: Bookmark, *, is_new: bool
    ) -> None:
        super().__init__(window, _("Bookmark"), 360)
        self._bookmarks = bookmarks
        self._kept = kept
        self._removed = False
        self.add_heading(_("Bookmark added") if is_new else _("Bookmark"))
        form = QFormLayout()
        form.setSpacing(SPACE["s"])
        form.setLabelAlignment(Qt.AlignmentFlag.AlignVCenter)
        self._title = QLineEdit(kept.title)
        self._folder = QComboBox()
        for number, name in folders_of(bookmarks):
            self._folder.addItem(name, number)
        self._folder.setCurrentIndex(self._folder.findData(kept.parent))
        self._tags = QLineEdit(", ".join(kept.tags))
        self._tags.setPlaceholderText(_("separated by commas"))
        for label, field in (
            (_("Name"), self._title), (_("Folder"), self._folder), (_("Tags"), self._tags),
        ):  # fmt: skip
            field.setAccessibleName(label)
            form.addRow(label, field)
        self.column.addLayout(form)
        level_labels(form)
        row = QHBoxLayout()
        remove, done = QPushButton(_("Remove")), QPushButton(_("Done"))
        done.setObjectName("primary")
        remove.clicked.connect(self._remove)
        done.clicked.connect(self.close)
        for field in (self._title, self._tags):
            field.returnPressed.connect(self.close)
        row.addWidget(remove)
        row.addStretch(1)
        row.addWidget(done)
        self.column.addLayout(row)
        self._title.setFocus(Qt.FocusReason.PopupFocusReason)
        self._title.selectAll()

    def _remove(self) -> None:
        self._removed = True
        self._bookmarks.delete(self._kept.id)
        self.close()

    def closeEvent(self, event: object) -> None:
        if self._removed:
            return
        tags = tuple(tag.strip() for tag in self._tags.text().split(","))
        changed = replace(self._kept, title=self._title.text() or self._kept.title, tags=tags)
        self._bookmarks.change(changed)
        folder = self._folder.currentData()
        if isinstance(folder, int) and folder != self._kept.parent:
            self._bookmarks.move(self._kept.id, folder)


def folders_of(bookmarks: Bookmarks) -> list[tuple[int, str]]:
    """All folders with names that show where they are, the bar first."""
    found: list[tuple[int, str]] = []

    def walk(number: int, name: str, depth: int) -> None:
        found.append((number, "    " * depth + name))
        for item in bookmarks.children(number):
            if item.url is None and len(found) < _MOST_FOLDERS:
                walk(item.id, item.title, depth + 1)

    walk(BAR, _("Bookmarks bar"), 0)
    walk(OTHER, _("Other bookmarks"), 0)
    return found

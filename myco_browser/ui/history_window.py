"""The history: search it, open pages again, forget pages, days and whole sites."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QModelIndex, QPoint, Qt, QTimer, QUrl
from PyQt6.QtGui import QIcon, QKeySequence, QShortcut
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.settings_kept import HISTORY_KEPT
from myco_browser.domain.urls import site_key
from myco_browser.services.history import Visit
from myco_browser.ui.context import Context
from myco_browser.ui.dressing import usual_size
from myco_browser.ui.empty_note import EmptyNote
from myco_browser.ui.history_model import HistoryModel
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.icons import icon
from myco_browser.ui.kept_menu import show_kept_menu
from myco_browser.ui.tab_pictures import kept_picture
from myco_browser.ui.theme import SPACE

_SEARCH_MS = 150


class HistoryWindow(QWidget):
    """A window of its own. `open_page` shows an address, in a new tab when told so."""

    def __init__(
        self,
        context: Context,
        open_page: Callable[[QUrl, bool], None],
        clear_data: Callable[[], None],
    ) -> None:
        super().__init__()
        self._context = context
        self._open_page = open_page
        self.setObjectName("log")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(_("History"))
        self.setMinimumSize(420, 320)
        usual_size(self, 820, 620)
        self._model = HistoryModel(context.visits.search, self._picture, context.language, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["l"], SPACE["l"], SPACE["l"], SPACE["l"])
        column.setSpacing(SPACE["m"])
        self._search = self._search_field()
        column.addWidget(self._search)
        self._tree = self._make_tree()
        column.addWidget(self._tree, 1)
        self._empty = EmptyNote(self._tree, context.face, "history")
        self._note = QLabel()
        self._note.setObjectName("quiet")
        self._note.setWordWrap(True)
        self._note.hide()
        column.addWidget(self._note)
        column.addLayout(self._buttons(clear_data))
        self.refresh()

    def refresh(self) -> None:
        """Reads the history anew."""
        self._note.hide()
        self._model.show_words(self._search.text())
        self._tree.expandAll()
        self._show_state()

    # Construction

    def _search_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(_("Find in titles and addresses"))
        field.setAccessibleName(_("Find in the history"))
        field.setClearButtonEnabled(True)
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(_SEARCH_MS)
        timer.timeout.connect(self.refresh)
        field.textChanged.connect(timer.start)
        return field

    def _make_tree(self) -> QTreeView:
        tree = QTreeView()
        tree.setObjectName("library")
        tree.setAccessibleName(_("Visited pages"))
        tree.setModel(self._model)
        tree.setHeaderHidden(True)
        tree.setRootIsDecorated(False)
        tree.setItemsExpandable(False)
        tree.setIndentation(0)
        tree.setUniformRowHeights(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        tree.customContextMenuRequested.connect(self._show_menu)
        tree.activated.connect(self._on_activated)
        self._model.rowsInserted.connect(lambda parent, *_rest: tree.expand(parent))
        selection = tree.selectionModel()
        if selection is not None:
            selection.selectionChanged.connect(lambda *_rest: self._show_state())
        QShortcut(QKeySequence.StandardKey.Delete, tree, self._forget_pages)
        return tree

    def _buttons(self, clear_data: Callable[[], None]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE["s"])
        self._forget = _button(_("Forget these pages"), self._forget_pages)
        self._forget_site = _button(_("Forget this site"), self._forget_whole_site)
        row.addWidget(self._forget)
        row.addWidget(self._forget_site)
        row.addStretch(1)
        row.addWidget(_button(_("Clear data…"), clear_data))
        return row

    # Acts

    def _chosen(self) -> list[Visit]:
        return self._model.visits(self._tree.selectedIndexes())

    def _forget_pages(self) -> None:
        for visit in self._chosen():
            self._context.visits.forget_page(visit.url)
        self.refresh()

    def _forget_whole_site(self) -> None:
        causes = [
            self._context.forgetting.forget_site(site)
            for site in {site_key(visit.url) for visit in self._chosen()}
            if site is not None
        ]
        self.refresh()
        if cause := next(filter(None, causes), ""):
            text = _("Not everything could be forgotten: {cause}")
            self._note.setText(text.format(cause=cause))
            self._note.show()

    def _on_activated(self, index: QModelIndex) -> None:
        for visit in self._model.visits([index]) if index.parent().isValid() else ():
            self._open_page(QUrl.fromEncoded(visit.url.encode()), False)

    def _show_menu(self, at: QPoint) -> None:
        viewport = self._tree.viewport()
        show_kept_menu(
            self._tree if viewport is None else viewport, at, self._context, self._open_page,
            [visit.url for visit in self._chosen()],
            ("trash", _("Forget these pages"), self._forget_pages),
            ("trash", self._forget_site.text(), self._forget_whole_site),
        )  # fmt: skip

    def _show_state(self) -> None:
        chosen = self._chosen()
        sites = {site_key(visit.url) for visit in chosen} - {None}
        self._forget.setEnabled(bool(chosen))
        self._forget_site.setEnabled(bool(sites))
        self._forget_site.setText(
            ngettext("Forget this site", "Forget these sites", max(1, len(sites)))
        )
        self._show_empty()

    def _show_empty(self) -> None:
        if self._model.rowCount():
            self._empty.tell("")
        elif self._context.private:
            self._empty.tell(_("A private window keeps no history."))
        elif self._search.text().strip():
            self._empty.tell(_("Nothing fits these words."), _("Try fewer words, or other ones."))
        elif self._context.now[HISTORY_KEPT] == "off":
            self._empty.tell(
                _("The history is empty."),
                _("“Keep the history” in the settings says “Not at all”."),
            )
        else:
            self._empty.tell(
                _("The history is empty."),
                _("Pages that you visit appear here; those of private windows never do."),
            )

    def _picture(self, urlstr: str) -> QIcon:
        kept = kept_picture(self._context, urlstr)
        return icon("globe", self._context.face.quiet, 16) if kept.isNull() else kept


def _button(text: str, act: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.clicked.connect(lambda _checked=False: act())
    return button

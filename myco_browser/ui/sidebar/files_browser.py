"""A folder of an account: looking, opening, sending, and what can be done to files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PyQt6.QtCore import QModelIndex, QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from myco_browser.bridge.files import Files, Room
from myco_browser.domain.files import Entry, FilesCause, Quota
from myco_browser.files.transfers import is_waiting
from myco_browser.services.files_pictures import small_picture
from myco_browser.services.files_search import search
from myco_browser.ui.empty_note import EmptyNote
from myco_browser.ui.i18n import _
from myco_browser.ui.panels import size_words, text_label
from myco_browser.ui.sidebar.banner import Banner
from myco_browser.ui.sidebar.files_changes import FilesChanges
from myco_browser.ui.sidebar.files_drag import FilesView
from myco_browser.ui.sidebar.files_head import FilesHead
from myco_browser.ui.sidebar.files_list import (
    ENTRY,
    PICTURE_SIDE,
    FilesDelegate,
    FilesModel,
    decoded,
)
from myco_browser.ui.sidebar.files_menu import choose_files, show_menu, show_sending
from myco_browser.ui.sidebar.files_transfers import TransferRows
from myco_browser.ui.sidebar.page_stack import Margined
from myco_browser.ui.sidebar.toast import Toast
from myco_browser.ui.theme import SPACE, Face

Answer = Callable[..., None]


class FilesBrowser(QWidget):
    """One folder after another. What is asked for is done in the order of asking."""

    account_wanted = pyqtSignal()
    removal_wanted = pyqtSignal(str)

    def __init__(self, files: Files, face: Face, language: str, downloads: Path) -> None:
        super().__init__()
        self._files = files
        self.face = face
        self.language = language
        self.downloads = downloads
        self.account_id = ""
        self.path = ""
        self._listed: list[Entry] = []
        self.model = FilesModel(self._look, self)
        self._delegate = FilesDelegate(face, language, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.head = FilesHead(face)
        self.head.wanted.connect(self._on_wanted)
        self.head.searched.connect(self._search)
        column.addWidget(self.head)
        self.banner = Banner(face)
        column.addWidget(Margined(self.banner))
        self.list = self._list()
        column.addWidget(self.list, 1)
        self._empty = EmptyNote(self.list, face)
        self.rows = TransferRows(files.transfers, face, language)
        column.addWidget(self.rows)
        self._room = text_label("", "small")
        self._room.setContentsMargins(SPACE["m"], SPACE["xs"], SPACE["m"], SPACE["xs"])
        column.addWidget(self._room)
        self.toast = Toast(self, self.list)
        self.changes = FilesChanges(self, files)
        self.setFocusProxy(self.list)
        self.setAcceptDrops(True)
        files.folder_changed.connect(self._on_folder_changed)

    # Construction

    def _list(self) -> FilesView:
        view = FilesView(self._files, self)
        view.setObjectName("mails")
        view.setAccessibleName(_("Files"))
        view.setModel(self.model)
        view.setItemDelegate(self._delegate)
        view.setMouseTracking(True)
        view.setUniformItemSizes(True)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.stay_in_place()
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(lambda at: show_menu(self, view.mapToGlobal(at)))
        view.activated.connect(self._on_activated)
        return view

    # Showing a folder

    def show_folder(self, account_id: str, path: str) -> None:
        """Shows a folder as the server has it now."""
        self.toast.flush()
        if account_id != self.account_id:
            self.rows.show_account(account_id)
            self._room.setText("")
        self.account_id, self.path = account_id, path
        self._files.look_at(account_id, path)
        self._listed = []
        self.model.show(())
        self._show_place()
        if self.isVisible():
            self.list.setFocus()
        self._delegate.below = None
        self._empty.say(_("Looking…"))
        self.look_again()
        self.ask(lambda room: room.dav.quota(), self._take_quota, lambda _cause: None)

    @property
    def listed(self) -> Sequence[Entry]:
        """What the server has in the folder, or what was found."""
        return self._listed

    def look_again(self) -> None:
        """Asks the server what is in the folder."""
        path = self.path
        self.ask(lambda room: list(room.dav.list(path)), self._take, self._not_taken)

    def _take(self, entries: list[Entry]) -> None:
        self.banner.hide()
        self._listed = [one for one in entries if not is_waiting(one)]
        self.model.show(self._listed)
        text = _("This folder is empty. Drop files here, or choose them.")
        send = (_("Send files…"), lambda: choose_files(self))
        self._empty.say("" if self._listed else text, "folder", send)

    def _not_taken(self, cause: FilesCause) -> None:
        self._empty.hide()
        retry = ((_("Try again"), self.look_again),)
        self.banner.say("warning", _(cause.value), retry, "warning")

    def _take_quota(self, quota: Quota) -> None:
        if quota.used is None or quota.free is None or quota.free < 0:
            return
        words = _("{used} used, {free} free")
        used, free = (size_words(n, self.language) for n in (quota.used, quota.free))
        self._room.setText(words.format(used=used, free=free))

    def _show_place(self) -> None:
        account = next((a for a in self._files.accounts if a.account_id == self.account_id), None)
        title = account.title if account is not None else ""
        name = self.path.rpartition("/")[2] or title
        self.head.show_place(name, f"{title}/{self.path}".rstrip("/"), bool(self.path))

    def _on_wanted(self, what: str) -> None:
        match what:
            case "up":
                self.show_folder(self.account_id, self.path.rpartition("/")[0])
            case "places":
                self._show_places()
            case "pictures":
                self._toggle_pictures()
            case "folder":
                self.changes.make_folder()
            case "send":
                show_sending(self, self.head.buttons["send"])
            case _:
                self.look_again()

    def _show_places(self) -> None:
        menu = QMenu(self)
        parts = self.path.split("/") if self.path else []
        for depth in range(len(parts) - 1, -1, -1):
            path = "/".join(parts[:depth])
            name = parts[depth - 1] if depth else _("All files")
            menu.addAction(name, lambda to=path: self.show_folder(self.account_id, to))
        if parts:
            menu.addSeparator()
        for account in self._files.accounts:
            to = account.account_id
            act = menu.addAction(account.title, lambda to=to: self.show_folder(to, ""))
            if act is not None:
                act.setCheckable(True)
                act.setChecked(to == self.account_id)
        menu.addSeparator()
        menu.addAction(_("Add files…"), self.account_wanted.emit)
        menu.addAction(
            _("Remove this server from Myco"), lambda: self.removal_wanted.emit(self.account_id)
        )
        place = self.head.place
        menu.popup(place.mapToGlobal(QPoint(0, place.height())))

    # Doing

    def ask(self, work: Callable[[Room], object], done: Answer, failed: Answer) -> None:
        """What comes back when another folder is shown by then is dropped."""
        place = (self.account_id, self.path)

        def take(value: object) -> None:
            if place == (self.account_id, self.path):
                done(value)

        def fail(cause: FilesCause) -> None:
            if place == (self.account_id, self.path):
                failed(cause)

        self._files.ask(self.account_id, work, take, fail)

    def selected(self) -> tuple[Entry, ...]:
        """What is selected."""
        model = self.list.selectionModel()
        rows = model.selectedIndexes() if model is not None else []
        found = (index.data(ENTRY) for index in rows)
        return tuple(one for one in found if isinstance(one, Entry))

    def _on_activated(self, index: QModelIndex) -> None:
        entry = index.data(ENTRY)
        if not isinstance(entry, Entry):
            return
        if entry.is_folder:
            self.show_folder(self.account_id, entry.path)
        else:
            self.save([entry])

    def save(self, entries: Sequence[Entry], folder: Path | None = None) -> None:
        """Fetches files and whole folders into the folder of downloads, or another."""
        self._files.transfers.download(self.account_id, entries, folder or self.downloads)

    def send(self, paths: Sequence[Path]) -> None:
        """Sends files and whole folders of this machine into the folder that is shown."""
        found = [path for path in paths if path.is_file() or path.is_dir()]
        self._files.transfers.upload(self.account_id, found, self.path)

    def _search(self, words: str) -> None:
        path = self.path
        self._delegate.below = path if words else None
        if not words:
            self.look_again()
            return
        self.model.show(())
        self._empty.say(_("Looking…"))
        self.ask(lambda room: search(room.dav, path, words), self._take_found, self._not_taken)

    def _take_found(self, entries: list[Entry]) -> None:
        self._listed = entries
        self.model.show(entries)
        text = _("Nothing of that name was found below this folder.")
        whole = (_("Show the folder"), self.head.toggle_search)
        self._empty.say("" if entries else text, "search", whole)

    def _toggle_pictures(self) -> None:
        self._delegate.as_pictures = on = not self._delegate.as_pictures
        self.list.setViewMode(QListView.ViewMode.IconMode if on else QListView.ViewMode.ListMode)
        self.list.stay_in_place()
        self.list.scheduleDelayedItemsLayout()

    def _look(self, entry: Entry) -> None:
        if not self._delegate.as_pictures:
            return
        side = round(PICTURE_SIDE * self.devicePixelRatioF())

        def fetch(room: Room) -> QImage:
            return decoded(small_picture(room.dav, room.cloud, entry, side), side)

        self.ask(fetch, lambda image: self.model.take_picture(entry, image), lambda _cause: None)

    def _on_folder_changed(self, account_id: str, path: str) -> None:
        if (account_id, path) == (self.account_id, self.path) and not self.head.is_searching:
            self.look_again()

    # Files from elsewhere

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        data = event.mimeData() if event is not None else None
        # What is dragged out of this panel does not come back as a copy.
        if event is None or data is None or event.source() is self.list:
            return
        if any(one.isLocalFile() for one in data.urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        data = event.mimeData() if event is not None else None
        if data is not None:
            self.send([Path(u.toLocalFile()) for u in data.urls() if u.isLocalFile()])

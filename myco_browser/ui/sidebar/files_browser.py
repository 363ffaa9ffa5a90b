"""A folder of an account: looking, opening, sending, and what can be done to files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PyQt6.QtCore import QModelIndex, QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QDragEnterEvent, QDropEvent, QImage, QResizeEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QInputDialog,
    QListView,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from myco_browser.bridge.files import Files, Room
from myco_browser.domain.files import Entry, FilesCause, Quota
from myco_browser.files.paths import is_name, joined
from myco_browser.files.transfers import is_waiting
from myco_browser.services.files_pictures import small_picture
from myco_browser.services.files_search import search
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.panels import size_words, text_label
from myco_browser.ui.sidebar.banner import Banner
from myco_browser.ui.sidebar.files_head import FilesHead
from myco_browser.ui.sidebar.files_list import (
    ENTRY,
    PICTURE_SIDE,
    FilesDelegate,
    FilesModel,
    decoded,
)
from myco_browser.ui.sidebar.files_menu import choose_files, show_menu
from myco_browser.ui.sidebar.files_share import ShareDialog
from myco_browser.ui.sidebar.files_transfers import TransferRows
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
        self._face = face
        self._language = language
        self.downloads = downloads
        self.account_id = ""
        self.path = ""
        self._listed: list[Entry] = []
        self._cut: tuple[Entry, ...] = ()
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
        column.addWidget(self.banner)
        self.list = self._list()
        column.addWidget(self.list, 1)
        self._empty = text_label("", "quiet")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setParent(self.list)
        self.rows = TransferRows(files.transfers, face, language)
        column.addWidget(self.rows)
        self._room = text_label("", "small")
        self._room.setContentsMargins(SPACE["m"], SPACE["xs"], SPACE["m"], SPACE["xs"])
        column.addWidget(self._room)
        self.toast = Toast(self)
        self.setFocusProxy(self.list)
        self.setAcceptDrops(True)
        files.folder_changed.connect(self._on_folder_changed)

    # Construction

    def _list(self) -> QListView:
        view = QListView()
        view.setObjectName("mails")
        view.setAccessibleName(_("Files"))
        view.setModel(self.model)
        view.setItemDelegate(self._delegate)
        view.setMouseTracking(True)
        view.setUniformItemSizes(True)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setMovement(QListView.Movement.Static)
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
        self._listed = []
        self.model.show(())
        self._show_place()
        if self.isVisible():
            self.list.setFocus()
        self._say_empty(_("Looking…"))
        self.look_again()
        self._ask(lambda room: room.dav.quota(), self._take_quota, lambda _cause: None)

    def look_again(self) -> None:
        """Asks the server what is in the folder."""
        path = self.path
        self._ask(lambda room: list(room.dav.list(path)), self._take, self._not_taken)

    def _take(self, entries: list[Entry]) -> None:
        self.banner.hide()
        self._listed = [one for one in entries if not is_waiting(one)]
        self.model.show(self._listed)
        self._say_empty("" if self._listed else _("This folder is empty. Drop files here."))

    def _not_taken(self, cause: FilesCause) -> None:
        self._say_empty("")
        retry = ((_("Try again"), self.look_again),)
        self.banner.say("warning", _(cause.value), retry, "warning")

    def _take_quota(self, quota: Quota) -> None:
        if quota.used is None or quota.free is None or quota.free < 0:
            return
        words = _("{used} used, {free} free")
        used, free = (size_words(n, self._language) for n in (quota.used, quota.free))
        self._room.setText(words.format(used=used, free=free))

    def _show_place(self) -> None:
        account = next((a for a in self._files.accounts if a.account_id == self.account_id), None)
        title = account.title if account is not None else ""
        name = self.path.rpartition("/")[2] or title
        self.head.show_place(name, f"{title}/{self.path}".rstrip("/"), bool(self.path))

    def _say_empty(self, sentence: str) -> None:
        self._empty.setText(sentence)
        self._empty.setVisible(bool(sentence))
        self._empty.setGeometry(SPACE["l"], SPACE["xl"], self.list.width() - 2 * SPACE["l"], 60)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._empty.setFixedWidth(max(0, self.list.width() - 2 * SPACE["l"]))
        self.toast.place()

    def _on_wanted(self, what: str) -> None:
        match what:
            case "up":
                self.show_folder(self.account_id, self.path.rpartition("/")[0])
            case "places":
                self._show_places()
            case "pictures":
                self._toggle_pictures()
            case "folder":
                self.make_folder()
            case "send":
                choose_files(self)
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

    def _ask(self, work: Callable[[Room], object], done: Answer, failed: Answer) -> None:
        """What comes back when another folder is shown by then is dropped."""
        place = (self.account_id, self.path)

        def take(value: object) -> None:
            if place == (self.account_id, self.path):
                done(value)

        def fail(cause: FilesCause) -> None:
            if place == (self.account_id, self.path):
                failed(cause)

        self._files.ask(self.account_id, work, take, fail)

    def _change(self, work: Callable[[Room], object]) -> None:
        """Changes something on the server, then looks again."""
        self._ask(work, lambda _done: self.look_again(), self._not_changed)

    def _not_changed(self, cause: FilesCause) -> None:
        self.toast.say(_(cause.value))
        self.look_again()

    @property
    def can_paste(self) -> bool:
        """Whether something was cut."""
        return bool(self._cut)

    @property
    def can_share(self) -> bool:
        """Whether the server makes links."""
        return self._files.has_cloud(self.account_id)

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
        """Fetches files into the folder of downloads, or another."""
        files = [one for one in entries if not one.is_folder]
        self._files.transfers.download(self.account_id, files, folder or self.downloads)

    def send(self, paths: Sequence[Path]) -> None:
        """Sends files of this machine into the folder that is shown."""
        files = [path for path in paths if path.is_file()]
        if len(files) < len(paths):
            self.toast.say(_("Folders cannot be sent yet, only files."))
        self._files.transfers.upload(self.account_id, files, self.path)

    def make_folder(self) -> None:
        """Asks for a name and makes a folder."""
        name, agreed = QInputDialog.getText(self, _("New folder"), _("Name"))
        if agreed and self._is_good(name):
            path = joined(self.path, name.strip())
            self._change(lambda room: room.dav.make_folder(path))

    def rename(self, entry: Entry, name: str) -> None:
        """Gives a file or folder another name."""
        if self._is_good(name) and name.strip() != entry.name:
            to = joined(entry.folder, name.strip())
            self._change(lambda room: room.dav.move(entry.path, to, folder=entry.is_folder))

    def paste(self) -> None:
        """Moves what was cut into the folder that is shown."""
        cut, self._cut = self._cut, ()
        for entry in cut:
            to = joined(self.path, entry.name)
            self._change(_moving(entry, to))

    def delete(self, entries: Sequence[Entry]) -> None:
        """Takes files off the list; they are deleted when nobody has undone it for a while."""
        if not entries:
            return
        paths = [one.path for one in entries]
        self.model.hide(paths)
        account_id = self.account_id

        def commit() -> None:
            for one in entries:
                # Another folder may be shown by then: what was asked for is done all the same.
                self._files.ask(
                    account_id,
                    _deleting(one),
                    lambda _done: None,
                    lambda cause: self._not_deleted(paths, cause),
                )

        def undo() -> None:
            self.model.unhide(paths, self._listed)

        text = ngettext("{count} file deleted", "{count} files deleted", len(entries))
        self.toast.say(text.format(count=len(entries)), commit, undo)

    def _not_deleted(self, paths: Sequence[str], cause: FilesCause) -> None:
        self.model.unhide(paths, self._listed)
        self.toast.say(_(cause.value))

    def _is_good(self, name: str) -> bool:
        if is_name(name.strip()):
            return True
        self.toast.say(_("Nothing can be called that."))
        return False

    # What the user does

    def share(self, entry: Entry) -> None:
        """Shows the dialog that makes a link."""
        ShareDialog(self._files, self.account_id, entry, self).open()

    def cut(self, entries: tuple[Entry, ...]) -> None:
        """Remembers what `paste` moves."""
        self._cut = entries
        self.toast.say(_("Go to another folder and paste there."))

    def _search(self, words: str) -> None:
        if not words:
            self.look_again()
            return
        path = self.path
        self.model.show(())
        self._say_empty(_("Looking…"))
        self._ask(lambda room: search(room.dav, path, words), self._take_found, self._not_taken)

    def _take_found(self, entries: list[Entry]) -> None:
        self._listed = entries
        self.model.show(entries)
        self._say_empty("" if entries else _("Nothing of that name was found."))

    def _toggle_pictures(self) -> None:
        self._delegate.as_pictures = on = not self._delegate.as_pictures
        self.list.setViewMode(QListView.ViewMode.IconMode if on else QListView.ViewMode.ListMode)
        self.list.setMovement(QListView.Movement.Static)
        self.list.scheduleDelayedItemsLayout()

    def _look(self, entry: Entry) -> None:
        if not self._delegate.as_pictures:
            return
        side = round(PICTURE_SIDE * self.devicePixelRatioF())

        def fetch(room: Room) -> QImage:
            return decoded(small_picture(room.dav, room.cloud, entry, side), side)

        self._ask(fetch, lambda image: self.model.take_picture(entry, image), lambda _cause: None)

    def _on_folder_changed(self, account_id: str, path: str) -> None:
        if (account_id, path) == (self.account_id, self.path) and not self.head.is_searching:
            self.look_again()

    # Files from elsewhere

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        data = event.mimeData() if event is not None else None
        if event is not None and data is not None and any(u.isLocalFile() for u in data.urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        data = event.mimeData() if event is not None else None
        if data is not None:
            self.send([Path(u.toLocalFile()) for u in data.urls() if u.isLocalFile()])


def _moving(entry: Entry, to: str) -> Callable[[Room], None]:
    return lambda room: room.dav.move(entry.path, to, folder=entry.is_folder)


def _deleting(entry: Entry) -> Callable[[Room], None]:
    etag = "" if entry.etag.startswith("W/") else entry.etag
    return lambda room: room.dav.delete(entry.path, folder=entry.is_folder, etag=etag)

"""The list of a folder, with what can be done to messages, and the choice of folder above it."""

from __future__ import annotations

import array
from collections.abc import Callable, Sequence

from PyQt6.QtCore import QModelIndex, QPoint, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.mail import Folder, Role, Summary
from myco_browser.domain.mail_settings import MAIL_CONVERSATIONS
from myco_browser.mail.errors import MailError
from myco_browser.services import mail_jobs
from myco_browser.services.mail_jobs import FolderView
from myco_browser.services.mail_outbox import OutState
from myco_browser.services.mail_post import Desk
from myco_browser.services.mail_threads import Conversations
from myco_browser.ui.chrome import tool_button
from myco_browser.ui.empty_note import Choice, EmptyNote
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.icons import icon
from myco_browser.ui.sidebar.account_banner import AccountBanner
from myco_browser.ui.sidebar.banner import Banner
from myco_browser.ui.sidebar.folder_menu import fill_folder_menu
from myco_browser.ui.sidebar.mail_acts import MailList, moved_words, show_message_menu
from myco_browser.ui.sidebar.mail_desk import MailDesk
from myco_browser.ui.sidebar.mail_list import MailModel
from myco_browser.ui.sidebar.mail_rows_painted import MailDelegate
from myco_browser.ui.sidebar.mail_words import empty_words, folder_name
from myco_browser.ui.sidebar.page_stack import Margined
from myco_browser.ui.sidebar.toast import Toast
from myco_browser.ui.theme import SPACE, Face

_SYNC_AFTER_MS = 60


class Mailbox(QWidget):
    """One folder of one account. `letter_wanted` carries the number of a message."""

    letter_wanted = pyqtSignal(int)
    write_wanted = pyqtSignal()
    draft_wanted = pyqtSignal(int)
    account_wanted = pyqtSignal()
    settings_wanted = pyqtSignal(str)
    outbox_wanted = pyqtSignal()

    def __init__(self, desk: MailDesk, face: Face) -> None:
        super().__init__()
        self._desk = desk
        self._mail = desk.mail
        self._face = face
        self.account_id = ""
        self.path = ""
        self._ascending: Sequence[int] = array.array("I")
        self._uidvalidity = 0
        self._conversations: Conversations = ()
        self._searched = ""
        self.model = MailModel(self._load, self)
        self._sync_timer = QTimer(self)
        self._sync_timer.setSingleShot(True)
        self._sync_timer.timeout.connect(self._sync)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        self.search_field = self._search_field()
        column.addWidget(Margined(self.search_field))
        self.banner = AccountBanner(self._mail, face)
        column.addWidget(self.banner)
        self._barred = Banner(face)
        column.addWidget(Margined(self._barred))
        self.list = self._list()
        column.addWidget(self.list, 1)
        self._empty = EmptyNote(self.list, face)
        self.toast = Toast(self)
        self.setFocusProxy(self.list)
        self._mail.folder_changed.connect(self._on_folder_changed)
        self._mail.folders_changed.connect(self._on_folders)
        self._mail.arrived.connect(self._on_arrived)
        self._mail.out.changed.connect(self._on_out)
        self._mail.acts.refused.connect(self._not_done)
        desk.write.failed.connect(self.toast.say)
        self._mail.acts.performed.connect(self._on_folder_changed)
        self._show_barred()
        desk.at_end(self.toast.flush)
        self.destroyed.connect(lambda _gone=None, f=self.toast.flush: desk.not_at_end(f))

    # Showing a folder

    def show_folder(self, account_id: str, path: str) -> None:
        """Shows a folder: what is known of it at once, then as it is."""
        self.toast.flush()
        self.account_id, self.path = account_id, path
        self._searched = ""
        self.search_field.hide()
        self.search_field.clear()
        self.model.forget(self._mail.acts.hidden(account_id, path))
        self._uidvalidity = 0
        self._ascending = array.array("I")
        self._conversations = ()
        self.banner.show_account(account_id)
        self._show_place()
        self._empty.hide()
        self._ask(lambda desk: mail_jobs.kept_view(desk, path), self._take_kept)
        self._sync()

    @property
    def folder(self) -> Folder | None:
        """The folder that is shown, as far as it is known."""
        found = self._mail.folders(self.account_id)
        return next((one for one in found if one.path == self.path), None)

    @property
    def role(self) -> Role:
        """What the folder that is shown is for."""
        folder = self.folder
        return folder.role if folder is not None else Role.INBOX

    def summary(self, uid: int) -> Summary | None:
        """What the list knows of a message."""
        return self.model.summary(uid)

    def conversation(self, uid: int) -> tuple[int, ...]:
        """The messages that belong together with that one."""
        return self.model.members(uid)

    def _ask(
        self,
        work: Callable[[Desk], object],
        done: Callable[..., None],
        failed: Callable[[MailError], None] = lambda _error: None,
    ) -> None:
        """What comes back when another folder is shown by then is dropped."""
        place = (self.account_id, self.path)

        def take(value: object) -> None:
            if place == (self.account_id, self.path):
                done(value)

        self._mail.ask(self.account_id, work, take, failed)

    def _sync(self) -> None:
        path = self.path
        self._ask(lambda desk: mail_jobs.fresh_view(desk, path), self._take_view, self._not_synced)

    def _take_kept(self, view: FolderView) -> None:
        if len(view.uids):
            self._take_uids(view)

    def _take_view(self, view: FolderView) -> None:
        self._take_uids(view)
        self._show_empty(*empty_words(self.role), self._write_choice())
        path = self.path
        self._ask(lambda desk: mail_jobs.conversations(desk, path), self._take_conversations)
        self._prefetch()

    def _take_conversations(self, found: Conversations | None) -> None:
        if found is not None:
            self._conversations = found
            self.show_all()

    def _take_uids(self, view: FolderView) -> None:
        self._ascending, self._uidvalidity = view.uids, view.uidvalidity
        self._conversations = view.conversations
        self.show_all()
        self.model.change_flags(view.flags)
        self._empty.setVisible(self._empty.isVisible() and not len(self.model.uids))

    def show_all(self) -> None:
        """All of the folder, in conversations if they are wanted; not while searching."""
        if not self._searched:
            together = self._desk.context.now[MAIL_CONVERSATIONS]
            self.model.show_uids(self._ascending, self._conversations if together else ())

    def _not_synced(self, _error: MailError) -> None:
        again = (_("Try again"), self._sync)
        text = _("Nothing of this folder is kept on this computer.")
        self._show_empty(text, "network-off", again)

    def _prefetch(self) -> None:
        path = self.path

        def again(more: bool) -> None:
            if more and path == self.path:
                self._prefetch()

        work = lambda desk: mail_jobs.prefetch(desk, path)  # noqa: E731 - said where it is used
        self._mail.ask(self.account_id, work, again, later=True)

    def _load(self, uids: Sequence[int]) -> None:
        path = self.path
        self._ask(
            lambda desk: mail_jobs.rows(desk, path, uids),
            self.model.take,
            lambda _error: self.model.failed(uids),
        )

    def _on_folder_changed(self, account_id: str, path: str) -> None:
        if (account_id, path) == (self.account_id, self.path):
            self._sync_timer.start(_SYNC_AFTER_MS)

    def _on_arrived(self, account_id: str, path: str, new: Sequence[Summary]) -> None:
        if (account_id, path) == (self.account_id, self.path):
            self.model.take({one.uid: one for one in new})

    def _on_folders(self, account_id: str) -> None:
        if account_id == self.account_id:
            self._show_place()

    def _on_out(self) -> None:
        self._show_barred()
        if self.role in (Role.SENT, Role.DRAFTS):
            self._sync_timer.start(_SYNC_AFTER_MS)

    def _show_barred(self) -> None:
        """Messages that only the user can bring on their way again."""
        barred = (OutState.DOUBT, OutState.REFUSED)
        count = sum(one.state in barred for one in self._mail.out.letters)
        if not count:
            self._barred.hide()
            return
        words = ngettext("{count} message was not sent.", "{count} messages were not sent.", count)
        look = (_("Look at the outbox"), self.outbox_wanted.emit)
        self._barred.say("warning", words.format(count=count), (look,), "warning")

    def _show_place(self) -> None:
        folder = self.folder
        name = folder_name(folder) if folder is not None else _("Inbox")
        if folder is not None and folder.unread:
            name += f"  {folder.unread}"
        self._place.setText(name)
        role = self.role
        self._delegate.shows_recipients = role in (Role.SENT, Role.DRAFTS)

    def _write_choice(self) -> Choice | None:
        """Where messages are written, or wait for an answer, one can be begun."""
        roles = (Role.INBOX, Role.DRAFTS, Role.SENT)
        return (_("Write a message"), self.write_wanted.emit) if self.role in roles else None

    def _show_empty(self, text: str, icon_name: str, choice: Choice | None) -> None:
        self._empty.say(text if not len(self.model.uids) else "", icon_name, choice)

    # Acts

    def open_row(self, index: QModelIndex) -> None:
        """Opens the message of a row; a draft is written on."""
        if index.isValid() and index.row() < len(self.model.uids):
            members = self.model.members(self.model.uids[index.row()])
            known = ((uid, self.model.summary(uid)) for uid in members)
            # The first that was not read yet, else the newest.
            unread = (uid for uid, one in known if one is not None and one.unread)
            uid = next(unread, members[-1])
            (self.draft_wanted if self.role is Role.DRAFTS else self.letter_wanted).emit(uid)

    def set_flag(self, uids: Sequence[int], flag: str, *, on: bool) -> None:
        """Sets a flag here and on the server."""
        for uid in uids:
            self.model.set_flag(uid, flag, on=on)
        self._mail.acts.flag(self.account_id, (self.path, self._uidvalidity), uids, flag, on=on)

    def move_to(self, uids: Sequence[int], role: Role) -> None:
        """Moves messages; for some seconds this can be undone."""
        if not uids:
            return
        view, acts = (self.path, self._uidvalidity), self._mail.acts
        chosen = tuple(uids)
        is_final = role is Role.TRASH and self.role is Role.TRASH
        self.toast.flush()
        self.model.hide(chosen)
        act = acts.move(self.account_id, view, chosen, role, _(role.value))

        def undo() -> None:
            acts.undo(act)
            self.model.unhide(chosen)

        words = moved_words(role, len(chosen), is_final=is_final)
        self.toast.say(words, lambda: acts.commit(act), undo)

    def _not_done(self, account_id: str, path: str, uids: Sequence[int]) -> None:
        """The server does not do what was done here."""
        if (account_id, path) == (self.account_id, self.path):
            self.model.unhide(uids)
            self.toast.say(_("The server refused that; the messages are where they were."))
            self._sync_timer.start(_SYNC_AFTER_MS)

    def selected(self) -> list[int]:
        """The messages that are chosen in the list; all of a conversation."""
        model = self.list.selectionModel()
        rows = sorted(index.row() for index in model.selectedIndexes()) if model else []
        chosen = (self.model.uids[row] for row in rows if row < len(self.model.uids))
        return [one for uid in chosen for one in self.model.members(uid)]

    def search(self, text: str) -> None:
        """Shows what has these words; all of the folder without any."""
        self._searched = text.strip()
        if not self._searched:
            self.show_all()
            self._empty.hide()
            return
        path, wanted = self.path, self._searched

        def show(found: list[int]) -> None:
            if wanted == self._searched:
                self.model.show_uids(array.array("I", found))
                text = _("Nothing was found for “{words}”.").format(words=wanted)
                self._show_empty(text, "search", (_("Show all messages"), self.toggle_search))

        self._ask(lambda desk: mail_jobs.search(desk, path, wanted), show)

    def toggle_search(self) -> None:
        """Opens the field for searching, or closes it."""
        is_open = not self.search_field.isVisible()
        self.search_field.setVisible(is_open)
        if is_open:
            self.search_field.setFocus()
        else:
            self.search_field.clear()
            self.search("")

    # Making

    def _head(self) -> QWidget:
        bar = QWidget()
        bar.setObjectName("sidehead")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(bar)
        row.setContentsMargins(SPACE["s"], SPACE["xs"], SPACE["s"], SPACE["xs"])
        row.setSpacing(2)
        self._place = QToolButton()
        self._place.setObjectName("place")
        self._place.setAccessibleName(_("Folder"))
        self._place.setToolTip(_("Choose a folder"))
        self._place.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._place.setIcon(icon("chevron-down", self._face.quiet, 16))
        self._place.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._place.clicked.connect(self._show_folders)
        row.addWidget(self._place)
        row.addStretch(1)
        look = tool_button("search", _("Search in this folder"), self._face)
        look.clicked.connect(self.toggle_search)
        write = tool_button("write", _("Write a message"), self._face)
        write.clicked.connect(self.write_wanted)
        row.addWidget(look)
        row.addWidget(write)
        return bar

    def _search_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(_("Words in the message, then Enter"))
        field.setAccessibleName(_("Search in this folder"))
        field.setClearButtonEnabled(True)
        field.returnPressed.connect(lambda: self.search(field.text()))
        field.textChanged.connect(lambda text: None if text else self.search(""))
        field.hide()
        return field

    def _list(self) -> QListView:
        view = MailList(self)
        view.setModel(self.model)
        self._delegate = MailDelegate(self._face, self._desk.context.language, view)
        view.setItemDelegate(self._delegate)
        view.customContextMenuRequested.connect(lambda at: self._show_menu(view.mapToGlobal(at)))
        view.clicked.connect(self._on_click)
        view.activated.connect(self.open_row)
        return view

    def _on_click(self, index: QModelIndex) -> None:
        # With Ctrl or Shift several are chosen; a plain click opens.
        model = self.list.selectionModel()
        if model is not None and len(model.selectedIndexes()) == 1:
            self.open_row(index)

    def _show_folders(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fill_folder_menu(menu, self._mail, self._face, self)
        menu.popup(self._place.mapToGlobal(QPoint(0, self._place.height())))

    def _show_menu(self, at: QPoint) -> None:
        uids = self.selected()
        if uids:
            show_message_menu(self, self._face, uids, at)

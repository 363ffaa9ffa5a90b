"""All passwords: search, look, copy, change, delete with undo, exchange with others."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.logins import Login, Logins, search, with_login
from myco_browser.domain.lookalikes import shown_host
from myco_browser.domain.urls import host_of
from myco_browser.services.password_store import Opening
from myco_browser.services.passwords import Kept
from myco_browser.ui.context import Context
from myco_browser.ui.dressing import usual_size
from myco_browser.ui.empty_note import EmptyNote
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.icons import icon
from myco_browser.ui.password_editor import LoginEditor
from myco_browser.ui.password_fields import UnlockRow
from myco_browser.ui.password_files import PasswordFiles
from myco_browser.ui.secret_clipboard import CLEARED_AFTER_S, secret_clipboard
from myco_browser.ui.tab_pictures import kept_picture
from myco_browser.ui.theme import SPACE

_LOGIN = Qt.ItemDataRole.UserRole
_DOTS = "•" * 10


class PasswordsWindow(QWidget):
    """A window of its own. Private sessions see what there is, and change nothing."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._passwords = context.passwords
        self._logins: Logins = ()
        self._gone: Logins = ()
        self._shown: set[str] = set()
        self._files = PasswordFiles(self, context.passwords, self.tell)
        self._unlock: UnlockRow | None = None
        self.setObjectName("log")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(_("Passwords"))
        self.setMinimumSize(480, 360)
        usual_size(self, 820, 600)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["l"], SPACE["l"], SPACE["l"], SPACE["l"])
        column.setSpacing(SPACE["m"])
        self._search = QLineEdit()
        self._search.setPlaceholderText(_("Find by site or name"))
        self._search.setAccessibleName(_("Find passwords"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._show)
        column.addWidget(self._search)
        self._tree = self._make_tree()
        column.addWidget(self._tree, 1)
        self._empty = EmptyNote(self._tree, context.face, "key")
        self._note = QLabel()
        self._note.setObjectName("quiet")
        self._note.setWordWrap(True)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.hide()
        column.addWidget(self._note)
        column.addLayout(self._row_buttons())
        column.addLayout(self._file_buttons())
        stop = self._passwords.observe(self.refresh)
        self.destroyed.connect(lambda: stop())
        QShortcut(QKeySequence.StandardKey.Undo, self, self.undo)
        QShortcut(QKeySequence.StandardKey.Delete, self._tree, self.delete)
        QShortcut(QKeySequence.StandardKey.Close, self, self.close)
        self._show_state()
        self.refresh()

    def refresh(self) -> None:
        """Reads what is kept anew."""
        self._passwords.look(self._on_kept)

    def tell(self, text: str) -> None:
        """Says something below the list."""
        self._note.setText(text)
        self._note.show()

    def chosen(self) -> Logins:
        """The logins that are selected."""
        return tuple(_login_of(row) for row in self._tree.selectedItems())

    def copy(self) -> None:
        """Copies the password of the one that is selected."""
        for login in self.chosen()[:1]:
            secret_clipboard().copy(login.password)
            text = _("Copied. The clipboard is emptied in {count} seconds.")
            self.tell(text.format(count=CLEARED_AFTER_S))

    def show_password(self) -> None:
        """Shows the passwords that are selected, or hides them again."""
        for login in self.chosen():
            self._shown ^= {login.id}
        self._show()

    def edit(self) -> None:
        """Opens the one that is selected."""
        for login in self.chosen()[:1]:
            LoginEditor(self._context.face, login, partial(self._keep, login), self).open()

    def add(self) -> None:
        """Opens an empty one."""
        LoginEditor(self._context.face, None, partial(self._keep, None), self).open()

    def delete(self) -> None:
        """Deletes what is selected; `undo` brings it back."""
        gone = self.chosen()
        if not gone or not self._passwords.writable:
            return
        ids = {login.id for login in gone}

        def told(kept: Kept) -> None:
            if self._is_done(kept):
                self._gone = gone
                self._back.setEnabled(True)
                text = ngettext("{count} deleted.", "{count} deleted.", len(gone))
                self.tell(text.format(count=len(gone)))

        self._change(lambda all_: [one for one in all_ if one.id not in ids], told)

    def undo(self) -> None:
        """Brings back what was deleted last."""
        gone = self._gone

        def restored(logins: Logins) -> Logins:
            for login in gone:
                logins = with_login(logins, login, None)
            return logins

        def told(kept: Kept) -> None:
            if self._is_done(kept):
                self._gone = ()
                self._back.setEnabled(False)
                self._note.hide()

        if gone:
            self._change(restored, told)

    # Construction

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setObjectName("library")
        tree.setAccessibleName(_("Passwords"))
        tree.setColumnCount(3)
        tree.setHeaderLabels([_("Site"), _("Name"), _("Password")])
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        tree.setColumnWidth(0, 290)
        tree.setColumnWidth(1, 230)
        if (header := tree.header()) is not None:
            header.setAccessibleName(_("Passwords"))
        tree.itemSelectionChanged.connect(self._show_state)
        tree.itemActivated.connect(lambda _row, _column: self.edit())
        return tree

    def _row_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE["s"])
        self._copy = _button(_("Copy password"), self.copy)
        self._look = _button(_("Show"), self.show_password)
        self._edit = _button(_("Edit…"), self.edit)
        self._remove = _button(_("Delete"), self.delete)
        self._back = _button(_("Undo"), self.undo)
        self._back.setEnabled(False)
        for button in (self._copy, self._look, self._edit, self._remove, self._back):
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _file_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE["s"])
        self._more = [
            _button(_("Add…"), self.add),
            _button(_("Import…"), self._files.choose_import),
            _button(_("Export…"), self._files.choose_export),
        ]
        for button in self._more[:1]:
            row.addWidget(button)
        row.addStretch(1)
        for button in self._more[1:]:
            row.addWidget(button)
        return row

    # What comes back

    def _on_kept(self, kept: Kept) -> None:
        if self._unlock is not None:
            self._unlock.deleteLater()
            self._unlock = None
        if kept.opening is not Opening.NOTHING:
            self._unlock = UnlockRow(self._context.face, self._passwords, kept, self._on_kept)
            self._column.insertWidget(0, self._unlock)
        elif kept.problem:
            self.tell(kept.problem)
        self._logins = kept.logins
        self._show()

    def _keep(self, before: Login | None, login: Login) -> None:
        def work(logins: Logins) -> Logins:
            others = tuple(one for one in logins if before is None or one.id != before.id)
            return with_login(others, login, None)

        self._change(work, self._is_done)

    def _change(
        self, work: Callable[[Logins], Iterable[Login]], told: Callable[[Kept], object]
    ) -> None:
        self._passwords.change(work, lambda kept: _ignore(told(kept)))

    def _is_done(self, kept: Kept) -> bool:
        if kept.problem or kept.opening is not Opening.NOTHING:
            text = _("That could not be kept: {cause}")
            self.tell(text.format(cause=kept.problem or _("The passwords are closed.")))
            return False
        return True

    def _show(self) -> None:
        chosen = {login.id for login in self.chosen()}
        self._tree.clear()
        for login in search(self._logins, self._search.text()):
            row = self._row(login)
            self._tree.addTopLevelItem(row)
            row.setSelected(login.id in chosen)
        self._show_state()
        self._show_empty()

    def _show_empty(self) -> None:
        if self._tree.topLevelItemCount() or self._unlock is not None:
            self._empty.tell("")
        elif self._logins:
            self._empty.tell(_("Nothing fits these words."), _("Try fewer words, or other ones."))
        else:
            self._empty.tell(
                _("No passwords are kept yet."),
                _("When you sign in somewhere, Myco offers to keep the password."),
            )

    def _row(self, login: Login) -> QTreeWidgetItem:
        host = shown_host(host_of(login.origin + "/") or "")
        place = login.origin.partition("://")[2].replace(host_of(login.origin + "/") or "", host)
        if login.origin.startswith("http:"):
            place = f"http://{place}"
        password = login.password if login.id in self._shown else _DOTS
        row = QTreeWidgetItem([place, login.username, password])
        row.setData(0, _LOGIN, login)
        kept = kept_picture(self._context, login.origin + "/")
        globe = icon("globe", self._context.face.quiet, 16)
        row.setIcon(0, globe if kept.isNull() else kept)
        when = time.strftime("%Y-%m-%d", time.localtime(login.changed))
        row.setToolTip(0, _("{origin}\nChanged on {date}").format(origin=login.origin, date=when))
        return row

    def _show_state(self) -> None:
        chosen, writable = self.chosen(), self._passwords.writable
        self._copy.setEnabled(len(chosen) == 1)
        self._look.setEnabled(bool(chosen))
        hides = bool(chosen) and all(login.id in self._shown for login in chosen)
        self._look.setText(_("Hide") if hides else _("Show"))
        self._edit.setEnabled(len(chosen) == 1 and writable)
        self._remove.setEnabled(bool(chosen) and writable)
        for button in self._more:
            button.setEnabled(writable)


def _login_of(row: QTreeWidgetItem) -> Login:
    login = row.data(0, _LOGIN)
    assert isinstance(login, Login)
    return login


def _button(text: str, act: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.clicked.connect(lambda _checked=False: act())
    return button


def _ignore(_value: object) -> None:
    """What a callback gives back is for nobody."""

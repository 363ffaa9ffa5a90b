"""The menu of folders: those of one account at once, those of several below their addresses."""

from __future__ import annotations

from typing import Protocol

from PyQt6.QtCore import Qt, pyqtBoundSignal
from PyQt6.QtGui import QColor, QIcon, QPainter, QPixmap
from PyQt6.QtWidgets import QMenu

from myco_browser.bridge.mail import Mail
from myco_browser.domain.mail import Account, Role
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon
from myco_browser.ui.sidebar.mail_words import DOT, folder_name
from myco_browser.ui.theme import Face

_ICONS = {
    Role.INBOX: "inbox", Role.DRAFTS: "write", Role.SENT: "send", Role.ARCHIVE: "archive",
    Role.JUNK: "spam", Role.TRASH: "trash", Role.OTHER: "folder",
}  # fmt: skip
_MOST = 300


class Place(Protocol):
    """What shows folders."""

    account_id: str
    path: str
    account_wanted: pyqtBoundSignal
    settings_wanted: pyqtBoundSignal
    outbox_wanted: pyqtBoundSignal

    def show_folder(self, account_id: str, path: str) -> None: ...


def fill_folder_menu(menu: QMenu, mail: Mail, face: Face, place: Place) -> None:
    """Fills it with what there is now."""
    several = len(mail.accounts) > 1
    for account in mail.accounts:
        target = menu
        if several:
            found = menu.addMenu(account_dot(account), account.address)
            if found is None:
                continue
            target = found
        _add_folders(target, mail, account, face, place)
        target.addSeparator()
        settings = target.addAction(icon("settings", face.quiet, 16), _("Account settings…"))
        if settings is not None:
            settings.triggered.connect(
                lambda _on=False, one=account: place.settings_wanted.emit(one.account_id)
            )
    if several:
        menu.addSeparator()
    if mail.out.letters:
        text = _("Outbox") + f"\t{len(mail.out.letters)}"
        outbox = menu.addAction(icon("send", face.quiet, 16), text)
        if outbox is not None:
            outbox.triggered.connect(lambda: place.outbox_wanted.emit())
    add = menu.addAction(icon("plus", face.quiet, 16), _("Add account…"))
    if add is not None:
        add.triggered.connect(lambda: place.account_wanted.emit())


def _add_folders(menu: QMenu, mail: Mail, account: Account, face: Face, place: Place) -> None:
    for folder in mail.folders(account.account_id)[:_MOST]:
        if not folder.selectable:
            continue
        name = folder_name(folder).replace("&", "&&")
        text = f"{name}\t{folder.unread}" if folder.unread else name
        action = menu.addAction(icon(_ICONS[folder.role], face.quiet, 16), text)
        if action is not None:
            action.triggered.connect(
                lambda _on=False, path=folder.path: place.show_folder(account.account_id, path)
            )


def account_dot(account: Account) -> QIcon:
    """The colour of an account, as a dot."""
    return dot(account.colour)


def dot(colour: str) -> QIcon:
    """A colour of accounts, as a dot."""
    picture = QPixmap(32, 32)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(DOT[colour]))
    painter.drawEllipse(6, 6, 20, 20)
    painter.end()
    return QIcon(picture)

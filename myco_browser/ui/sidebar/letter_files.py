"""Saving and opening what came with a letter."""

from __future__ import annotations

import os
from pathlib import Path

from PyQt6.QtCore import QMimeData, QStandardPaths, Qt, QUrl
from PyQt6.QtGui import QCursor, QDesktopServices, QDrag
from PyQt6.QtWidgets import QApplication, QFileDialog, QMenu, QMessageBox, QWidget

from myco_browser.domain.settings import DOWNLOAD_FOLDER
from myco_browser.ui.disk_words import unwritten
from myco_browser.ui.i18n import _
from myco_browser.ui.sidebar.mail_desk import MailDesk

# What a desktop would run instead of showing it.
_PROGRAMS = frozenset({
    "appimage", "bash", "bat", "cmd", "com", "deb", "desktop", "exe", "flatpakref", "jar", "js",
    "lnk", "msi", "pl", "ps1", "py", "rb", "rpm", "run", "scr", "sh", "snap", "vbs",
})  # fmt: skip


def save_file(desk: MailDesk, parent: QWidget, name: str, content: bytes) -> None:
    """Asks where, and saves it there."""
    usual = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
    folder = desk.context.now[DOWNLOAD_FOLDER] or usual
    path, _kind = QFileDialog.getSaveFileName(parent, _("Save file"), str(Path(folder) / name))
    if path:
        write_file(parent, Path(path), content)


def put_into_files(desk: MailDesk, parent: QWidget, name: str, content: bytes) -> None:
    """Sends it to the files on the user's server; asks for the account where there are several."""
    files = desk.files()
    accounts = files.accounts
    if not accounts:
        text = _("There is no account for files yet. Add one in the sidebar, under Files.")
        QMessageBox.information(parent, _("Files"), text)
        return

    def put(account_id: str) -> None:
        path = desk.temporary_folder() / name
        if write_file(parent, path, content):
            files.transfers.upload(account_id, [path], "")
            desk.files_wanted.emit()

    if len(accounts) == 1:
        put(accounts[0].account_id)
        return
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for account in accounts:
        action = menu.addAction(account.title.replace("&", "&&"))
        if action is not None:
            action.triggered.connect(lambda _on=False, one=account.account_id: put(one))
    menu.popup(QCursor.pos())


def drag_file(desk: MailDesk, parent: QWidget, name: str, content: bytes) -> None:
    """Lets it be dropped elsewhere, if it is still held; what could be a program is only saved."""
    if not QApplication.mouseButtons() & Qt.MouseButton.LeftButton or _may_run(parent, name):
        return
    path = desk.temporary_folder() / name
    if write_file(parent, path, content):
        found = QMimeData()
        found.setUrls([QUrl.fromLocalFile(str(path))])
        drag = QDrag(parent)
        drag.setMimeData(found)
        drag.exec(Qt.DropAction.CopyAction)


def _may_run(parent: QWidget, name: str) -> bool:
    """Whether the desktop might run it; the user is told then."""
    if name.rpartition(".")[2].lower() not in _PROGRAMS:
        return False
    text = _("This file could be a program, so it is not opened from here. Save it if you "
             "trust the sender.")  # fmt: skip
    QMessageBox.warning(parent, _("Open file"), text)
    return True


def open_file(desk: MailDesk, parent: QWidget, name: str, content: bytes) -> None:
    """Opens it with the program of the desktop; what could be a program is only saved."""
    if _may_run(parent, name):
        return
    folder = desk.temporary_folder()
    if write_file(parent, folder / name, content):
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder / name)))


def write_file(parent: QWidget, path: Path, content: bytes) -> bool:
    """Writes a file that only the user may read and nobody may run; whether it worked."""
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
        with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        text = _("Could not be saved: {error}").format(error=unwritten(error, chosen=True))
        QMessageBox.warning(parent, _("Save file"), text)
        return False
    return True

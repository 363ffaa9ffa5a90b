"""Saving and opening what came with a letter."""

from __future__ import annotations

import os
from pathlib import Path

from PyQt6.QtCore import QStandardPaths, QUrl
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import QFileDialog, QMessageBox, QWidget

from myco_browser.domain.settings import DOWNLOAD_FOLDER
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


def open_file(desk: MailDesk, parent: QWidget, name: str, content: bytes) -> None:
    """Opens it with the program of the desktop; what could be a program is only saved."""
    if name.rpartition(".")[2].lower() in _PROGRAMS:
        text = _("This file could be a program, so it is not opened from here. Save it if you "
                 "trust the sender.")  # fmt: skip
        QMessageBox.warning(parent, _("Open file"), text)
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
        text = _("Could not be saved: {error}").format(error=error.strerror)
        QMessageBox.warning(parent, _("Save file"), text)
        return False
    return True

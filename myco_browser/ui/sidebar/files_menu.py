"""The menu of files, and the questions that it asks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint
from PyQt6.QtWidgets import QFileDialog, QMenu, QWidget

from myco_browser.domain.files import Entry
from myco_browser.ui.i18n import _
from myco_browser.ui.sidebar.name_question import ask_name

if TYPE_CHECKING:
    from myco_browser.ui.sidebar.files_browser import FilesBrowser


def show_menu(browser: FilesBrowser, at: QPoint) -> None:
    """What can be done to the files that are selected, or to the folder."""
    entries = browser.selected()
    menu = QMenu(browser)
    if len(entries) == 1:
        _add_single(menu, browser, entries[0])
    changes = browser.changes
    if entries:
        menu.addAction(_("Save"), lambda: browser.save(entries))
        menu.addAction(_("Save to…"), lambda: _save_to(browser, entries))
    if entries:
        menu.addSeparator()
        menu.addAction(_("Cut"), lambda: changes.cut(entries))
    if changes.can_paste:
        menu.addAction(_("Paste here"), changes.paste)
    if entries:
        menu.addAction(_("Delete"), lambda: changes.delete(entries))
    else:
        menu.addAction(_("New folder…"), changes.make_folder)
        _add_sending(menu, browser)
    menu.popup(at)


def show_sending(browser: FilesBrowser, below: QWidget) -> None:
    """Asks whether files or a folder are to be sent."""
    menu = QMenu(browser)
    _add_sending(menu, browser)
    menu.popup(below.mapToGlobal(QPoint(0, below.height())))


def _add_sending(menu: QMenu, browser: FilesBrowser) -> None:
    menu.addAction(_("Send files…"), lambda: choose_files(browser))
    menu.addAction(_("Send a folder…"), lambda: _choose_folder(browser))


def _choose_folder(browser: FilesBrowser) -> None:
    folder = QFileDialog.getExistingDirectory(browser, _("Send a folder"))
    if folder:
        browser.send([Path(folder)])


def choose_files(browser: FilesBrowser) -> None:
    """Asks for files and sends them."""
    paths, _kind = QFileDialog.getOpenFileNames(browser, _("Send files"))
    browser.send([Path(path) for path in paths])


def _add_single(menu: QMenu, browser: FilesBrowser, entry: Entry) -> None:
    if entry.is_folder:
        account_id = browser.account_id
        menu.addAction(_("Open"), lambda: browser.show_folder(account_id, entry.path))
    if browser.changes.can_share:
        menu.addAction(_("Copy a link"), lambda: browser.changes.copy_link(entry))
        menu.addAction(_("Share a link…"), lambda: browser.changes.share(entry))
    menu.addAction(_("Rename…"), lambda: _ask_name(browser, entry))


def _ask_name(browser: FilesBrowser, entry: Entry) -> None:
    name = ask_name(browser, _("Rename"), _("Rename"), entry.name, is_folder=entry.is_folder)
    if name:
        browser.changes.rename(entry, name)


def _save_to(browser: FilesBrowser, entries: tuple[Entry, ...]) -> None:
    folder = QFileDialog.getExistingDirectory(browser, _("Save to"), str(browser.downloads))
    if folder:
        browser.save(entries, Path(folder))

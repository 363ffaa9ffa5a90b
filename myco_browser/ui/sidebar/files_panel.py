"""Files in the sidebar of one window: the assistant, the passphrase, or a folder."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QUrl
from PyQt6.QtWidgets import QMessageBox, QWidget

from myco_browser.bridge.files import Files
from myco_browser.domain.settings import DOWNLOAD_FOLDER
from myco_browser.ui.i18n import _
from myco_browser.ui.sidebar.files_assistant import FilesAssistant
from myco_browser.ui.sidebar.files_browser import FilesBrowser
from myco_browser.ui.sidebar.lock_page import LockPage
from myco_browser.ui.sidebar.page_stack import PageStack
from myco_browser.ui.window import BrowserWindow


class FilesPanel(PageStack):
    """A stack of pages, each made when it is wanted."""

    def __init__(self, files: Files, window: BrowserWindow, parent: QWidget) -> None:
        super().__init__(parent)
        self._files = files
        self._window = window
        self._face = window.context.face
        self.browser: FilesBrowser | None = None
        files.accounts_changed.connect(self._on_accounts)
        files.opened.connect(self._on_opened)
        self._begin()

    def _begin(self) -> None:
        if not self._files.accounts:
            self.show_assistant()
        else:
            self._files.ask_keeper(self._enter)

    def _enter(self, is_locked: bool, _is_new: bool) -> None:
        if is_locked:
            self._show_lock()
        elif self._files.accounts:
            self.show_folder(self._files.accounts[0].account_id, "")

    def _on_accounts(self) -> None:
        known = {one.account_id for one in self._files.accounts}
        if self.browser is not None and self.browser.account_id not in known:
            self._begin()

    def show_assistant(self) -> None:
        """A page to add a server."""
        page = FilesAssistant(self._files, self._face, self._open_page)
        page.finished.connect(lambda account_id: self._close_to(page, account_id))
        page.cancelled.connect(lambda: self._close_to(page, ""))
        if self._files.accounts:
            page.offer_cancel()
        self.show_once(page)

    def show_folder(self, account_id: str, path: str) -> None:
        """A folder of an account."""
        if self.browser is None:
            context = self._window.context
            downloads = Path(context.now[DOWNLOAD_FOLDER] or Path.home() / "Downloads")
            self.browser = FilesBrowser(self._files, self._face, context.language, downloads)
            self.browser.account_wanted.connect(self.show_assistant)
            self.browser.removal_wanted.connect(self._remove)
        self.browser.show_folder(account_id, path)
        self.show_page(self.browser)
        if self.isVisible():
            self.browser.list.setFocus()

    def _show_lock(self) -> None:
        page = LockPage(self._face)
        page.field.returnPressed.connect(lambda: self._open_lock(page))
        page.button.clicked.connect(lambda: self._open_lock(page))
        self.show_once(page)

    def _open_lock(self, page: LockPage) -> None:
        page.work()
        self._files.unlock(page.field.text(), lambda is_right: page.rest(is_right=is_right))

    def _on_opened(self) -> None:
        """The passphrase was typed, here or elsewhere."""
        page = self.pages.currentWidget()
        if isinstance(page, LockPage):
            self._files.ask_keeper(lambda is_locked, _new: self._leave_lock(page, is_locked))

    def _leave_lock(self, page: LockPage, is_locked: bool) -> None:
        if not is_locked and self.pages.currentWidget() is page and self._files.accounts:
            self._close_to(page, self._files.accounts[0].account_id)

    def _close_to(self, page: QWidget, account_id: str) -> None:
        if account_id:
            self.show_folder(account_id, "")
        elif self.browser is not None:
            self.pages.setCurrentWidget(self.browser)
        self.drop(page)

    def _open_page(self, url: str) -> None:
        self._window.add_tab(QUrl(url))

    def _remove(self, account_id: str) -> None:
        question = _("Remove this server from Myco? The files on it stay.")
        if QMessageBox.question(self, _("Remove"), question) == QMessageBox.StandardButton.Yes:
            self._files.remove(account_id)

"""What all windows share of the mail that is shown: the engine for letters, links, what is open."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PyQt6.QtCore import QObject, QUrl, pyqtSignal
from PyQt6.QtWidgets import QApplication, QWidget

from myco_browser.bridge.mail import Mail
from myco_browser.bridge.notices import DesktopNotices
from myco_browser.domain.mail import Summary
from myco_browser.services.clean_links import clean_link
from myco_browser.services.mail_remote import RemoteContent, judge_remote
from myco_browser.ui.context import Context
from myco_browser.ui.i18n import _
from myco_browser.ui.interstitial import Choice
from myco_browser.ui.notice_bar import NoticeBar
from myco_browser.ui.sidebar.mail_notifier import MailNotifier
from myco_browser.ui.sidebar.write_desk import WriteDesk
from myco_browser.ui.window import BrowserWindow
from myco_browser.web.mail_view import MailEngine

if TYPE_CHECKING:
    from myco_browser.bridge.files import Files
    from myco_browser.ui.sidebar.letter_window import LetterWindow


class Windows(Protocol):
    """The windows of the session."""

    def active_window(self) -> BrowserWindow | None: ...

    def open_urls(self, urls: list[str], *, new_window: bool) -> None: ...


class Panel(Protocol):
    """Mail in the sidebar of one window."""

    @property
    def place(self) -> tuple[str, str]: ...

    def isVisible(self) -> bool: ...

    def arrange_again(self) -> None: ...

    def window(self) -> QWidget | None: ...


class MailDesk(QObject):
    """One for a session."""

    side_wanted = pyqtSignal(object)  # the window that is to show the mail panel
    files_wanted = pyqtSignal()  # something is on its way to the files
    letter_wanted = pyqtSignal(str, str, int)  # account, folder and message to be shown

    def __init__(
        self,
        mail: Mail,
        notices: DesktopNotices,
        context: Callable[[], Context],
        windows: Windows,
        files: Callable[[], Files],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.mail = mail
        self.files = files
        """The user's files on servers."""
        self._context = context
        self._windows = windows
        self._engine: MailEngine | None = None
        self.write = WriteDesk(self, self)
        self.letter_windows: list[LetterWindow] = []
        self.panels: list[Panel] = []
        self._bar: NoticeBar | None = None
        self.notifier = MailNotifier(mail, notices, lambda: self.context.now, self, self)
        self.notifier.wanted.connect(self.show_mail)
        self._temporary: list[Path] = []
        self._flushes: list[Callable[[], None]] = []

    @property
    def context(self) -> Context:
        """The session as it is now."""
        return self._context()

    def write_to(self, name: str, address: str) -> None:
        """Begins a message to somebody; without a mail account, the panel says how to add one."""
        if self.mail.accounts:
            self.write.to_person(self.mail.accounts[0].account_id, name, address)
        elif (window := self._windows.active_window()) is not None:
            self.side_wanted.emit(window)

    def engine(self) -> MailEngine:
        """The profile in which letters are shown."""
        if self._engine is None:
            self._engine = MailEngine(self.context.identity, self._may_load, self)
        return self._engine

    def judge(self, urls: tuple[str, ...]) -> RemoteContent:
        """What a letter would load from elsewhere, as the filters see it."""
        return judge_remote(self.context.policy.snapshot.engine, urls)

    def cleaned(self, url: QUrl) -> QUrl:
        """Where a link really leads: without tracking words and detours."""
        text = bytes(url.toEncoded().data()).decode("ascii", "replace")
        if url.scheme() not in ("http", "https"):
            return url
        found = clean_link(self.context.policy.snapshot.engine, text)
        return QUrl.fromEncoded(found.encode("utf-8"))

    def open_link(self, url: QUrl) -> None:
        """Opens a link of a letter in a tab."""
        window = self._windows.active_window()
        if window is None:
            self._windows.open_urls([url.toString()], new_window=True)
            return
        window.add_tab(self.cleaned(url), after=window.tabs.current)
        window.raise_()
        window.activateWindow()

    def open_window(
        self, account_id: str, path: str, uid: int, summary: Summary | None
    ) -> LetterWindow:
        """A letter in a window of its own."""
        # Loaded when it is wanted: it needs what this module is needed for.
        from myco_browser.ui.sidebar.letter_window import LetterWindow

        window = LetterWindow(self)
        self.letter_windows.append(window)
        window.destroyed.connect(lambda: self._forget(window))
        window.open(account_id, path, uid, summary)
        window.show()
        return window

    def _forget(self, window: LetterWindow) -> None:
        if window in self.letter_windows:
            self.letter_windows.remove(window)

    def show_mail(self, account_id: str, path: str, uid: int) -> None:
        """Brings a message, or a folder for 0, to the front."""
        window = self._windows.active_window()
        if window is None:
            return
        window.show()
        window.raise_()
        window.activateWindow()
        self.side_wanted.emit(window)
        self.letter_wanted.emit(account_id, path, uid)

    def shows_folder(self, account_id: str, path: str) -> bool:
        """Whether the user has that folder before the eyes."""
        front = QApplication.activeWindow()
        return any(
            panel.isVisible() and panel.window() is front and panel.place == (account_id, path)
            for panel in self.panels
        )

    def tell(self, text: str, act: Callable[[], None], gone: Callable[[], None]) -> None:
        """Where the desktop shows no notifications: one line in the window in front."""
        window = self._windows.active_window()
        if window is None:
            return
        if self._bar is not None:
            self._bar.deleteLater()
        bar = NoticeBar("mail", text, (Choice(_("Open"), act),), self.context.face)
        bar.dismissed.connect(gone)
        bar.destroyed.connect(lambda: self._forget_bar(bar))
        self._bar = bar
        window.current().show_notice(bar)

    def _forget_bar(self, bar: NoticeBar) -> None:
        if self._bar is bar:
            self._bar = None

    def arrange_again(self) -> None:
        """The user wants conversations, or does not any more."""
        for panel in self.panels:
            panel.arrange_again()

    def temporary_folder(self) -> Path:
        """A folder for a file that another program opens; it goes with the session."""
        folder = Path(tempfile.mkdtemp(prefix="myco-mail-"))
        self._temporary.append(folder)
        return folder

    def at_end(self, flush: Callable[[], None]) -> None:
        """`flush` does at once what waits to be undone."""
        self._flushes.append(flush)

    def not_at_end(self, flush: Callable[[], None]) -> None:
        """It is not to be called any more."""
        if flush in self._flushes:
            self._flushes.remove(flush)

    def end(self) -> None:
        """The session ends: what waits is done now."""
        for flush in tuple(self._flushes):
            flush()
        self.write.end()
        for folder in self._temporary:
            shutil.rmtree(folder, ignore_errors=True)

    def _may_load(self, url: str) -> bool:
        return not self.judge((url,)).trackers

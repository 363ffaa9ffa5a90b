"""What all windows share of the mail that is shown: the engine for letters, links, what is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PyQt6.QtCore import QObject, QUrl, pyqtSignal

from myco_browser.bridge.mail import Mail
from myco_browser.domain.mail import Summary
from myco_browser.services.clean_links import clean_link
from myco_browser.services.mail_remote import RemoteContent, judge_remote
from myco_browser.ui.context import Context
from myco_browser.ui.sidebar.write_desk import WriteDesk
from myco_browser.ui.window import BrowserWindow
from myco_browser.web.mail_view import MailEngine

if TYPE_CHECKING:
    from myco_browser.ui.sidebar.letter_window import LetterWindow


class Windows(Protocol):
    """The windows of the session."""

    def active_window(self) -> BrowserWindow | None: ...

    def open_urls(self, urls: list[str], *, new_window: bool) -> None: ...


class MailDesk(QObject):
    """One for a session."""

    side_wanted = pyqtSignal(object)  # the window that is to show the mail panel
    letter_wanted = pyqtSignal(str, str, int)  # account, folder and message to be shown

    def __init__(
        self, mail: Mail, context: Callable[[], Context], windows: Windows, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.mail = mail
        self._context = context
        self._windows = windows
        self._engine: MailEngine | None = None
        self.write = WriteDesk(self, self)
        self.letter_windows: list[LetterWindow] = []
        self._flushes: list[Callable[[], None]] = []

    @property
    def context(self) -> Context:
        """The session as it is now."""
        return self._context()

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

    def _may_load(self, url: str) -> bool:
        return not self.judge((url,)).trackers

"""What a tab is, as others see it: its address, title and picture, and the signals of change."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, QUrl, pyqtSignal
from PyQt6.QtGui import QIcon
from PyQt6.QtWebEngineCore import QWebEnginePage
from PyQt6.QtWidgets import QWidget

from myco_browser.domain.lookalikes import shown_host
from myco_browser.domain.urls import site_key
from myco_browser.ui.context import Context
from myco_browser.ui.page_view import PageView
from myco_browser.ui.tab_history import history_to_bytes
from myco_browser.ui.tab_pictures import kept_picture
from myco_browser.web.adopted_window import AdoptedWindow
from myco_browser.web.page import WebPage
from myco_browser.web.requests import encoded
from myco_browser.web.schemes import SCHEME

_Action = QWebEnginePage.WebAction

if TYPE_CHECKING:
    from myco_browser.domain.session_state import TabState
    from myco_browser.ui.sign_ins import SignIns


class TabFacts(QWidget):
    """The state of a tab. Signals tell the window that something changed."""

    changed = pyqtSignal()
    woken = pyqtSignal()  # it gets a page
    moved = pyqtSignal()  # to another address
    closed = pyqtSignal()
    link_hovered = pyqtSignal(str)
    window_wanted = pyqtSignal(object)
    link_opened = pyqtSignal(QUrl)  # in a new tab
    full_screen_wanted = pyqtSignal(bool)
    find_result = pyqtSignal(int, int)  # active match, matches
    menu_wanted = pyqtSignal(QPoint)
    search_wanted = pyqtSignal(str)
    picked = pyqtSignal()  # the tab asks to be shown, e.g. because its page opened a dialog

    def __init__(self, context: Context, url: QUrl | None, title: str) -> None:
        super().__init__()
        self.context = context
        self.pinned = False
        self.loading = False
        self.progress = 0
        self.last_shown = time.monotonic()
        self.view: PageView | None = None
        self.page: WebPage | None = None
        self.tools: QWidget | None = None
        """The window of its developer tools, while there is one."""
        self.sign_ins: SignIns | None = None
        """What it knows about signing in, once a page of it asked for a password."""
        self._url = url or QUrl()
        self._title = title
        self._icon: QIcon | None = QIcon()
        self.asleep: TabState | None = None
        """What was kept of it, until it has a page."""
        self._muted = False
        self._saved_history = b""
        self._shown_failure: QUrl | None = None
        self._readable = False
        self._pending = False
        self._adopted: AdoptedWindow | None = None
        """While it is a window that a page opened, and its own page is not there yet."""

    @property
    def url(self) -> QUrl:
        """The address shown: that of the page, or of the page that could not be shown."""
        return self._url

    @property
    def pending(self) -> bool:
        """Whether the address is that of a page which is still on its way."""
        return self._pending

    @property
    def site(self) -> str | None:
        """The site that choices are remembered for, if the page belongs to one."""
        return site_key(self.urlstr)

    @property
    def urlstr(self) -> str:
        """The address as it goes over the wire."""
        return encoded(self._url)

    @property
    def title(self) -> str:
        """The page's title, or its address while it has none; empty for a page of our own."""
        if self._title or self._url.scheme() == SCHEME:
            return self._title
        return shown_host(self._url.host()) or self._url.toDisplayString()

    @property
    def icon(self) -> QIcon:
        """The page's icon; a null icon when it has none. That of a tab asleep is read now."""
        if self._icon is None:
            self._icon = kept_picture(self.context, self.urlstr)
        return self._icon

    @property
    def awake(self) -> bool:
        """Whether it has a page of the engine."""
        return self.page is not None

    @property
    def muted(self) -> bool:
        """Whether its sound is off."""
        return self._muted

    @property
    def sound(self) -> str:
        """ "", "audible" or "muted"."""
        if self._muted:
            return "muted"
        return "audible" if self.page is not None and self.page.recentlyAudible() else ""

    @property
    def readable(self) -> bool:
        """Whether the page looks like an article that the reader can show."""
        return self._readable

    @property
    def failure(self) -> QUrl | None:
        """The address whose failure is shown instead of a page."""
        return self._shown_failure

    @property
    def key(self) -> str:
        """What the key in the address bar is for: "", "form" or "offer"."""
        return self.sign_ins.key if self.sign_ins is not None else ""

    def set_readable(self, readable: bool) -> None:
        """Whether the page looks like an article."""
        if readable != self._readable:
            self._readable = readable
            self.changed.emit()

    def show_picture(self, picture: QIcon) -> None:
        """Shows the picture of its site."""
        self._icon = picture
        self.changed.emit()

    def set_muted(self, muted: bool) -> None:
        """Sound off or on."""
        self._muted = muted
        if self.page is not None:
            self.page.setAudioMuted(muted)
        self.changed.emit()

    def _settle(self) -> None:
        """Stopped, or an answer without a page: the one before is what is shown."""
        page = self.page
        if page is None or self.loading or self._adopted or self._shown_failure is not None:
            return
        if not page.url().isEmpty() and page.url() != self._url:
            self._url = page.url()
            self.moved.emit()

    def _name_what_is_shown(self) -> None:
        """The page holds on, and the user stays: what was chosen does not come.

        The engine tells nothing of it, and goes on naming the page that would have come.
        """
        history = self.page.history() if self.page is not None else None
        if self._pending and history is not None:
            self._pending = False
            self._url = history.currentItem().url()
            self.moved.emit()

    def stop(self) -> None:
        """Stops loading."""
        if self.page is not None:
            if self.page.gate.is_holding:
                self.page.gate.stop()
                self.loading = self._pending = False
                self._settle()
                self.changed.emit()
            self.page.triggerAction(_Action.Stop)

    def save(self) -> None:
        """Saves the page; the download asks where to."""
        if self.page is not None:
            self.page.triggerAction(_Action.SavePage)

    def leave_full_screen(self) -> None:
        """Tells the page that the user ended full screen."""
        if self.page is not None:
            self.page.triggerAction(_Action.ExitFullScreen)

    def serialized_history(self) -> bytes:
        """The engine's history of this tab, opaque; empty when there is none."""
        if self.page is None or self._shown_failure is not None:
            return self._saved_history
        return history_to_bytes(self.page, self._url)

    def sleep_as(self, state: TabState, history: bytes) -> None:
        """Is a tab of an earlier process; what `serialized_history` gave is used when it wakes."""
        self.asleep = state
        self.pinned, self._muted = state.pinned, state.muted
        self._saved_history = history
        self._icon = None

"""The windows of a session: opening, closing, reopening, and the state that survives a kill."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from PyQt6.QtCore import QObject, Qt, QTimer, QUrl, pyqtSignal
from PyQt6.QtWidgets import QApplication, QWidget

from myco_browser.domain.session_state import (
    Closed,
    ClosedTab,
    ClosedWindow,
    Geometry,
    SessionState,
    TabState,
    WindowState,
    remember_closed,
)
from myco_browser.domain.settings import DISCARD_AFTER
from myco_browser.domain.tunnel import TunnelView
from myco_browser.services.completion import OpenTab
from myco_browser.ui.context import Context
from myco_browser.ui.entry import resolve
from myco_browser.ui.i18n import _
from myco_browser.ui.tab import Tab
from myco_browser.ui.tab_state import restored_tab, tab_state
from myco_browser.ui.window import BrowserWindow
from myco_browser.web.block_log import page_key
from myco_browser.web.collapse import collapse
from myco_browser.web.page import WebPage
from myco_browser.web.schemes import FARES, SCHEME

_STATE_DELAY_MS = 300
_DISCARD_CHECK_MS = 30_000
_BADGE_MS = 250


class WindowManager(QObject):
    """Owns the windows of this process. `state_ready` carries a new state to be kept."""

    state_ready = pyqtSignal(object)
    last_closed = pyqtSignal()

    def __init__(self, context: Context, equip: Callable[[BrowserWindow], None]) -> None:
        super().__init__()
        self.context = context
        self._equip = equip
        self._windows: list[BrowserWindow] = []
        self._closed: tuple[Closed, ...] = ()
        self._next = 1
        self._quitting = False
        self._single: dict[str, QWidget] = {}
        self._state_timer = self._timer(_STATE_DELAY_MS, self._emit_state, single=True)
        self._timer(_DISCARD_CHECK_MS, self.discard_old).start()
        self._timer(_BADGE_MS, self._show_blocked).start()

    @property
    def windows(self) -> tuple[BrowserWindow, ...]:
        """The open windows, the one used last at the end."""
        return tuple(self._windows)

    @property
    def closed(self) -> tuple[Closed, ...]:
        """What can be reopened, the newest last."""
        return self._closed

    def open_window(self) -> BrowserWindow:
        """A new window without tabs; the caller adds one and shows it."""
        window = BrowserWindow(self.context, self, self._next)
        self._next += 1
        self._windows.append(window)
        self._equip(window)
        if len(self._windows) > 1:
            before = self._windows[-2]
            window.resize(before.size())
            window.move(before.x() + 28, before.y() + 28)
        return window

    def open_urls(self, urls: list[str], *, new_window: bool) -> None:
        """What another start of the browser, or the launcher, asks for."""
        active = self.active_window()
        if active is None or new_window:
            active = self.open_window()
        refused: list[str] = []
        for number, text in enumerate(urls):
            if self._show_fares(text):
                continue
            url = resolve(self.context, text)
            if isinstance(url, str):
                refused.append(url)
            else:
                active.add_tab(url, show=number == 0)
        if not len(active.tabs) or not urls:
            active.add_tab()
        for sentence in refused:
            active.tell("warning", sentence)
        active.show()
        active.raise_()
        active.activateWindow()
        fares = self._single.get("fares")
        if fares is not None and any(text.startswith(FARES) for text in urls):
            # It came with the window, and is what the user waits for.
            fares.raise_()
            fares.activateWindow()

    def active_window(self) -> BrowserWindow | None:
        """The window in front, else the newest."""
        front = QApplication.activeWindow()
        if isinstance(front, BrowserWindow) and front in self._windows:
            return front
        return self._windows[-1] if self._windows else None

    def restore(self, state: SessionState, *, hold_last: bool = False) -> bool:
        """Brings back windows and tabs; only the tabs in front load. False without any.

        The last window stays hidden with `hold_last`, for `open_urls` to show: its own tabs need
        not load when others come to stand in front of them.
        """
        self._closed = state.closed
        for kept in state.windows:
            self._restore_window(kept, hold=hold_last and kept is state.windows[-1])
        return bool(state.windows)

    def reopen(self) -> None:
        """Reopens what was closed last."""
        if not self._closed:
            return
        *rest, last = self._closed
        self._closed = tuple(rest)
        match last:
            case ClosedTab(tab=state, window_id=number, position=position):
                window = next((w for w in self._windows if w.number == number), None)
                window = window or self.active_window() or self.open_window()
                window.add_tab(tab=restored_tab(self.context, state), position=position)
                window.show()
            case ClosedWindow(window=state):
                self._restore_window(state)

    def close_all(self) -> None:
        """Quits: the state kept is the one with all windows open."""
        self._emit_state()
        self._quitting = True
        self._state_timer.stop()
        for window in tuple(self._windows):
            window.close()

    def state(self) -> SessionState:
        """The open windows and tabs as they are now."""
        kept = [_window_state(window) for window in self._windows]
        return SessionState(tuple(state for state in kept if state.tabs), self._closed)

    def discard_old(self) -> None:
        """Puts tabs to sleep that nobody looked at for a while."""
        minutes = self.context.now[DISCARD_AFTER]
        if minutes == 0:
            return
        limit = time.monotonic() - minutes * 60
        for window in self._windows:
            for tab in window.tabs:
                if tab.last_shown < limit:
                    tab.discard()

    def dress(self, context: Context) -> None:
        """Other colours: every window is made anew around its tabs, whose pages live on."""
        self.context = context
        for old in tuple(self._windows):
            self._replace(old)

    def open_pages(self) -> list[WebPage]:
        """The pages of all tabs that are awake."""
        return [tab.page for _window, tab in self._numbered() if tab.page is not None]

    def load_again(self) -> None:
        """Loads anew what is loading now."""
        for _window, tab in self._numbered():
            if tab.loading and tab.page is not None:
                wanted = tab.page.requestedUrl()
                tab.stop()
                tab.navigate(wanted)

    def show_tunnel(self, view: TunnelView) -> None:
        """Shows the tunnel's state in every window."""
        for window in self._windows:
            window.tunnel.show_view(view)

    def show_bookmarks(self) -> None:
        """Brings the bookmarks to the front; a private session has none."""
        from myco_browser.ui.bookmarks_window import BookmarksWindow

        bookmarks = self.context.bookmarks
        if bookmarks is not None:
            make = partial(BookmarksWindow, self.context, bookmarks, self._open_page)
            self._show_once("bookmarks", make)

    def show_reading_list(self) -> None:
        """Brings the reading list to the front; a private session says that it has none."""
        from myco_browser.ui.reading_list_window import show_reading_list

        show_reading_list(self.context, self.active_window(), self._show_once, self._open_page)

    def show_passwords(self) -> None:
        """Brings the passwords to the front."""
        from myco_browser.ui.passwords_window import PasswordsWindow

        self._show_once("passwords", lambda: PasswordsWindow(self.context))

    def show_history(self) -> None:
        """Brings the history to the front."""
        # Loaded when it is wanted, as is the log: few sessions need it.
        from myco_browser.ui.history_window import HistoryWindow

        self._show_once(
            "history", lambda: HistoryWindow(self.context, self._open_page, self.clear_data)
        )

    def show_move_in(self) -> None:
        """Offers to bring over what another browser keeps; into the everyday session only."""
        from myco_browser.ui.move_in_window import MoveInWindow

        window = self.active_window()
        if not self.context.private:
            self._show_once("move-in", lambda: MoveInWindow(self.context))
        elif window is not None and len(window.tabs):
            window.tell("info", _("A private window keeps nothing: move in from an everyday one."))

    def clear_data(self) -> None:
        """Asks what is to be forgotten."""
        from myco_browser.ui.clear_data import ClearDataDialog

        ClearDataDialog(self.context, self.active_window()).open()

    def show_permissions(self) -> None:
        """Brings the permissions of sites to the front."""
        from myco_browser.ui.permissions_window import PermissionsWindow

        self._show_once("permissions", lambda: PermissionsWindow(self.context))

    def show_request_log(self) -> None:
        """Brings the session's request log to the front."""
        from myco_browser.ui.request_log_window import RequestLogWindow

        self._show_once("log", lambda: RequestLogWindow(self.context))

    def _show_fares(self, text: str) -> bool:
        """Compares the prices of a page, if that is what an address of ours asks for."""
        if not text.startswith(FARES):
            return False
        from myco_browser.ui.fare_window import fare_window

        make = fare_window(self.context, text)
        if make is not None:
            self._show_once("fares", make)
        return True

    # What windows ask for

    def remember_closed_tab(self, window: BrowserWindow, tab: Tab, position: int) -> None:
        """A tab is about to close."""
        state = tab_state(tab)
        if state is not None and len(window.tabs) > 1:
            item = ClosedTab(state, window.number, position, int(time.time()))
            self._closed = remember_closed(self._closed, item)
        self.state_changed()

    def window_closing(self, window: BrowserWindow) -> None:
        """A window is about to close."""
        state = _window_state(window)
        if not self._quitting:
            if len(self._windows) > 1 and state.tabs:
                item = ClosedWindow(state, int(time.time()))
                self._closed = remember_closed(self._closed, item)
            if len(self._windows) == 1:
                # The last window: what it held comes back at the next start.
                self._emit_state()
                self._quitting = True
        self._windows.remove(window)
        window.deleteLater()
        self.state_changed()
        if not self._windows:
            self.last_closed.emit()

    def state_changed(self) -> None:
        """Something that is kept may have changed."""
        if not self._quitting and not self._state_timer.isActive():
            self._state_timer.start()

    def all_tabs(self) -> list[OpenTab]:
        """Every open tab but the one in front, for completion."""
        return [
            OpenTab(number, tab.urlstr, tab.title)
            for number, (window, tab) in enumerate(self._numbered())
            if tab is not window.tabs.current
        ]

    def show_tab(self, number: int) -> None:
        """Brings the tab that `all_tabs` numbered so to the front."""
        numbered = self._numbered()
        if number < len(numbered):
            window, tab = numbered[number]
            window.tabs.show(window.tabs.index_of(tab))
            window.show()
            window.raise_()
            window.activateWindow()

    def _numbered(self) -> list[tuple[BrowserWindow, Tab]]:
        return [(window, tab) for window in self._windows for tab in window.tabs]

    # Inside

    def _show_once(self, name: str, make: Callable[[], QWidget]) -> None:
        window = self._single.get(name)
        if window is None:
            window = self._single[name] = make()
            window.destroyed.connect(lambda: self._single.pop(name, None))
        window.show()
        window.raise_()
        window.activateWindow()

    def _open_page(self, url: QUrl, background: bool) -> None:
        window = self.active_window() or self.open_window()
        window.add_tab(url, show=not background)
        if not background:
            window.show()
            window.raise_()
            window.activateWindow()

    def _replace(self, old: BrowserWindow) -> None:
        place, front, maximised = old.geometry(), old.tabs.current_index, old.isMaximized()
        new = BrowserWindow(self.context, self, old.number)
        self._equip(new)
        self._windows[self._windows.index(old)] = new
        new.tabs.is_held = True
        for tab in old.give_up():
            tab.context = self.context
            new.add_tab(tab=tab, position=len(new.tabs), show=False)
            if tab.url.scheme() == SCHEME:
                tab.reload()
        new.tabs.relayout()
        new.setGeometry(place)
        new.tabs.show(front)
        new.showMaximized() if maximised else new.show()
        old.deleteLater()

    def _restore_window(self, kept: WindowState, *, hold: bool = False) -> None:
        window = self.open_window()
        window.tabs.is_held = True
        for number, state in enumerate(kept.tabs):
            window.add_tab(tab=restored_tab(self.context, state), position=number, show=False)
        window.tabs.relayout()
        if (place := kept.geometry) is not None:
            window.setGeometry(place.x, place.y, place.width, place.height)
        window.tabs.show(min(kept.active, len(window.tabs) - 1))
        if kept.maximised:
            window.setWindowState(Qt.WindowState.WindowMaximized)
        if not hold:
            window.show()

    def _emit_state(self) -> None:
        if not self._quitting:
            self.state_ready.emit(self.state())

    def _show_blocked(self) -> None:
        self.context.requests.drain()
        changed = self.context.blocked.take_changed()
        if not changed:
            return
        for window in self._windows:
            if len(window.tabs):
                window.show_blocked()
            for tab in window.tabs:
                if tab.page is not None and page_key(tab.urlstr) in changed:
                    collapse(tab.page, self.context.blocked.page(tab.urlstr))

    def _timer(self, interval: int, act: Callable[[], None], *, single: bool = False) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval)
        timer.setSingleShot(single)
        timer.timeout.connect(act)
        return timer


def _window_state(window: BrowserWindow) -> WindowState:
    place = window.normalGeometry() if window.isMaximized() else window.geometry()
    kept: list[TabState] = []
    active = 0
    for number, tab in enumerate(window.tabs):
        if (state := tab_state(tab)) is not None:
            if number == window.tabs.current_index:
                active = len(kept)
            kept.append(state)
    geometry = Geometry(place.x(), place.y(), place.width(), place.height())
    return WindowState(window.number, tuple(kept), active, geometry, window.isMaximized())

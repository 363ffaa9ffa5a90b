"""Joins the table of actions to a window: one QAction each, with its keys, in menus and without."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QPointF, Qt, QUrl
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QFileDialog

from myco_browser.domain.settings import BOOKMARKS_BAR
from myco_browser.domain.settings_private import NEW_WINDOWS_INVISIBLE
from myco_browser.domain.settings_snapshot import Change
from myco_browser.domain.shortcuts import SHORTCUTS, Shortcut
from myco_browser.domain.tunnel import TunnelPhase
from myco_browser.ui import wanted
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon
from myco_browser.ui.permission_bubble import PermissionBubbles
from myco_browser.ui.tab import Tab
from myco_browser.ui.tab_state import restored_tab, tab_state
from myco_browser.ui.window import BrowserWindow
from myco_browser.ui.windows import WindowManager

Act = Callable[[], object]


class WindowActions:
    """The actions of one window, by their ids."""

    def __init__(
        self, window: BrowserWindow, manager: WindowManager, open_settings: Act, open_downloads: Act
    ) -> None:
        self._window = window
        self._manager = manager
        self._bubbles = PermissionBubbles(window)
        acts = self._acts(open_settings, open_downloads)
        self._actions = {s.id: self._make(s, acts[s.id]) for s in SHORTCUTS}
        window.addActions(list(self._actions.values()))
        self._add_tab_numbers()
        window.strip.close_wanted.connect(lambda at: self.close_tab(window.tabs[at]))
        window.back.clicked.connect(acts["back"])
        window.forward.clicked.connect(acts["forward"])
        window.reload.clicked.connect(self._reload_or_stop)
        window.address.chip_clicked.connect(acts["site-panel"])
        window.tunnel.clicked.connect(acts["tunnel"])
        window.tunnel.panel_wanted.connect(acts["tunnel-panel"])
        window.tunnel.dropped.connect(lambda found: wanted.tunnel_import(window, found))
        window.address.shield_clicked.connect(acts["shield-panel"])
        window.address.level_clicked.connect(acts["level-panel"])
        window.address.star_clicked.connect(acts["bookmark"])
        window.address.reader_clicked.connect(acts["reader"])
        window.address.key_clicked.connect(acts["fill-password"])

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def _acts(self, open_settings: Act, open_downloads: Act) -> dict[str, Act]:
        window, manager = self._window, self._manager
        launcher = window.context.launcher
        tabs = window.tabs
        return {
            "new-tab": lambda: window.add_tab(),
            "new-window": self._open_window,
            "new-private": lambda: launcher.open_private([]),
            "new-identity": lambda: wanted.fresh_identity(window, manager),
            "close-tab": lambda: self.close_tab(window.current()),
            "close-window": lambda: self._leave(window.close),
            "reopen-tab": manager.reopen,
            "duplicate-tab": lambda: duplicate(window),
            "pin-tab": lambda: tabs.set_pinned(window.current(), not window.current().pinned),
            "mute-tab": lambda: window.current().set_muted(not window.current().muted),
            "next-tab": lambda: tabs.step(1),
            "previous-tab": lambda: tabs.step(-1),
            "move-tab-left": lambda: tabs.move(window.current(), -1),
            "move-tab-right": lambda: tabs.move(window.current(), 1),
            "all-tabs": window.show_all_tabs,
            "last-tab": lambda: tabs.show(len(tabs) - 1),
            "quit": lambda: self._leave(launcher.quit_all, ends_all=True),
            "address": window.focus_address,
            "search": self._focus_search,
            "back": lambda: window.current().go(-1),
            "forward": lambda: window.current().go(1),
            "home": window.go_home,
            "reload": lambda: window.current().reload(),
            "hard-reload": lambda: window.current().reload(bypass_cache=True),
            "stop": self._escape,
            "find": window.find_bar.open,
            "find-next": window.find_bar.next,
            "find-previous": window.find_bar.previous,
            "zoom-in": lambda: self._zoom(1),
            "zoom-out": lambda: self._zoom(-1),
            "zoom-reset": lambda: self._zoom(0),
            "full-screen": lambda: window.set_full_screen(not window.isFullScreen()),
            "reader": lambda: wanted.reader(window.current()),
            "read-later": lambda: wanted.reading_list_entry(window),
            "screenshot": lambda: wanted.picture(window),
            "reading-list": manager.show_reading_list,
            "pin-start": self._pin_to_start,
            "print": lambda: wanted.printing(window),
            "print-pdf": lambda: wanted.pdf(window),
            "save": lambda: window.current().save(),
            "open-file": self._open_file,
            "view-source": self._view_source,
            "developer-tools": lambda: wanted.dev_tools(window.current()),
            "site-panel": lambda: wanted.site_panel(window),
            "shield-panel": self._show_shield_panel,
            "level-panel": lambda: wanted.level_panel(window),
            "block-element": self.block_element,
            "tunnel": self._toggle_tunnel,
            "tunnel-panel": lambda: wanted.tunnel_panel(window),
            "request-log": manager.show_request_log,
            "bookmark": lambda: wanted.bookmark_panel(window),
            "bookmarks": manager.show_bookmarks,
            "bookmarks-bar": self._switch_bookmarks_bar,
            "mail": lambda: self._toggle_side("mail"),
            "files": lambda: self._toggle_side("files"),
            "history": manager.show_history,
            "passwords": manager.show_passwords,
            "fill-password": lambda: wanted.password_panel(window, manager.show_passwords),
            "clear-data": manager.clear_data,
            "move-in": manager.show_move_in,
            "downloads": open_downloads,
            "permissions": manager.show_permissions,
            "compare-prices": lambda: wanted.fare_window(window),
            "answer-page": self._bubbles.focus,
            "settings": open_settings,
            "help": lambda: window.add_tab(QUrl("myco://shortcuts/")),
            "self-test": lambda: window.add_tab(QUrl("myco://selftest/")),
            "version": lambda: window.add_tab(QUrl("myco://version/")),
        }

    def _make(self, shortcut: Shortcut, act: Act) -> QAction:
        action = QAction(_(shortcut.title), self._window)
        action.setShortcuts([QKeySequence(key) for key in shortcut.keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        if shortcut.icon:
            action.setIcon(icon(shortcut.icon, self._window.context.face.quiet, 16))
        action.triggered.connect(lambda _checked=False: act())
        return action

    def _add_tab_numbers(self) -> None:
        tabs = self._window.tabs
        for number in range(1, 9):
            action = QAction(self._window)
            action.setShortcuts([QKeySequence(f"Ctrl+{number}"), QKeySequence(f"Alt+{number}")])
            action.triggered.connect(lambda _checked=False, index=number - 1: tabs.show(index))
            self._window.addAction(action)

    def _reload_or_stop(self) -> None:
        tab = self._window.current()
        if tab.loading:
            tab.stop()
        else:
            tab.reload()

    def close_tab(self, tab: Tab) -> None:
        """The user closes a tab; with the last one the window goes, which may object."""
        if len(self._window.tabs) == 1:
            self._leave(tab.ask_to_close)
        else:
            tab.ask_to_close()

    def _leave(self, act: Callable[[], object], *, ends_all: bool = False) -> None:
        if not self._window.keeps(act, ends_all):
            act()

    def _escape(self) -> None:
        window = self._window
        if window.isFullScreen():
            window.current().leave_full_screen()
            window.set_full_screen(False)
        elif window.find_bar.isVisible():
            window.find_bar.finish()
        elif window.current().reader is not None:
            window.current().leave_reader()
        else:
            window.current().stop()

    def _open_window(self) -> None:
        context = self._window.context
        if context.now[NEW_WINDOWS_INVISIBLE] and not context.private:
            context.launcher.open_private([])
        else:
            self._manager.open_urls([], new_window=True)

    def _show_shield_panel(self) -> None:
        wanted.shield_panel(self._window, self["block-element"], self["request-log"])

    def block_element(self, at: QPointF | None = None) -> None:
        """Starts picking on the page in front; `at` is where on it the user pointed already."""
        wanted.element_picker(self._window.current(), self._manager, at)

    def _toggle_tunnel(self) -> None:
        view = self._window.context.tunnel.view
        if view.phase is TunnelPhase.OFF and view.last_exit is None:
            wanted.tunnel_panel(self._window)  # there is nothing to turn on yet
        else:
            self._window.context.tunnel.toggle()

    def _toggle_side(self, part: str) -> None:
        if self._window.context.private:
            self._window.tell("info", _("Mail and files are in everyday windows only."))
        else:
            self._window.side_wanted.emit(part)

    def _switch_bookmarks_bar(self) -> None:
        settings = self._window.context.settings
        settings.change(Change(BOOKMARKS_BAR, not settings.settings[BOOKMARKS_BAR]))

    def _focus_search(self) -> None:
        self._window.focus_address()
        self._window.address.field.setText("?")
        self._window.address.field.setModified(True)

    def _zoom(self, step: int) -> None:
        percent = round(self._window.current().zoom(step) * 100)
        self._window.show_zoom(percent)

    def _pin_to_start(self) -> None:
        window, tab = self._window, self._window.current()
        if tab.url.scheme() not in ("http", "https") or window.context.private:
            window.tell("info", _("Only pages of the web can be pinned, and no private ones."))
            return
        try:
            pinned = window.context.pins.toggle(tab.urlstr, tab.title)
        except OSError as error:
            from myco_browser.ui.disk_words import unwritten  # few need it

            window.tell("warning", _("Could not be saved: {error}").format(error=unwritten(error)))
            return
        text = _("Pinned to the start page.") if pinned else _("No longer on the start page.")
        window.tell("star", text)

    def _open_file(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(self._window, _("Open file"))
        if path:
            self._window.current().navigate(QUrl.fromLocalFile(path))

    def _view_source(self) -> None:
        tab = self._window.current()
        if tab.url.scheme() in ("http", "https", "file"):
            self._window.add_tab(QUrl(f"view-source:{tab.urlstr}"), after=tab)


def duplicate(window: BrowserWindow) -> None:
    """A second tab with the same page and history, behind the first."""
    tab = window.current()
    state = tab_state(tab)
    if state is not None:
        copy = restored_tab(window.context, state)
        copy.pinned = False
        window.add_tab(tab=copy, position=window.tabs.index_of(tab) + 1)

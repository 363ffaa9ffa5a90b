"""The menus: the menu button with everything, the menu bar on Alt, tabs, pages."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QGuiApplication, QKeyEvent
from PyQt6.QtWebEngineCore import QWebEngineContextMenuRequest, QWebEnginePage
from PyQt6.QtWidgets import QMenu, QMenuBar

from myco_browser.ui.actions import WindowActions, duplicate
from myco_browser.ui.files_entries import add_file_entry, add_page_entry
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon
from myco_browser.ui.tab import Tab
from myco_browser.ui.window import BrowserWindow
from myco_browser.ui.windows import WindowManager

_SEPARATOR = ""
_Action = QWebEnginePage.WebAction
_Media = QWebEngineContextMenuRequest.MediaType
_Edit = QWebEngineContextMenuRequest.EditFlag

_BUTTON_MENU = (
    "new-tab", "new-window", "new-private", "new-identity", _SEPARATOR, "reopen-tab",
    "bookmark", "bookmarks", "bookmarks-bar", "history", "passwords",
                "downloads", "mail", "files",
    _SEPARATOR,
    "reading-list", "read-later", "reader", "screenshot", _SEPARATOR,
    "zoom-in", "zoom-out", "zoom-reset", "full-screen", _SEPARATOR, "find", "pin-start", "print",
    "print-pdf", "save", "open-file", _SEPARATOR, "view-source", "developer-tools", "request-log",
    "permissions",
    "compare-prices", _SEPARATOR, "settings", "help", "self-test", "version", _SEPARATOR, "quit",
)  # fmt: skip
_MENU_BAR = (
    ("&File", ("new-tab", "new-window", "new-private", "new-identity", "open-file", _SEPARATOR,
               "save", "screenshot",
               "print-pdf", "print", _SEPARATOR, "close-tab", "close-window", "quit")),
    ("&View", ("reload", "hard-reload", "stop", _SEPARATOR, "zoom-in", "zoom-out", "zoom-reset",
               "full-screen", "reader", _SEPARATOR, "view-source", "developer-tools")),
    ("&Go", ("back", "forward", "home", _SEPARATOR, "address", "search", "find", "find-next",
             "find-previous")),
    ("&Tabs", ("reopen-tab", "duplicate-tab", "pin-tab", "mute-tab", _SEPARATOR, "all-tabs",
               "next-tab", "previous-tab", "move-tab-left", "move-tab-right")),
    ("T&ools", ("level-panel", "site-panel", "shield-panel", "block-element",
                "request-log", "permissions", "compare-prices", _SEPARATOR,
                "bookmark", "bookmarks", "bookmarks-bar", "history", "passwords",
                "downloads", "mail",
                "files", "reading-list", "read-later",
                "clear-data", "move-in", "settings")),
    ("&Help", ("help", "self-test", "version")),
)  # fmt: skip


class WindowMenus(QObject):
    """Builds the menus of one window and shows them when asked."""

    def __init__(
        self, window: BrowserWindow, manager: WindowManager, actions: WindowActions
    ) -> None:
        super().__init__(window)
        self._window = window
        self._manager = manager
        self._actions = actions
        self._alt_alone = False
        self._keep: QMenu | None = None
        button_menu = QMenu(window)
        _fill(button_menu, _BUTTON_MENU, actions)
        button_menu.aboutToShow.connect(lambda: _keep_on_screen(button_menu))
        window.menu_button.setMenu(button_menu)
        self._bar = self._menu_bar()
        window.setMenuBar(self._bar)
        self._bar.hide()
        window.tab_menu_wanted.connect(self._show_tab_menu)
        window.page_menu_wanted.connect(self._show_page_menu)
        for button, offset in ((window.back, -1), (window.forward, 1)):
            button.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            button.customContextMenuRequested.connect(
                lambda at, source=button, way=offset: self._show_history(
                    source.mapToGlobal(at), way
                )
            )
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject | None, event: QEvent | None) -> bool:
        # Alt, pressed and released alone, shows or hides the menu bar.
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress:
                self._alt_alone = event.key() == Qt.Key.Key_Alt
            elif event.type() == QEvent.Type.KeyRelease and event.key() == Qt.Key.Key_Alt:
                if self._alt_alone and not self._window.isFullScreen():
                    self._bar.setVisible(not self._bar.isVisible())
                    if self._bar.isVisible():
                        self._bar.setFocus()
                self._alt_alone = False
        return False

    def _menu_bar(self) -> QMenuBar:
        bar = QMenuBar(self._window)
        titles = {"&File": _("&File"), "&View": _("&View"), "&Go": _("&Go"), "&Tabs": _("&Tabs"),
                  "T&ools": _("T&ools"), "&Help": _("&Help")}  # fmt: skip
        for title, names in _MENU_BAR:
            menu = QMenu(titles[title], bar)
            _fill(menu, names, self._actions)
            bar.addMenu(menu)
        return bar

    def _popup(self, menu: QMenu, at: QPoint) -> None:
        self._keep = menu
        menu.popup(at)

    def _show_tab_menu(self, tab: Tab | None, at: QPoint) -> None:
        window, tabs = self._window, self._window.tabs
        menu = QMenu(window)
        menu.addAction(self._actions["new-tab"])
        if tab is not None:
            menu.addSeparator()
            self._add(menu, "reload", _("Reload"), tab.reload)
            self._add(menu, "duplicate", _("Duplicate tab"), lambda: self._duplicate(tab))
            pin = _("Unpin tab") if tab.pinned else _("Pin tab")
            self._add(menu, "pin", pin, lambda: tabs.set_pinned(tab, not tab.pinned))
            mute = _("Unmute tab") if tab.muted else _("Mute tab")
            self._add(menu, "speaker-off", mute, lambda: tab.set_muted(not tab.muted))
            if tab.url.scheme() in ("http", "https"):
                self._add(menu, "mask", _("Open this page in a private window"),
                          lambda: self._open_private(tab.url))  # fmt: skip
            if len(tabs) > 1:
                self._add(menu, "window", _("Move to a new window"), lambda: window.tear_off(tab))
            menu.addSeparator()
            self._add(menu, "close", _("Close tab"), lambda: self._actions.close_tab(tab))
            others = [t for t in tabs if t is not tab and not t.pinned]
            right = [t for t in others if tabs.index_of(t) > tabs.index_of(tab)]
            self._add_close(menu, _("Close other tabs"), others)
            self._add_close(menu, _("Close tabs to the right"), right)
        menu.addSeparator()
        menu.addAction(self._actions["reopen-tab"])
        self._grey_out(menu, "reopen-tab", grey=not self._manager.closed)
        self._popup(menu, at)

    def _grey_out(self, menu: QMenu, name: str, *, grey: bool) -> None:
        """While the menu is open: a disabled action's keys would go to the page."""
        action = self._actions[name]
        action.setEnabled(not grey)
        menu.aboutToHide.connect(lambda: action.setEnabled(True))

    def _duplicate(self, tab: Tab) -> None:
        self._window.tabs.show(self._window.tabs.index_of(tab))
        duplicate(self._window)

    def _add_close(self, menu: QMenu, text: str, tabs: list[Tab]) -> None:
        action = menu.addAction(text, lambda: _close(tabs))
        if action is not None:
            action.setEnabled(bool(tabs))

    def _show_history(self, at: QPoint, way: int) -> None:
        tab = self._window.current()
        history = tab.page.history() if tab.page is not None else None
        if history is None:
            return
        items = list(reversed(history.backItems(15))) if way < 0 else history.forwardItems(15)
        menu = QMenu(self._window)
        for distance, item in enumerate(items, start=1):
            title = (item.title() or item.url().toDisplayString())[:70].replace("&", "&&")
            menu.addAction(title, lambda steps=distance * way: tab.go(steps))
        if items:
            self._popup(menu, at)

    def _show_page_menu(self, tab: Tab, at: QPoint) -> None:
        request = tab.view.lastContextMenuRequest() if tab.view is not None else None
        if request is None:
            return
        menu = QMenu(self._window)
        link = request.linkUrl()
        media = request.mediaUrl()
        if not link.isEmpty():
            self._add_link(menu, tab, link)
        if request.mediaType() == _Media.MediaTypeImage and not media.isEmpty():
            self._add_image(menu, tab, media)
        if request.misspelledWord():
            self._add_spelling(menu, tab, request)
        if request.isContentEditable():
            self._add_editing(menu, tab, request)
            menu.addSeparator()
            menu.addAction(self._actions["fill-password"])
        elif request.selectedText():
            self._add_selection(menu, tab, request.selectedText())
        if menu.isEmpty():
            for name in ("back", "forward", "reload", _SEPARATOR, "save", "print-pdf"):
                menu.addSeparator() if not name else menu.addAction(self._actions[name])
            self._grey_out(menu, "back", grey=not tab.can_go(-1))
            self._grey_out(menu, "forward", grey=not tab.can_go(1))
            add_page_entry(menu, tab)
            menu.addSeparator()
            menu.addAction(self._actions["view-source"])
        if link.isEmpty() and request.mediaType() != _Media.MediaTypeImage:
            self._add(menu, "mask", _("Open this page in a private window"),
                      lambda: self._open_private(tab.url))  # fmt: skip
        menu.addSeparator()
        at_page = QPointF(request.position())
        self._add(menu, "target", _("Block element…"), lambda: self._actions.block_element(at_page))
        self._add(menu, "code", _("Inspect"), lambda: self._inspect(tab))
        self._popup(menu, at)

    def _add_link(self, menu: QMenu, tab: Tab, link: QUrl) -> None:
        window = self._window
        self._add(menu, "plus", _("Open link in a new tab"),
                  lambda: window.add_tab(link, show=False, after=tab))  # fmt: skip
        self._add(menu, "window", _("Open link in a new window"), lambda: self._open_window(link))
        self._add(menu, "mask", _("Open link in a private window"),
                  lambda: self._open_private(link))  # fmt: skip
        if window.context.reading is not None and link.scheme() in ("http", "https"):
            self._add(menu, "bookmark-list", _("Read link later"), lambda: self._keep_link(link))
        menu.addSeparator()
        self._add(menu, "download", _("Save link"),
                  lambda: _trigger(tab, _Action.DownloadLinkToDisk))  # fmt: skip
        add_file_entry(menu, tab, _("Save link to files"), _Action.DownloadLinkToDisk)
        self._add(menu, "copy", _("Copy link"), lambda: _copy(_text_of(link)))
        clean = window.context.policy.clean(_text_of(link))
        if clean != _text_of(link):
            self._add(menu, "copy", _("Copy clean link"), lambda: _copy(clean))
        menu.addSeparator()

    def _add_image(self, menu: QMenu, tab: Tab, media: QUrl) -> None:
        self._add(menu, "image", _("Open image in a new tab"),
                  lambda: self._window.add_tab(media, show=False, after=tab))  # fmt: skip
        self._add(menu, "mask", _("Open image in a private window"),
                  lambda: self._open_private(media))  # fmt: skip
        self._add(menu, "download", _("Save image"),
                  lambda: _trigger(tab, _Action.DownloadImageToDisk))  # fmt: skip
        add_file_entry(menu, tab, _("Save image to files"), _Action.DownloadImageToDisk)
        self._add(menu, "copy", _("Copy image"),
                  lambda: _trigger(tab, _Action.CopyImageToClipboard))  # fmt: skip
        self._add(menu, "copy", _("Copy image address"), lambda: _copy(_text_of(media)))
        menu.addSeparator()

    def _add_spelling(self, menu: QMenu, tab: Tab, request: QWebEngineContextMenuRequest) -> None:
        words = request.spellCheckerSuggestions()
        for word in words:
            menu.addAction(word.replace("&", "&&"), lambda new=word: _replace(tab, new))
        if not words and (action := menu.addAction(_("No suggestion"))) is not None:
            action.setEnabled(False)
        menu.addSeparator()

    def _add_editing(self, menu: QMenu, tab: Tab, request: QWebEngineContextMenuRequest) -> None:
        flags = request.editFlags()
        for text, action, flag in (
            (_("Undo"), _Action.Undo, _Edit.CanUndo), (_("Redo"), _Action.Redo, _Edit.CanRedo),
            (_("Cut"), _Action.Cut, _Edit.CanCut), (_("Copy"), _Action.Copy, _Edit.CanCopy),
            (_("Paste"), _Action.Paste, _Edit.CanPaste),
            (_("Paste as plain text"), _Action.PasteAndMatchStyle, _Edit.CanPaste),
            (_("Select all"), _Action.SelectAll, _Edit.CanSelectAll),
        ):  # fmt: skip
            entry = menu.addAction(text, lambda what=action: _trigger(tab, what))
            if entry is not None:
                entry.setEnabled(bool(flags & flag))

    def _add_selection(self, menu: QMenu, tab: Tab, text: str) -> None:
        self._add(menu, "copy", _("Copy"), lambda: _trigger(tab, _Action.Copy))
        shown = " ".join(text.split())[:30].replace("&", "&&")
        engine = self._window.context.default_engine()
        label = _("Search {engine} for “{text}”").format(engine=engine.name, text=shown)
        self._add(menu, "search", label, lambda: self._search(text))

    def _keep_link(self, link: QUrl) -> None:
        # Loaded when it is wanted.
        from myco_browser.ui.reading_list_window import keep_for_later

        keep_for_later(self._window, _text_of(link), "")

    def _search(self, text: str) -> None:
        terms = " ".join(text.split())[:2000]
        self._window.open_text(f"?{terms}", new_tab=True)

    def _open_window(self, url: QUrl) -> None:
        self._manager.open_urls([_text_of(url)], new_window=True)

    def _open_private(self, url: QUrl) -> None:
        self._window.context.launcher.open_private([_text_of(url)])

    def _inspect(self, tab: Tab) -> None:
        self._actions["developer-tools"].trigger()
        _trigger(tab, _Action.InspectElement)

    def _add(self, menu: QMenu, name: str, text: str, act: object) -> None:
        colour = self._window.context.face.quiet
        action = menu.addAction(icon(name, colour, 16), text)
        if action is not None and callable(act):
            action.triggered.connect(lambda _checked=False: act())


def _fill(menu: QMenu, names: tuple[str, ...], actions: WindowActions) -> None:
    for name in names:
        if name:
            menu.addAction(actions[name])
        else:
            menu.addSeparator()


def _keep_on_screen(menu: QMenu) -> None:
    """Lets a menu scroll where its columns, which Qt makes on a low screen, would not fit."""
    screen = menu.screen()
    if screen is not None and menu.sizeHint().width() > screen.availableGeometry().width():
        menu.setStyleSheet("QMenu { menu-scrollable: 1; }")


def _trigger(tab: Tab, action: QWebEnginePage.WebAction) -> None:
    if tab.page is not None:
        tab.page.triggerAction(action)


def _replace(tab: Tab, word: str) -> None:
    if tab.page is not None:
        tab.page.replaceMisspelledWord(word)


def _copy(text: str) -> None:
    if (clipboard := QGuiApplication.clipboard()) is not None:
        clipboard.setText(text)


def _text_of(url: QUrl) -> str:
    return url.toEncoded().data().decode("ascii", "replace")


def _close(tabs: list[Tab]) -> None:
    for tab in tabs:
        tab.ask_to_close()

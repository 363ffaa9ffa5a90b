"""One browser window: tabs, toolbar, page, and the small things that come and go over the page."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QMetaObject, QObject, QPoint, Qt, QUrl, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QResizeEvent
from PyQt6.QtWebEngineCore import QWebEngineNewWindowRequest
from PyQt6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from myco_browser.domain.lookalikes import shown_host
from myco_browser.domain.privacy_level import level_of
from myco_browser.domain.settings import HOME_PAGE, MIDDLE_CLICK_BACKGROUND
from myco_browser.services.completion import CompletionRow
from myco_browser.ui.chrome import Chrome
from myco_browser.ui.context import Context
from myco_browser.ui.entry import resolve
from myco_browser.ui.find_bar import FindBar
from myco_browser.ui.hover_line import HoverLine
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon
from myco_browser.ui.letterbox import resize_for_pages
from myco_browser.ui.notice_bar import NoticeBar
from myco_browser.ui.page_row import PageRow
from myco_browser.ui.progress_line import progress_line
from myco_browser.ui.tab import Tab
from myco_browser.ui.tab_list import TabList
from myco_browser.ui.theme import SPACE
from myco_browser.ui.windows_port import Windows
from myco_browser.web.schemes import START_PAGE

_ASLEEP_LINKS = 3

_Destination = QWebEngineNewWindowRequest.DestinationType


class BrowserWindow(QMainWindow):
    """A window. What menus and keys do is in `actions`."""

    tab_menu_wanted = pyqtSignal(object, QPoint)
    page_menu_wanted = pyqtSignal(object, QPoint)
    side_wanted = pyqtSignal(str)  # a part of the sidebar, to be opened or closed

    def __init__(self, context: Context, windows: Windows, number: int) -> None:
        super().__init__()
        self.context = context
        self.number = number
        self._windows = windows
        self._closing = False
        self.keeps: Callable[[Callable[[], object], bool], bool] = lambda _act, _ends_all: False
        """Whether it stays open when the user acts to close it, or all windows; it says why."""
        self._links: dict[Tab, list[QMetaObject.Connection]] = {}
        self._was_maximised = False
        self.setMinimumSize(480, 320)
        self.resize(1180, 780)
        self._stack = QStackedWidget()
        self._stack.setObjectName("content")
        self._chrome = Chrome(context, self)
        chrome = self._chrome
        self.strip, self.address = chrome.strip, chrome.address
        self.back, self.forward, self.reload = chrome.back, chrome.forward, chrome.reload
        self.new_tab, self.menu_button = chrome.new_tab, chrome.menu_button
        self.tunnel = chrome.tunnel
        self.address.field.open_tabs = windows.all_tabs
        self._progress = progress_line(context.face)
        self._lay_out()
        if context.identity.letterbox:
            resize_for_pages(self, chrome)
        self.tabs = TabList(self.strip, self._stack, icon("globe", context.face.quiet, 16))
        self.find_bar = FindBar(context.face, self._stack)
        self._hover = HoverLine(self._stack)
        self._connect()

    # Tabs

    def add_tab(
        self,
        url: QUrl | None = None,
        *,
        show: bool = True,
        after: Tab | None = None,
        tab: Tab | None = None,
        position: int | None = None,
    ) -> Tab:
        """Opens a tab; without an address it is the start page with the address bar focused."""
        new = tab or Tab(self.context)
        self._watch(new)
        if after is not None and position is None:
            position = self.tabs.index_of(after) + 1
        self.tabs.insert(new, position, show=show)
        if tab is None:
            new.navigate(url or QUrl(START_PAGE))
            if url is None and show:
                self.address.field.setFocus(Qt.FocusReason.OtherFocusReason)
        return new

    def close_tab(self, tab: Tab) -> None:
        """Closes a tab that agreed to it; the last one closes the window."""
        position = self.tabs.index_of(tab)
        if position < 0:
            return
        self._windows.remember_closed_tab(self, tab, position)
        if len(self.tabs) == 1:
            self.close()
            return
        self.release(tab)
        tab.end()

    def release(self, tab: Tab) -> None:
        """Lets a tab go without ending it, to another window."""
        self._unwatch(tab)
        self.tabs.take(tab)
        self._windows.state_changed()

    def give_up(self) -> list[Tab]:
        """Lets all tabs go, in order, and closes without asking anything."""
        self._closing = True
        given = self.tabs.take_all()
        for tab in given:
            self._unwatch(tab)
            tab.setParent(None)
        self.close()
        return given

    def tear_off(self, tab: Tab, at: QPoint | None = None) -> None:
        """Moves a tab into a window of its own."""
        if len(self.tabs) < 2:
            return
        self.release(tab)
        window = self._windows.open_window()
        window.add_tab(tab=tab)
        if at is not None:
            window.move(at - QPoint(120, 20))
        window.show()
        window.raise_()

    def current(self) -> Tab:
        """The tab in front; a window always has one."""
        tab = self.tabs.current
        if tab is None:
            raise RuntimeError("a window without tabs was asked for its current one")
        return tab

    # Address

    def open_text(self, text: str, *, new_tab: bool = False) -> None:
        """Goes to what was typed, or searches for it."""
        url = resolve(self.context, text)
        if isinstance(url, str):
            self.tell("warning", url)
        elif new_tab:
            self.add_tab(url, after=self.tabs.current)
        else:
            self.address.field.setModified(False)
            self.current().navigate(url, typed=True)
            self.current().setFocus()

    def _on_row(self, row: CompletionRow, new_tab: bool) -> None:
        if row.tab is not None and not new_tab:
            self.address.field.revert()
            self._windows.show_tab(row.tab)
        elif row.url:
            self.open_text(row.url, new_tab=new_tab)
        else:
            # A keyword: the words to search for are still to come.
            self.address.field.setText(f"{row.text.strip()} ")
            self.address.field.setModified(True)

    def focus_address(self) -> None:
        """Puts the focus into the address bar, everything selected."""
        if self.isFullScreen():
            self.set_full_screen(False)
        self.address.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.address.field.selectAll()

    def go_home(self) -> None:
        """Goes to the home page."""
        self.current().navigate(QUrl(self.context.now[HOME_PAGE] or START_PAGE))

    def show_all_tabs(self) -> None:
        """A list of all tabs of this window, to be searched."""
        # Loaded when it is wanted.
        from myco_browser.ui.all_tabs import AllTabsPanel

        AllTabsPanel(self).show_below(self._chrome.all_tabs)

    def add_to_toolbar(self, tool: QWidget) -> None:
        """Puts a button into the toolbar that is not always there."""
        self._chrome.add_tool(tool)

    def show_zoom(self, percent: int) -> None:
        """Tells the zoom of the page for a moment, where links are told."""
        self._hover.show_zoom(percent)

    def tell(self, icon_name: str, text: str) -> None:
        """A notice above the current page."""
        self.current().show_notice(NoticeBar(icon_name, text, (), self.context.face))

    # Full screen

    def set_full_screen(self, on: bool, host: str = "") -> None:
        """Only the page, on the whole screen; Escape and F11 end it. `host` asked for it."""
        if on == self.isFullScreen():
            return
        self._chrome.setVisible(not on)
        self.body.show_side(not on)
        if (bar := self.menuBar()) is not None and on:
            bar.hide()
        if on:
            self._was_maximised = self.isMaximized()
            self.showFullScreen()
            text = _("Full screen: press F11 to leave")
            if host:
                text = _("{host} fills the screen: press F11 to leave").format(host=host)
            self.tell("fullscreen", text)
        elif self._was_maximised:
            self.showMaximized()
        else:
            self.showNormal()

    # Events

    def closeEvent(self, event: QCloseEvent | None) -> None:
        if event is not None and event.spontaneous() and self.keeps(self.close, False):
            event.ignore()
            return
        if not self._closing:
            self._closing = True
            self._windows.window_closing(self)
            for tab in self.tabs:
                self._unwatch(tab)
                tab.end()
        if event is not None:
            event.accept()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self.strip.relayout()
        self._place_overlays()
        self.address.field.hide_popup()
        self._windows.state_changed()

    def moveEvent(self, event: object) -> None:
        self.address.field.hide_popup()
        self._windows.state_changed()

    # Construction

    def _lay_out(self) -> None:
        frame = QWidget()
        frame.setObjectName("frame")
        frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._chrome)
        column.addWidget(self._progress)
        self.body = PageRow(self._stack)
        column.addLayout(self.body, 1)
        self.setCentralWidget(frame)

    def _connect(self) -> None:
        self._chrome.page_wanted.connect(self._open_bookmark)
        if (bookmarks := self.context.bookmarks) is not None:
            self.destroyed.connect(bookmarks.observe(self._show_kept))
        self.strip.mute_wanted.connect(
            lambda index: self.tabs[index].set_muted(not self.tabs[index].muted)
        )
        self.strip.new_tab_wanted.connect(lambda: self.add_tab())
        self.strip.tear_wanted.connect(lambda index, at: self.tear_off(self.tabs[index], at))
        self.strip.menu_wanted.connect(self._on_strip_menu)
        self.new_tab.clicked.connect(lambda: self.add_tab())
        self._chrome.all_tabs.clicked.connect(self.show_all_tabs)
        self.tabs.current_changed.connect(self._on_current)
        self.address.field.chosen.connect(
            lambda text, new_tab: self.open_text(text, new_tab=new_tab)
        )
        self.address.field.row_chosen.connect(self._on_row)
        self.address.field.left.connect(lambda: self.current().setFocus())
        self.find_bar.find_wanted.connect(
            lambda text, backward: self.current().find_text(text, backward=backward)
        )
        self.find_bar.opened.connect(self._place_overlays)
        self.find_bar.closed.connect(self._on_find_closed)

    def _watch(self, tab: Tab) -> None:
        self._links[tab] = [
            tab.changed.connect(lambda: self._on_tab_changed(tab)),
            tab.closed.connect(lambda: self.close_tab(tab)),
            tab.woken.connect(lambda: self._watch_page(tab)),
        ]
        if tab.awake:
            self._watch_page(tab)

    def _watch_page(self, tab: Tab) -> None:
        """What a tab asleep never tells; a session may have a thousand of them."""
        if len(self._links[tab]) > _ASLEEP_LINKS:
            return
        self._links[tab] += [
            tab.moved.connect(lambda: self._on_tab_changed(tab)),
            tab.picked.connect(lambda: self.tabs.show(self.tabs.index_of(tab))),
            tab.link_hovered.connect(self._hover.show_link),
            tab.window_wanted.connect(lambda request: self._on_window_wanted(tab, request)),
            tab.full_screen_wanted.connect(
                lambda on: self.set_full_screen(on, shown_host(tab.url.host()))
            ),
            tab.find_result.connect(self.find_bar.show_result),
            tab.menu_wanted.connect(lambda at: self.page_menu_wanted.emit(tab, at)),
            tab.search_wanted.connect(self.open_text),
            tab.link_opened.connect(lambda url: self.add_tab(url, after=tab)),
        ]

    def _unwatch(self, tab: Tab) -> None:
        for link in self._links.pop(tab, []):
            QObject.disconnect(link)

    # Signals

    def _on_current(self) -> None:
        tab = self.current()
        self.find_bar.hide()
        self._hover.hide()
        self.address.field.setModified(False)
        self._show_tab(tab)
        self._windows.state_changed()

    def _on_tab_changed(self, tab: Tab) -> None:
        if tab is self.tabs.current:
            self._show_tab(tab)
        self._windows.state_changed()

    def _show_tab(self, tab: Tab) -> None:
        suffix = _("Private – Myco Browser") if self.context.private else "Myco Browser"
        self.setWindowTitle(f"{tab.title} – {suffix}" if tab.title else suffix)
        self.address.show_page(tab.url, tab.warning, pending=tab.pending)
        self.address.show_reader(readable=tab.readable, reading=tab.reader is not None)
        self.address.show_key(tab.key)
        self._show_kept()
        self.show_blocked()
        self.show_level()
        self.back.setEnabled(tab.can_go(-1))
        self.forward.setEnabled(tab.can_go(1))
        self._chrome.show_loading(tab.loading)
        self._progress.setValue(tab.progress if tab.loading else 0)

    def _show_kept(self) -> None:
        bookmarks = self.context.bookmarks
        if bookmarks is not None and len(self.tabs):
            self.address.show_kept(kept=bookmarks.find(self.current().urlstr) is not None)

    def _open_bookmark(self, url: QUrl, background: bool) -> None:
        if background:
            self.add_tab(url, show=False, after=self.current())
        else:
            self.current().navigate(url)
            self.current().setFocus()

    def show_blocked(self) -> None:
        """Shows the count of the current page on the shield."""
        tab = self.current()
        self.address.show_blocked(
            self.context.blocked.page(tab.urlstr).count,
            on=self.context.policy.is_blocking(tab.site),
        )

    def show_level(self) -> None:
        """Shows how private the current page is."""
        is_open = self.context.policy.is_open(self.current().site)
        level = level_of(private=self.context.private, is_open_site=is_open)
        self.address.level.show_level(level)

    def _on_window_wanted(self, opener: Tab, request: QWebEngineNewWindowRequest) -> None:
        tab = Tab(self.context)
        kind = request.destination()
        if kind in (_Destination.InNewWindow, _Destination.InNewDialog):
            window = self._windows.open_window()
            window.add_tab(tab=tab)
            window.show()
        else:
            background = self.context.now[MIDDLE_CLICK_BACKGROUND]
            show = kind != _Destination.InNewBackgroundTab or not background
            self.add_tab(tab=tab, after=opener, show=show)
        tab.adopt(request)

    def _on_find_closed(self) -> None:
        self.current().find_text("")
        self.current().setFocus()

    def _on_strip_menu(self, index: int, at: QPoint) -> None:
        self.tab_menu_wanted.emit(self.tabs[index] if index >= 0 else None, at)

    def _place_overlays(self) -> None:
        self._hover.place()
        self.find_bar.adjustSize()
        self.find_bar.move(
            self._stack.width() - self.find_bar.width() - SPACE["l"],
            self._stack.height() - self.find_bar.height() - SPACE["m"],
        )

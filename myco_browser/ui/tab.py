"""One tab: asleep it is a title and an address; awake it has a page of the engine."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, QTimer, QUrl
from PyQt6.QtGui import QIcon
from PyQt6.QtWebEngineCore import (
    QWebEngineFindTextResult,
    QWebEngineNewWindowRequest,
    QWebEnginePage,
)

from myco_browser.ui.authentication import watch_authentication
from myco_browser.ui.context import Context
from myco_browser.ui.interstitial import Interstitial, Message
from myco_browser.ui.letterbox import LetterBox
from myco_browser.ui.notice_bar import NoticeBar
from myco_browser.ui.page_view import PageView
from myco_browser.ui.print_watch import watch_printing
from myco_browser.ui.reader_watch import watch_articles
from myco_browser.ui.security_key_watch import watch_security_keys
from myco_browser.ui.sign_in_watch import watch_sign_ins
from myco_browser.ui.tab_dialogs import TabDialogs
from myco_browser.ui.tab_facts import TabFacts
from myco_browser.ui.tab_failures import FailureMessages
from myco_browser.ui.tab_history import can_step, history_from_bytes, step
from myco_browser.ui.tab_pictures import keep_picture
from myco_browser.ui.tab_stack import TabStack
from myco_browser.ui.zoom import apply_zoom, change_zoom
from myco_browser.web.adopted_window import AdoptedWindow
from myco_browser.web.page import WebPage
from myco_browser.web.requests import encoded
from myco_browser.web.schemes import SCHEME

if TYPE_CHECKING:
    from myco_browser.ui.reader_view import ReaderView

_CLOSE_PATIENCE_MS = 1500
# Percent that the engine tells before anything of a new page has come.
_ON_ITS_WAY = 10
_Action = QWebEnginePage.WebAction
_State = QWebEnginePage.LifecycleState


class Tab(TabFacts):
    """A tab and what it shows."""

    def __init__(self, context: Context, url: QUrl | None = None, title: str = "") -> None:
        super().__init__(context, url, title)
        self._typed = False
        self._recorded = QUrl()
        self._arrived_at = QUrl()
        self._dialogs = TabDialogs(self, self._on_asked, self._name_what_is_shown)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self.closed)
        self._failures = FailureMessages(self)
        self._stack = TabStack(self)

    @property
    def warning(self) -> str:
        """A word for the chip when something is wrong with the connection, else ""."""
        return self._failures.warning

    @property
    def reader(self) -> ReaderView | None:
        """The reader, while it shows the page's article."""
        return self._stack.reader  # type: ignore[return-value]

    @property
    def front_page(self) -> QWebEnginePage | None:
        """What is in sight: the page, or the reader's."""
        return self.page if self.reader is None else self.reader.page

    # What it does

    def enter_reader(self, reader: ReaderView) -> None:
        """Shows the reader; the page lives on behind it."""
        self._stack.show_reader(reader)
        reader.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def leave_reader(self) -> None:
        """Shows the page again."""
        self._stack.show_view()
        self.setFocus()
        self.changed.emit()

    def wake(self) -> None:
        """Gives the tab its page, if it has none; a restored one loads now."""
        if self.page is not None:
            return
        self.context.policy.grant_if_local(self.urlstr)
        page = self._make_page()
        if history_from_bytes(page, self._saved_history):
            return
        if not self._url.isEmpty():
            page.load_for_user(self._url)

    def navigate(self, url: QUrl, *, typed: bool = False) -> None:
        """Goes to an address that the user chose."""
        self._typed = typed
        self._saved_history = b""
        self.context.policy.grant_if_local(encoded(url))
        self._url = url
        page = self.page or self._make_page()
        self._pending = True
        self._adopted = None
        self._show_view()
        page.load_for_user(url)
        self.moved.emit()

    def adopt(self, request: QWebEngineNewWindowRequest) -> None:
        """Becomes the new window that a page asked for."""
        page = self.page or self._make_page()
        self._adopted = AdoptedWindow(page, self._on_place)
        request.openIn(page)

    def reload(self, *, bypass_cache: bool = False) -> None:
        """Loads the page, or the address that failed, again."""
        if self.page is None:
            self.wake()
        elif self._shown_failure is not None:
            self.navigate(self._shown_failure)
        else:
            self.page.triggerAction(
                _Action.ReloadAndBypassCache if bypass_cache else _Action.Reload
            )

    def go(self, offset: int) -> None:
        """Back (negative) or forward in this tab's history."""
        if self.page is None or not self.can_go(offset):
            return
        if self._shown_failure is not None and offset < 0:
            # The failed page is not in the engine's history: back is the page before it.
            self.leave_message()
            offset += 1
        self._show_view()
        if offset:
            step(self.page, offset)

    def can_go(self, offset: int) -> bool:
        """Whether `go(offset)` would do something."""
        if self.page is None:
            return False
        if self._shown_failure is not None and offset < 0:
            offset += 1
        return can_step(self.page, offset)

    def find_text(self, text: str, *, backward: bool = False) -> None:
        """Finds the next match; an empty text ends the search."""
        if self.front_page is None:
            return
        flags = QWebEnginePage.FindFlag.FindBackward if backward else QWebEnginePage.FindFlag(0)
        self.front_page.findText(text, flags)

    def zoom(self, step: int) -> float:
        """One step larger (1), smaller (-1), or back to the usual size (0); remembered."""
        if self.reader is not None:
            return self.reader.zoom(step)
        if self.page is None:
            return 1.0
        return change_zoom(self.context, self.page, self.site, step)

    def discard(self) -> bool:
        """Gives the memory of a hidden page back; it loads again when shown."""
        page = self.page
        if page is None or self.isVisible() or self.loading or page.recentlyAudible():
            return False
        if self.reader is not None:
            return False
        if page.lifecycleState() == _State.Discarded or self._dialogs.is_open:
            return False
        page.gate.rest()
        page.setVisible(False)
        page.setLifecycleState(_State.Discarded)
        if page.lifecycleState() != _State.Discarded:
            page.gate.inspection.build_in(0)
        return page.lifecycleState() == _State.Discarded

    def ask_to_close(self) -> None:
        """Closes after the page had its say; a page that hangs does not keep its tab."""
        asking = self._dialogs.is_open
        if asking:
            self._dialogs.end()
        if asking or self.page is None or self._shown_failure is not None:
            self.closed.emit()
            return
        self._patience.start(_CLOSE_PATIENCE_MS)
        self.page.triggerAction(_Action.RequestClose)

    def end(self) -> None:
        """Lets the engine's objects go; the tab is not used again."""
        self._dialogs.end()
        self._patience.stop()
        self._drop_page()
        self.deleteLater()

    def show_notice(self, bar: NoticeBar) -> None:
        """Puts a notice above the page."""
        self._stack.add_notice(bar, early=self._pending or self._arrived_at.isEmpty())

    @property
    def notices(self) -> tuple[NoticeBar, ...]:
        """The notices above the page."""
        return self._stack.notices

    def show_page(self) -> None:
        """Shows the page again, in place of a message."""
        self._show_view()

    def leave_message(self) -> None:
        """Goes back from a message to the page that was there before."""
        self._show_view()
        if self.page is not None:
            self._url = self.page.url()
            self._on_title(self.page.title())
            self.moved.emit()

    def window_for(self, url: QUrl) -> None:
        """The user wants a blocked pop-up after all."""
        self.link_opened.emit(url)

    def show_message(self, message: Message, url: QUrl) -> None:
        """Shows a message in place of the page at `url`."""
        widget = Interstitial(message, self.context.face, self)
        self._stack.drop_notices()
        self._stack.show_message(widget)
        self._shown_failure = url
        self._pending = False
        self._url = url
        self._title = message.title
        self.loading = False
        self.changed.emit()
        self.moved.emit()
        if self.isVisible():
            widget.focus_first()

    def _drop_page(self) -> None:
        page, view, self.page, self.view = self.page, self.view, None, None
        if view is not None:
            view.setPage(None)
            view.deleteLater()
        if page is not None:
            self.context.permissions.release(page)
            page.deleteLater()

    # Wiring of the page

    def _make_page(self) -> WebPage:
        view = PageView(self)
        context = self.context
        page = WebPage(
            context.profile, self._dialogs, context.page_filters, context.inspections, view
        )
        view.setPage(page)
        page.setAudioMuted(self._muted)
        self.view, self.page = view, page
        self.asleep = None
        self.woken.emit()
        self._stack.set_view(LetterBox(view, self) if context.identity.letterbox else view)
        view.menu_wanted.connect(self.menu_wanted)
        page.titleChanged.connect(self._on_title)
        page.urlChanged.connect(self._on_url)
        page.iconChanged.connect(self._on_icon)
        page.loadStarted.connect(self._on_started)
        page.loadProgress.connect(self._on_progress)
        page.loadFinished.connect(self._on_finished)
        page.recentlyAudibleChanged.connect(lambda _on: self.changed.emit())
        page.audioMutedChanged.connect(lambda _on: self.changed.emit())
        page.linkHovered.connect(self.link_hovered)
        page.windowCloseRequested.connect(self.closed)
        page.window_wanted.connect(self.window_wanted)
        # Later: to load within the engine's own question about a navigation crashes it.
        later = Qt.ConnectionType.QueuedConnection
        page.search_wanted.connect(self.search_wanted, later)  # type: ignore[call-arg]
        page.own_link_clicked.connect(self.navigate, later)  # type: ignore[call-arg]
        page.full_screen_wanted.connect(self.full_screen_wanted)
        page.findTextFinished.connect(self._on_found)
        self._failures.watch(page)
        context.permissions.watch(page)
        watch_authentication(self, page)
        watch_articles(self, page)
        watch_sign_ins(self, page)
        watch_security_keys(self, page)
        watch_printing(self, page)
        return page

    def _on_asked(self) -> None:
        # The page is alive and asks: from here on the user decides whether it closes.
        self._patience.stop()
        self.picked.emit()

    def _on_title(self, title: str) -> None:
        if self._shown_failure is None:
            # Until a page of ours has its title, the engine names it by its address.
            self._title = "" if title.startswith(f"{SCHEME}:") else title
            self.changed.emit()
            if self._recorded == self._url:
                self.context.visits.rename(encoded(self._url), title)

    def _on_url(self, url: QUrl) -> None:
        if self._shown_failure is not None or url.isEmpty():
            return
        if self._adopted is not None:
            self._adopted.look()
            return
        if not url.matches(self._arrived_at, QUrl.UrlFormattingOption.RemoveFragment):
            self._stack.drop_notices()
        self._arrived_at = QUrl(url)
        self._url = url
        self._dialogs.start_page()
        self._apply_zoom()
        self.moved.emit()
        self.changed.emit()

    def _on_place(self, place: QUrl, arrived: bool) -> None:
        if arrived:
            self._adopted = None
            self._on_url(place)
        elif self._shown_failure is None:
            self._url = place
            self.moved.emit()

    def _on_icon(self, icon: QIcon) -> None:
        self.show_picture(icon)
        keep_picture(self.context, self.urlstr, icon)

    def _on_started(self) -> None:
        self.loading = True
        self.progress = 0
        self._readable = False
        self._show_view()
        self.changed.emit()

    def _on_progress(self, progress: int) -> None:
        self.progress = progress
        if self._adopted is not None:
            self._adopted.look()
        # The whole is told when it was stopped, too.
        self._pending = self._pending and not _ON_ITS_WAY < progress < 100
        self.changed.emit()

    def _on_finished(self, ok: bool) -> None:
        if not ok and self.page is not None and self.page.gate.is_holding:
            return  # refused until the bridge stands; it is on its way
        self.loading = False
        self.progress = 100
        self._pending = False
        if not ok:
            # Later: the engine still names the page that was on its way.
            QTimer.singleShot(0, self._settle)
        if ok and self._adopted is None and self._shown_failure is None and self.page is not None:
            self._url = self.page.url()
            self._apply_zoom()
            self._record()
            self.moved.emit()
        self.changed.emit()

    def _on_found(self, result: QWebEngineFindTextResult) -> None:
        self.find_result.emit(result.activeMatch(), result.numberOfMatches())

    def _record(self) -> None:
        url = self._url
        if url.scheme() in ("http", "https"):
            self.context.visits.record(encoded(url), self._title, typed=self._typed)
            self._typed = False
            self._recorded = QUrl(url)

    def _apply_zoom(self) -> None:
        if self.page is not None:
            apply_zoom(self.context, self.page, self.site)

    def _show_view(self) -> None:
        self._shown_failure = None
        self._stack.show_view()

    def showEvent(self, event: object) -> None:
        self.last_shown = time.monotonic()
        self.wake()
        if (page := self.page) is not None and page.lifecycleState() != _State.Active:
            page.setLifecycleState(_State.Active)

    def hideEvent(self, event: object) -> None:
        self.last_shown = time.monotonic()

    def resizeEvent(self, event: object) -> None:
        self._dialogs.fit()

    def focusInEvent(self, event: object) -> None:
        if self.reader is not None:
            self.reader.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.view is not None and self._shown_failure is None:
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)

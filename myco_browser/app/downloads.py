"""Joins downloads to a session. Nothing of it is loaded before the first one, or before the list
is looked at: a start needs none of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer

from myco_browser.bridge.worker import Worker
from myco_browser.ui.context import Context
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.interstitial import Choice
from myco_browser.ui.notice_bar import NoticeBar
from myco_browser.ui.window import BrowserWindow
from myco_browser.ui.windows import WindowManager

if TYPE_CHECKING:
    from myco_browser.domain.downloads import Download
    from myco_browser.services.download_store import DownloadStore
    from myco_browser.services.range_fetcher import RangeFetcher
    from myco_browser.ui.download_list import DownloadList
    from myco_browser.ui.downloads_button import DownloadsButton
    from myco_browser.ui.downloads_window import DownloadsWindow
    from myco_browser.web.cookie_jar import CookieJar
    from myco_browser.web.engine_transfer import Request


# Not while the first page loads.
_REMIND_AFTER_MS = 1500


class Downloads(QObject):
    """Takes every download of the profile."""

    def __init__(
        self,
        context: Callable[[], Context],
        manager: WindowManager,
        store: DownloadStore,
        worker: Worker,
        door: tuple[str, int],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._manager = manager
        self._store = store
        self._worker = worker
        self._door = door
        self._made: DownloadList | None = None
        self._window: DownloadsWindow | None = None
        self._notice: NoticeBar | None = None
        self._warning: NoticeBar | None = None
        self._jar: CookieJar | None = None
        self._buttons: dict[BrowserWindow, DownloadsButton] = {}
        context().profile.downloadRequested.connect(self._on_request)
        QTimer.singleShot(_REMIND_AFTER_MS, self._remind)

    @property
    def list(self) -> DownloadList:
        """The downloads; read when they are first asked for."""
        if self._made is None:
            from myco_browser.bridge.range_transfer import Resumer
            from myco_browser.ui.download_list import DownloadList
            from myco_browser.web.cookie_jar import CookieJar

            context = self._context()
            self._jar = CookieJar(context.profile, context.inspections)
            resumer = Resumer(self._worker, self._make_fetcher, self._jar.read)
            # A private session asks servers nothing by itself: the engine alone speaks for it.
            self._made = made = DownloadList(
                self._store, self._worker, None if context.private else resumer, self
            )
            made.finished.connect(self._tell_finished)
            made.failed.connect(self._tell_failed)
            made.listed.connect(self._add_buttons)
        return self._made

    def equip(self, window: BrowserWindow) -> None:
        """A new window shows the button, too, if the others do."""
        window.destroyed.connect(lambda: self._buttons.pop(window, None))
        window.keeps = partial(self._keep, window)
        if self._made is not None and self._buttons:
            self._add_button(window)

    def show(self) -> None:
        """Opens the list in its window."""
        from myco_browser.ui.downloads_window import DownloadsWindow

        if self._window is not None:
            self._window.close()
        self.list.look_again()
        self._window = window = DownloadsWindow(self.list, self._context())
        window.destroyed.connect(lambda: self._forget(window))
        window.show()
        for button in self._buttons.values():
            button.seen()

    def end(self) -> None:
        """The session ends: what runs is left so that it can be gone on with."""
        if self._window is not None:
            self._window.close()
        if self._made is not None:
            self._made.stop_all()
        if self._jar is not None:
            self._jar.end()

    # Signals

    def _remind(self) -> None:
        """What an earlier session left unfinished is not forgotten: the button says so."""
        if self._made is None and self._store.count_waiting():
            self._add_buttons()
            for button in self._buttons.values():
                button.remind()

    def _on_request(self, request: Request) -> None:
        from myco_browser.ui.download_intake import take_download
        from myco_browser.ui.files_entries import TO_FILES

        page, cloud = request.page(), self._context().cloud
        if page is not None and cloud is not None and page.property(TO_FILES):
            page.setProperty(TO_FILES, None)
            cloud.take(request)
            return
        take_download(request, self.list, self._context(), self._manager.active_window())

    def _tell_finished(self, number: int) -> None:
        from myco_browser.domain.downloads import Phase

        window, download = self._manager.active_window(), self.list.get(number)
        if window is None or download is None or not len(window.tabs):
            return
        if download.phase is Phase.DONE:
            self._say(window, "check", _("Downloaded {name}").format(name=download.name))
        elif download.phase is Phase.HELD and download.danger is not None:
            reason = f"{_(download.danger.value)} {download.found}".strip()
            text = _("{name} waits for your decision. {reason}")
            self._say(window, "warning", text.format(name=download.name, reason=reason))
        elif download.cause is not None:
            text = _("{name} could not be downloaded: {reason}")
            reason = _(download.cause.value)
            self._say(window, "warning", text.format(name=download.name, reason=reason))

    def _tell_failed(self, error: str) -> None:
        window = self._manager.active_window()
        if window is not None and len(window.tabs):
            text = _("The list of downloads could not be kept: {error}")
            window.tell("warning", text.format(error=error))

    def _say(self, window: BrowserWindow, icon_name: str, text: str) -> None:
        if self._notice is not None:
            self._notice.dismiss()
        choice = Choice(_("Show"), self.show)
        bar = NoticeBar(icon_name, text, (choice,), window.context.face)
        bar.destroyed.connect(lambda: self._drop_notice(bar))
        self._notice = bar
        window.current().show_notice(bar)

    def _drop_notice(self, bar: NoticeBar) -> None:
        if self._notice is bar:
            self._notice = None

    # Closing

    def _keep(self, window: BrowserWindow, act: Callable[[], object], ends_all: bool) -> bool:
        """Says what would be cut off, once: who closes again means it."""
        count = self._made.running if self._made is not None else 0
        if count == 0 or self._warning is not None:
            return False
        if not ends_all and len(self._manager.windows) > 1:
            return False
        text = ngettext(
            "{count} download is still running. It stops if you leave now.",
            "{count} downloads are still running. They stop if you leave now.",
            count,
        )

        def leave() -> None:
            act()

        choice = Choice(_("Leave all the same"), leave)
        bar = NoticeBar("download", text.format(count=count), (choice,), window.context.face)
        bar.destroyed.connect(self._forget_warning)
        self._warning = bar
        window.current().show_notice(bar)
        return True

    def _forget_warning(self) -> None:
        self._warning = None

    # Buttons

    def _add_buttons(self) -> None:
        for window in self._manager.windows:
            if window not in self._buttons:
                self._add_button(window)

    def _add_button(self, window: BrowserWindow) -> None:
        from myco_browser.ui.downloads_button import DownloadsButton

        button = DownloadsButton(self.list, window.context.face)
        self._buttons[window] = button
        button.clicked.connect(lambda _checked=False: self._show_panel(window, button))
        window.add_to_toolbar(button)

    def _show_panel(self, window: BrowserWindow, button: DownloadsButton) -> None:
        from myco_browser.ui.checksum_window import ChecksumWindow
        from myco_browser.ui.downloads_button import show_downloads_panel

        self.list.look_again()

        def check(download: Download) -> None:
            ChecksumWindow(download, self._context(), window).show()

        show_downloads_panel(window, self.list, button, self.show, check)

    def _forget(self, window: DownloadsWindow) -> None:
        if self._window is window:
            self._window = None

    def _make_fetcher(self) -> RangeFetcher:
        from myco_browser.services.range_fetcher import RangeFetcher

        identity = self._context().identity
        return RangeFetcher(
            self._door, identity.user_agent, identity.accept_language, lambda _address: ""
        )

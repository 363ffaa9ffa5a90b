"""Puts pages, pictures and downloads straight into the user's files on a server."""

from __future__ import annotations

import logging
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Protocol

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QGuiApplication

from myco_browser.bridge.files import Files
from myco_browser.domain.download_names import safe_name
from myco_browser.domain.downloads import Cause
from myco_browser.domain.files import FilesCause, Share
from myco_browser.services.files_transfers import Phase, Transfer
from myco_browser.ui.i18n import _
from myco_browser.ui.interstitial import Choice
from myco_browser.ui.notice_bar import NoticeBar
from myco_browser.ui.sidebar.files_changes import quick_link
from myco_browser.ui.sidebar.files_share import link_words
from myco_browser.ui.sidebar.rail import FILES, Sidebar
from myco_browser.ui.window import BrowserWindow
from myco_browser.web.engine_transfer import EngineTransfer, Request

_log = logging.getLogger(__name__)


class Windows(Protocol):
    """The windows of the session."""

    def active_window(self) -> BrowserWindow | None: ...


class _Wish(NamedTuple):
    name: str
    link: bool
    """Whether a link to it is wanted, too."""


class FilesSaving(QObject):
    """Sends to the folder that the user looked at last, else to the first account's own."""

    def __init__(self, files: Files, windows: Callable[[], Windows], parent: QObject) -> None:
        super().__init__(parent)
        self._files = files
        self._windows = windows
        self._wishes: dict[str, _Wish] = {}
        self._fetched: set[EngineTransfer] = set()
        self._notice: NoticeBar | None = None
        files.transfers.changed.connect(self._on_changed)

    @property
    def makes_links(self) -> bool:
        """Whether the server makes links."""
        return bool(self._files.accounts) and self._files.has_cloud(self._files.place[0])

    def outgoing(self, name: str) -> Path:
        """Where something is written that is to be sent under a name. Raises OSError."""
        folder = self._files.outgoing_folder / secrets.token_hex(8)
        folder.mkdir(mode=0o700, parents=True)
        return folder / safe_name(name)

    def send(self, path: Path, *, ours: bool = False, link: bool = False) -> None:
        """Sends a file; with `ours` it is removed then, with `link` a link to it is copied."""
        files, name = self._files, path.name

        def begin(is_locked: bool, _is_new: bool) -> None:
            account_id, folder = files.place
            (number,) = files.transfers.upload(
                account_id, [path], folder, ours=ours, start=not is_locked
            )
            self._wishes[number] = _Wish(name, link)
            if is_locked:
                text = _("{name} is sent once you have opened your files with the passphrase.")
                self._say("key", text.format(name=name), (Choice(_("Open files"), self._show),))
            else:
                self._say("upload", _("{name} is sent to your files.").format(name=name), ())

        files.ask_keeper(begin)

    def take(self, request: Request) -> None:
        """Lets a download of the engine go to the files, and not to the disk of this machine."""
        try:
            path = self.outgoing(request.suggestedFileName())
        except OSError as error:
            request.cancel()
            self._say("warning", _("Could not be saved: {error}").format(error=error.strerror), ())
            return
        request.setDownloadDirectory(str(path.parent))
        request.setDownloadFileName(path.name)
        transfer = EngineTransfer(request)
        transfer.ended.connect(lambda cause: self._on_ended(transfer, path, cause))
        self._fetched.add(transfer)
        request.accept()

    def _on_ended(self, transfer: EngineTransfer, path: Path, cause: Cause | None) -> None:
        self._fetched.discard(transfer)
        if cause is None:
            self.send(path, ours=True)
            return
        shutil.rmtree(path.parent, ignore_errors=True)
        text = _("{name} could not be downloaded: {reason}")
        self._say("warning", text.format(name=path.name, reason=_(cause.value)), ())

    def give_up(self, path: Path) -> None:
        """What was to be sent was not made."""
        shutil.rmtree(path.parent, ignore_errors=True)
        self._say("warning", _("{name} could not be made.").format(name=path.name), ())

    # What becomes of it

    def _on_changed(self, number: str) -> None:
        one, wish = self._files.transfers.find(number), self._wishes.get(number)
        if wish is None:
            return
        if one is None:
            del self._wishes[number]
        elif one.phase is Phase.DONE:
            del self._wishes[number]
            self._arrived(one, wish)
        elif one.phase is Phase.FAILED and one.cause is not None:
            # It stays in the sidebar, where it can be tried again.
            text = _("{name} did not get to your files. {reason}")
            words = text.format(name=wish.name, reason=_(one.cause.value))
            self._say("warning", words, (Choice(_("Open files"), self._show),))

    def _arrived(self, one: Transfer, wish: _Wish) -> None:
        name = one.named.rpartition("/")[2] or wish.name
        path = one.named or one.path
        if wish.link:
            self._link(one.account_id, path)
            return
        # Two buttons are too wide beside an open panel, which shows the file anyway.
        choices = [] if self._is_shown() else [Choice(_("Open files"), self._show)]
        if self._files.has_cloud(one.account_id):
            choices.append(Choice(_("Copy a link"), lambda: self._link(one.account_id, path)))
        self._say("check", _("{name} is in your files.").format(name=name), tuple(choices))

    def _link(self, account_id: str, path: str) -> None:
        def made(share: Share) -> None:
            if (clipboard := QGuiApplication.clipboard()) is not None:
                clipboard.setText(share.url)
            window = self._windows().active_window()
            if window is not None:
                self._say("link", link_words(share, window.context.language), ())

        def failed(cause: FilesCause) -> None:
            text = _("The file is there, but the server makes no link. {reason}")
            self._say("warning", text.format(reason=_(cause.value)), ())

        self._files.ask(account_id, quick_link(path), made, failed)

    def _is_shown(self) -> bool:
        window = self._windows().active_window()
        side = window.body.side if window is not None else None
        return isinstance(side, Sidebar) and side.open_name == FILES

    def _show(self) -> None:
        window = self._windows().active_window()
        if window is not None and not self._is_shown():
            window.side_wanted.emit(FILES)

    def _say(self, icon_name: str, text: str, choices: tuple[Choice, ...]) -> None:
        window = self._windows().active_window()
        if window is None or not len(window.tabs):
            return
        if self._notice is not None:
            self._notice.dismiss()
        bar = NoticeBar(icon_name, text, choices, window.context.face)
        bar.destroyed.connect(lambda: self._drop(bar))
        self._notice = bar
        window.current().show_notice(bar)

    def _drop(self, bar: NoticeBar) -> None:
        if self._notice is bar:
            self._notice = None

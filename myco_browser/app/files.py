"""Joins files to the sidebar. Nothing of them is imported before somebody wants them."""

from __future__ import annotations

import functools
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtWidgets import QWidget

from myco_browser.app.kept_passwords import tells_what_is_kept
from myco_browser.bridge.worker import Worker
from myco_browser.ui.context import Context
from myco_browser.ui.i18n import _
from myco_browser.ui.sidebar.rail import FILES, Sidebar
from myco_browser.ui.window import BrowserWindow

if TYPE_CHECKING:
    from myco_browser.app.files_saving import FilesSaving
    from myco_browser.bridge.files import Files
    from myco_browser.services.one_passphrase import OnePassphrase
    from myco_browser.web.engine_transfer import Request

CLIENT = "files"
"""The word under which the door counts it."""

_START_AFTER_MS = 3000


class Windows(Protocol):
    """The windows of the session."""

    def active_window(self) -> BrowserWindow | None: ...


class FilesJoin(QObject):
    """The files of a session. Made at the start, so it does nothing then."""

    def __init__(
        self,
        profile: Path,
        door_port: int,
        context: Callable[[], Context],
        windows: Callable[[], Windows],
        worker: Worker,
        one: Callable[[], OnePassphrase],
    ) -> None:
        super().__init__()
        self._one = one
        self._folder = profile / "files"
        self._door_port = door_port
        self._context = context
        self._windows = windows
        self._worker = worker
        self._files: Files | None = None
        self._saving: FilesSaving | None = None

    def start(self) -> None:
        """After the first page: what was on its way goes on."""
        QTimer.singleShot(_START_AFTER_MS, self._start)

    def end(self) -> None:
        """Ends what runs."""
        if self._files is not None:
            self._files.end()

    def add(self, window: BrowserWindow, side: Sidebar) -> None:
        """Gives a sidebar the button of files."""

        def make(parent: QWidget) -> QWidget:
            from myco_browser.ui.sidebar.files_panel import FilesPanel

            return FilesPanel(self.files(), window, parent)

        side.add(FILES, "folder", _("Files"), make)

    def files(self) -> Files:
        """What runs behind; made when it is wanted first."""
        if self._files is None:
            # Loaded here: not everybody has files on a server, and nobody waits for it.
            from myco_browser.bridge.files import Files, FilesPorts
            from myco_browser.system.dialled import Way, usual_tls
            from myco_vpn.link import dial_blocking

            proxy = ("127.0.0.1", self._door_port)

            def dial(host: str, port: int) -> socket.socket:
                return dial_blocking(host, port, CLIENT, proxy)

            way = Way(dial, functools.cache(usual_tls))
            door = self._context().door
            ports = FilesPorts(self._folder, way, self._worker, door, self._one())
            self._files = Files(ports, self)
            self._files.password_removed.connect(tells_what_is_kept(self._windows))
            self._files.start()
        return self._files

    @property
    def has_accounts(self) -> bool:
        """Whether there is a server; nothing is loaded for the answer."""
        if self._files is not None:
            return bool(self._files.accounts)
        try:
            return b'"account_id"' in (self._folder / "accounts.json").read_bytes()
        except OSError:
            return False

    def saving(self) -> FilesSaving:
        """What puts pages and downloads into files; made when it is wanted first."""
        if self._saving is None:
            from myco_browser.app.files_saving import FilesSaving

            self._saving = FilesSaving(self.files(), self._windows, self)
        return self._saving

    def _start(self) -> None:
        if (self._folder / "transfers.json").exists():
            self.files()


class Joined(Protocol):
    """What a session has beside its windows."""

    @property
    def files(self) -> FilesJoin: ...


class LateCloud:
    """The files as pages and downloads see them; loaded when somebody puts something there."""

    def __init__(self, join: Callable[[], Joined | None]) -> None:
        self._join = join

    @property
    def is_there(self) -> bool:
        """Whether the user has files on a server."""
        join = self._join()
        return join is not None and join.files.has_accounts

    @property
    def makes_links(self) -> bool:
        """Whether the server makes links."""
        return self._saving.makes_links

    def outgoing(self, name: str) -> Path:
        """Where something is written that is to be sent under a name. Raises OSError."""
        return self._saving.outgoing(name)

    def send(self, path: Path, *, ours: bool = False, link: bool = False) -> None:
        """Sends a file."""
        self._saving.send(path, ours=ours, link=link)

    def give_up(self, path: Path) -> None:
        """What was to be sent was not made."""
        self._saving.give_up(path)

    def take(self, request: Request) -> None:
        """Lets a download go there."""
        self._saving.take(request)

    @property
    def _saving(self) -> FilesSaving:
        join = self._join()
        if join is None:
            raise ValueError("this session has no files")
        return join.files.saving()

"""Joins files to the sidebar. Nothing of them is imported before somebody wants them."""

from __future__ import annotations

import functools
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtWidgets import QWidget

from myco_browser.bridge.worker import Worker
from myco_browser.ui.context import Context
from myco_browser.ui.i18n import _
from myco_browser.ui.sidebar.rail import FILES, Sidebar
from myco_browser.ui.window import BrowserWindow

if TYPE_CHECKING:
    from myco_browser.bridge.files import Files

CLIENT = "files"
"""The word under which the door counts it."""

_START_AFTER_MS = 3000


class FilesJoin(QObject):
    """The files of a session. Made at the start, so it does nothing then."""

    def __init__(
        self, profile: Path, door_port: int, context: Callable[[], Context], worker: Worker
    ) -> None:
        super().__init__()
        self._folder = profile / "files"
        self._door_port = door_port
        self._context = context
        self._worker = worker
        self._files: Files | None = None

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
            ports = FilesPorts(self._folder, way, self._worker, self._context().door)
            self._files = Files(ports, self)
            self._files.start()
        return self._files

    def _start(self) -> None:
        if (self._folder / "transfers.json").exists():
            self.files()

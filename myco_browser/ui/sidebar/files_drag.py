"""Dragging files out of the panel: fetched while they are dragged, and there when they are dropped.

Another program gets the paths of files, as from a file manager; it is asked to wait a moment when
they are not there yet. Programs wait five seconds at most (Qt's own limit for dropped data), so
only what is small can be dragged; saving takes everything.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEventLoop, QMetaType, QMimeData, Qt, QTimer, QUrl
from PyQt6.QtGui import QDrag
from PyQt6.QtWidgets import QListView

from myco_browser.bridge.files import Files
from myco_browser.domain.files import Entry, FilesCause
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import pixmap

if TYPE_CHECKING:
    from myco_browser.ui.sidebar.files_browser import FilesBrowser

MOST_BYTES = 64 << 20
_MOST_FILES = 50
_PATIENCE_MS = 4000
_PATHS = "text/uri-list"


class PromisedFiles(QMimeData):
    """The paths of files that are still being fetched. Nothing, when that failed."""

    def __init__(self) -> None:
        super().__init__()
        self._paths: tuple[Path, ...] | None = None
        self._loop: QEventLoop | None = None
        self.waited = False
        """Whether somebody wanted them before they were there."""

    def keep(self, paths: Sequence[Path]) -> None:
        """They are there, or, if empty, will not be."""
        self._paths = tuple(paths)
        if self._loop is not None:
            self._loop.quit()

    def formats(self) -> list[str]:
        """A list of paths, and nothing else."""
        return [_PATHS]

    def hasFormat(self, mimetype: str | None) -> bool:
        return mimetype == _PATHS

    def retrieveData(self, mimetype: str | None, _preferred: QMetaType) -> object:
        if mimetype != _PATHS:
            return None
        if self._paths is None:
            self._wait()
        return [QUrl.fromLocalFile(str(path)) for path in self._paths or ()]

    def _wait(self) -> None:
        self.waited = True
        self._loop = loop = QEventLoop()
        QTimer.singleShot(_PATIENCE_MS, loop.quit)
        loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        self._loop = None


class FilesView(QListView):
    """The list of files, from which files can be dragged to other programs."""

    def __init__(self, files: Files, browser: FilesBrowser) -> None:
        super().__init__()
        self._files = files
        self._browser = browser

    def stay_in_place(self) -> None:
        """Files are not moved about in the view, but out of it: Qt takes these for the same."""
        self.setMovement(QListView.Movement.Static)
        self.setDragEnabled(True)

    def startDrag(self, _actions: Qt.DropAction) -> None:
        """Fetches what is selected, and lets it be dropped somewhere."""
        promise = self.promise(self._browser.selected())
        if promise is None:
            return
        drag = QDrag(self)
        drag.setMimeData(promise)
        drag.setPixmap(pixmap("file", self._browser.face.accent, 32, self.devicePixelRatioF()))
        drag.exec(Qt.DropAction.CopyAction)

    def promise(self, entries: Sequence[Entry]) -> PromisedFiles | None:
        """What is dragged; None for what cannot be, and the user is told why."""
        if not entries:
            return None
        sizes = [one.size or 0 for one in entries]
        is_small = sum(sizes) <= MOST_BYTES and len(entries) <= _MOST_FILES
        if any(one.is_folder for one in entries) or not is_small:
            text = _("Only files of up to 64 MB in all can be dragged. “Save” takes everything.")
            self._browser.toast.say(text)
            return None
        promise = PromisedFiles()
        folder = self._files.dragged_folder / secrets.token_hex(8)

        def fail(cause: FilesCause) -> None:
            promise.keep(())
            self._browser.toast.say(_(cause.value))

        self._files.fetch_aside(self._browser.account_id, entries, folder, promise.keep, fail)
        return promise

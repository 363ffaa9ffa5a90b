"""Downloads of this session: where to, how far, and what to do with them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from PyQt6.QtCore import QObject, QStandardPaths, Qt, QUrl
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWebEngineCore import QWebEngineDownloadRequest
from PyQt6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.settings import ASK_DOWNLOAD, DOWNLOAD_FOLDER
from myco_browser.ui.context import Context
from myco_browser.ui.i18n import _
from myco_browser.ui.theme import SPACE
from myco_browser.ui.window import BrowserWindow

_State = QWebEngineDownloadRequest.DownloadState


class Downloads(QObject):
    """Takes every download of the profile; a private one is always asked about."""

    def __init__(self, context: Context, window: Callable[[], BrowserWindow | None]) -> None:
        super().__init__()
        self._context = context
        self._window = window
        self._items: list[QWebEngineDownloadRequest] = []
        self._dialog: DownloadsDialog | None = None
        context.profile.downloadRequested.connect(self._on_request)

    @property
    def items(self) -> tuple[QWebEngineDownloadRequest, ...]:
        """The newest first."""
        return tuple(reversed(self._items))

    def show(self) -> None:
        """Opens the list."""
        if self._dialog is not None:
            self._dialog.close()
        self._dialog = DownloadsDialog(self, self._window())
        self._dialog.show()

    def _on_request(self, request: QWebEngineDownloadRequest) -> None:
        folder = Path(self._context.now[DOWNLOAD_FOLDER] or _downloads_folder())
        # A file that is still being written has another name until it is whole.
        coming = {
            Path(item.downloadDirectory(), item.downloadFileName())
            for item in self._items
            if not item.isFinished()
        }
        target = free_path(folder / safe_name(request.suggestedFileName()), coming)
        ask = self._context.private or self._context.now[ASK_DOWNLOAD]
        if ask or request.isSavePageDownload():
            chosen, _kind = QFileDialog.getSaveFileName(self._window(), _("Save as"), str(target))
            if not chosen:
                request.cancel()
                return
            target = Path(chosen)
        request.setDownloadDirectory(str(target.parent))
        request.setDownloadFileName(target.name)
        self._items.append(request)
        request.isFinishedChanged.connect(lambda: self._on_finished(request))
        request.accept()
        self._tell("download", _("Downloading {name}").format(name=target.name))

    def _on_finished(self, request: QWebEngineDownloadRequest) -> None:
        name = request.downloadFileName()
        match request.state():
            case _State.DownloadCompleted:
                self._tell("check", _("Downloaded {name}").format(name=name))
            case _State.DownloadInterrupted:
                text = _("{name} could not be downloaded: {reason}")
                reason = request.interruptReasonString()
                self._tell("warning", text.format(name=name, reason=reason))
            case _:
                pass

    def _tell(self, icon_name: str, text: str) -> None:
        window = self._window()
        if window is not None and len(window.tabs):
            window.tell(icon_name, text)


class DownloadsDialog(QDialog):
    """The list of downloads."""

    def __init__(self, downloads: Downloads, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Downloads"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(560, 420)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["l"], SPACE["l"], SPACE["l"], SPACE["l"])
        inner = QWidget()
        rows = QVBoxLayout(inner)
        rows.setSpacing(SPACE["m"])
        for request in downloads.items:
            rows.addWidget(DownloadRow(request))
        if not downloads.items:
            label = QLabel(_("Nothing was downloaded in this session."))
            label.setObjectName("quiet")
            rows.addWidget(label)
        rows.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        column.addWidget(area)


class DownloadRow(QWidget):
    """One download, live while the list is open."""

    def __init__(self, request: QWebEngineDownloadRequest) -> None:
        super().__init__()
        self._request = request
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        top = QHBoxLayout()
        name = QLabel(request.downloadFileName())
        name.setObjectName("strong")
        name.setTextFormat(Qt.TextFormat.PlainText)
        top.addWidget(name, 1)
        self._act = QPushButton()
        self._act.clicked.connect(self._on_act)
        top.addWidget(self._act)
        column.addLayout(top)
        self._bar = QProgressBar()
        self._bar.setAccessibleName(request.downloadFileName())
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        column.addWidget(self._bar)
        request.receivedBytesChanged.connect(self._refresh)
        request.isFinishedChanged.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        request = self._request
        total = request.totalBytes()
        self._bar.setVisible(not request.isFinished())
        self._bar.setRange(0, 1000 if total > 0 else 0)
        if total > 0:
            self._bar.setValue(request.receivedBytes() * 1000 // total)
        self._act.setText(_("Open folder") if request.isFinished() else _("Cancel"))

    def _on_act(self) -> None:
        if self._request.isFinished():
            QDesktopServices.openUrl(QUrl.fromLocalFile(self._request.downloadDirectory()))
        else:
            self._request.cancel()


def safe_name(suggested: str) -> str:
    """A file name that is only a name: no folders, no hidden file, no control characters."""
    name = suggested.replace("\\", "/").rpartition("/")[2]
    kept = "".join(char for char in name if char.isprintable() and char not in '<>:"|?*')
    return kept.lstrip(". ")[:180] or "download"


def free_path(path: Path, coming: Collection[Path] = ()) -> Path:
    """`path`, or the first of `name (1)`, `name (2)` … that is not there yet, nor coming."""
    candidate, number = path, 1
    while candidate.exists() or candidate in coming:
        candidate = path.with_name(f"{path.stem} ({number}){path.suffix}")
        number += 1
    return candidate


def _downloads_folder() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)

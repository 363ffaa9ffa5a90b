"""Takes a download that the engine announces: decides where it goes, and lets it run."""

from __future__ import annotations

import time
from pathlib import Path

from PyQt6.QtCore import QStandardPaths
from PyQt6.QtWebEngineCore import QWebEngineDownloadRequest
from PyQt6.QtWidgets import QFileDialog, QWidget

from myco_browser.domain.addresses import parse_web_address, scheme_of
from myco_browser.domain.download_names import PART, free_name, safe_name
from myco_browser.domain.downloads import Download, Phase
from myco_browser.domain.settings import ASK_DOWNLOAD, DOWNLOAD_FOLDER
from myco_browser.domain.urls import site_key
from myco_browser.ui.context import Context
from myco_browser.ui.download_list import DownloadList
from myco_browser.ui.i18n import _
from myco_browser.web.engine_transfer import EngineTransfer


def take_download(
    request: QWebEngineDownloadRequest,
    downloads: DownloadList,
    context: Context,
    window: QWidget | None,
) -> bool:
    """Lets the download run, unless the user does not want it after all; a private one is
    always asked about."""
    folder = context.now[DOWNLOAD_FOLDER] or downloads_folder()
    name = free_name(
        safe_name(request.suggestedFileName()),
        lambda one: downloads.is_name_taken(folder, one),
    )
    is_page = request.isSavePageDownload()
    overwrites = False
    if context.private or context.now[ASK_DOWNLOAD] or is_page:
        target = str(Path(folder, name))
        chosen, _kind = QFileDialog.getSaveFileName(window, _("Save as"), target)
        if not chosen:
            request.cancel()
            return False
        folder, name = str(Path(chosen).parent), Path(chosen).name
        overwrites = Path(chosen).exists()
    request.setDownloadDirectory(folder)
    request.setDownloadFileName(name if is_page else name + PART)
    page = request.page()
    asked_from = page.url().toString() if page is not None else ""
    download = Download(
        number=0,
        url=_kept_url(request.url().toEncoded().data().decode("ascii", "replace")),
        site=site_key(asked_from) or "",
        folder=folder,
        name=name,
        started=int(time.time()),
        phase=Phase.RUNNING,
        total=request.totalBytes() if request.totalBytes() > 0 else None,
    )
    downloads.begin(download, EngineTransfer(request), named=is_page, replace=overwrites)
    request.accept()
    return True


def downloads_folder() -> str:
    """The desktop's folder for downloads."""
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)


def _kept_url(url: str) -> str:
    """What is kept of an address: no password, and no document that stands in it."""
    address = parse_web_address(url)
    if address is not None:
        return f"{address.scheme}://{address.authority}{address.rest}"
    return f"{scheme_of(url) or 'unknown'}:"

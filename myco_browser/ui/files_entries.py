"""What menus offer to those who have files on a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QAction
from PyQt6.QtWebEngineCore import QWebEnginePage
from PyQt6.QtWidgets import QMenu

from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon

if TYPE_CHECKING:
    from pathlib import Path

    from myco_browser.ui.context import Cloud, Context
    from myco_browser.ui.tab import Tab

TO_FILES = "to-files"
"""A property of pages: their next download goes to the files."""

_EXPECTED_MS = 20_000
_LONGEST_TITLE = 80


def add_page_entry(menu: QMenu, tab: Tab) -> None:
    """Saves the page as PDF."""
    cloud = tab.context.cloud
    if cloud is not None and cloud.is_there and tab.front_page is not None:
        act = _add(menu, tab.context, _("Save page to files as PDF"))
        act.triggered.connect(lambda _on=False: save_page(tab, cloud))


def add_file_entry(menu: QMenu, tab: Tab, text: str, action: QWebEnginePage.WebAction) -> None:
    """Lets the engine fetch an image or what a link leads to, for the files."""
    cloud, page = tab.context.cloud, tab.page
    if cloud is not None and cloud.is_there and page is not None:
        act = _add(menu, tab.context, text)
        act.triggered.connect(lambda _on=False: _fetch(page, action))


def add_download_entries(menu: QMenu, context: Context, path: Path) -> None:
    """Puts a file that was downloaded into the files, and shares it."""
    cloud = context.cloud
    if cloud is None or not cloud.is_there:
        return
    put = _add(menu, context, _("Put into your files"))
    put.triggered.connect(lambda _on=False: cloud.send(path))
    if cloud.makes_links:
        share = _add(menu, context, _("Put into your files and copy a link"))
        share.triggered.connect(lambda _on=False: cloud.send(path, link=True))


def save_page(tab: Tab, cloud: Cloud) -> None:
    """Makes a PDF of the page and sends it."""
    page = tab.front_page
    if page is None:
        return
    title = " ".join(tab.title.split())[:_LONGEST_TITLE] or _("Page")
    path = cloud.outgoing(f"{title}.pdf")

    def written(done: str, ok: bool) -> None:
        if done != str(path):
            return
        page.pdfPrintingFinished.disconnect(written)
        if ok:
            cloud.send(path, ours=True)
        else:
            cloud.give_up(path)

    page.pdfPrintingFinished.connect(written)
    page.printToPdf(str(path))


def _fetch(page: QWebEnginePage, action: QWebEnginePage.WebAction) -> None:
    page.setProperty(TO_FILES, True)
    # What is not announced by then does not come; a later download is another wish.
    patience = QTimer(page)
    patience.setSingleShot(True)
    patience.timeout.connect(lambda: page.setProperty(TO_FILES, None))
    patience.timeout.connect(patience.deleteLater)
    patience.start(_EXPECTED_MS)
    page.triggerAction(action)


def _add(menu: QMenu, context: Context, text: str) -> QAction:
    act = menu.addAction(icon("folder", context.face.quiet, 16), text)
    assert act is not None
    return act

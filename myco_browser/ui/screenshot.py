"""Pictures of a page: what is visible, a part of it, or the whole; saved as PNG or copied."""

from __future__ import annotations

import base64
import re
import time
from pathlib import Path

from PyQt6.QtCore import QBuffer, QIODevice, QObject, QRect, QStandardPaths
from PyQt6.QtGui import QGuiApplication, QImage
from PyQt6.QtWidgets import QFileDialog

from myco_browser.domain.png import NoPngError, without_metadata
from myco_browser.domain.settings import ASK_DOWNLOAD
from myco_browser.services.atomic_files import write_atomically
from myco_browser.ui.context import Cloud
from myco_browser.ui.disk_words import unwritten
from myco_browser.ui.i18n import _
from myco_browser.ui.interstitial import Choice
from myco_browser.ui.notice_bar import NoticeBar
from myco_browser.ui.screenshot_sheet import ScreenshotSheet
from myco_browser.ui.tab import Tab
from myco_browser.ui.window import BrowserWindow


def choose_picture(window: BrowserWindow) -> None:
    """Lays a sheet over the page in front and lets the user choose what is in the picture."""
    tab = window.current()
    view = tab.view if tab.reader is None else tab.reader.view
    for old in tab.findChildren(ScreenshotSheet):
        old.cancelled.emit()
    if view is None or tab.failure is not None:
        window.tell("info", _("There is no page to take a picture of."))
        return
    sheet = ScreenshotSheet(view.grab(), tab.context.face, view)
    _Picture(window, tab, sheet)
    sheet.show()
    sheet.raise_()
    sheet.setFocus()


class _Picture(QObject):
    """One picture, from the sheet to the notice with what can be done with it."""

    def __init__(self, window: BrowserWindow, tab: Tab, sheet: ScreenshotSheet) -> None:
        super().__init__(sheet)
        self._window, self._tab, self._sheet = window, tab, sheet
        sheet.chosen.connect(self._take_part)
        sheet.whole_wanted.connect(self._take_whole)
        sheet.cancelled.connect(self._end)

    def _take_part(self, area: QRect) -> None:
        image = self._sheet.part(area).toImage()
        self._end()
        _offer(self._window, self._tab, _png_of(image), _("Picture taken."))

    def _take_whole(self) -> None:
        window, tab = self._window, self._tab
        page = tab.page
        self._end()
        if tab.reader is not None:
            tab.show_notice(_notice(tab, _("The reader can be saved whole as PDF.")))
        elif page is None or not page.gate.inspection.ask_picture(
            lambda coded, whole: _on_whole(window, tab, coded, whole)
        ):
            text = _("The whole page cannot be taken now. Close the developer tools and try again.")
            tab.show_notice(_notice(tab, text))

    def _end(self) -> None:
        self._sheet.hide()
        self._sheet.deleteLater()
        self._tab.setFocus()


def _on_whole(window: BrowserWindow, tab: Tab, coded: str, whole: bool) -> None:
    try:
        png = base64.b64decode(coded, validate=True)
    except ValueError:
        png = b""
    if not png:
        tab.show_notice(_notice(tab, _("The engine made no picture of this page.")))
        return
    cut = _("Picture taken. The page is longer than a picture can be: its end is missing.")
    _offer(window, tab, png, _("Picture taken.") if whole else cut)


def _offer(window: BrowserWindow, tab: Tab, png: bytes, text: str) -> None:
    def copy() -> None:
        if (clipboard := QGuiApplication.clipboard()) is not None:
            clipboard.setImage(QImage.fromData(png))

    def save() -> None:
        if not _save(window, tab, png):
            _offer(window, tab, png, text)  # the user thought better of it, not of the picture

    choices = [Choice(_("Save"), save), Choice(_("Copy"), copy)]
    cloud = tab.context.cloud
    if cloud is not None and cloud.is_there:
        choices.insert(1, Choice(_("To files"), lambda: _send(tab, cloud, png)))
    tab.show_notice(NoticeBar("camera", text, tuple(choices), tab.context.face))


def _save(window: BrowserWindow, tab: Tab, png: bytes) -> bool:
    """Saves a picture, with no more in it than it shows; False when the user did not want it."""
    context = tab.context
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    path = _free(Path(folder) / _name_of(tab))
    if context.private or context.now[ASK_DOWNLOAD]:
        kind = _("Pictures (*.png)")
        chosen, _kind = QFileDialog.getSaveFileName(window, _("Save picture"), str(path), kind)
        if not chosen:
            return False
        path = Path(chosen)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, without_metadata(png))
    except (OSError, NoPngError) as error:
        tab.show_notice(_notice(tab, _unsaved(path, error)))
        return True
    tab.show_notice(_notice(tab, _("Saved as {path}").format(path=path)))
    return True


def _send(tab: Tab, cloud: Cloud, png: bytes) -> None:
    """Puts a picture into the user's files, with no more in it than it shows."""
    try:
        path = cloud.outgoing(_name_of(tab))
        write_atomically(path, without_metadata(png))
    except (OSError, NoPngError) as error:
        tab.show_notice(_notice(tab, _unsaved(_name_of(tab), error)))
    else:
        cloud.send(path, ours=True)


def _unsaved(path: object, error: OSError | NoPngError) -> str:
    if isinstance(error, NoPngError):
        return _("{path} could not be written.").format(path=path)
    text = _("{path} could not be written: {cause}")
    return text.format(path=path, cause=unwritten(error, chosen=True))


def _name_of(tab: Tab) -> str:
    host = re.sub(r"[^\w.-]+", "-", tab.url.host()).strip("-.")[:80] or _("Page")
    return f"{host} {time.strftime('%Y-%m-%d %H.%M.%S')}.png"


def _free(path: Path) -> Path:
    candidate, number = path, 1
    while candidate.exists():
        candidate = path.with_name(f"{path.stem} ({number}){path.suffix}")
        number += 1
    return candidate


def _png_of(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return buffer.data().data()


def _notice(tab: Tab, text: str) -> NoticeBar:
    return NoticeBar("camera", text, (), tab.context.face)

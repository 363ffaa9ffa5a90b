"""Printing by way of PDF: the engine's own path to a printer makes pictures of text."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

from PyQt6.QtCore import QStandardPaths
from PyQt6.QtWebEngineCore import QWebEngineFrame, QWebEnginePage
from PyQt6.QtWidgets import QFileDialog

from myco_browser.services.atomic_files import write_atomically
from myco_browser.ui.disk_words import unwritten
from myco_browser.ui.i18n import _
from myco_browser.ui.print_dialog import PrintDialog
from myco_browser.ui.print_watch import PrintWishes
from myco_browser.ui.printers import PrintJob, send
from myco_browser.ui.tab import Tab
from myco_browser.ui.window import BrowserWindow
from myco_browser.web.paper import Look, pdf_of_frame, pdf_of_page


def save_pdf(window: BrowserWindow) -> None:
    """Asks for a file and writes the page in front there as PDF."""
    page = window.current().front_page
    if page is None:
        return
    if path := _ask_for_file(window):
        pdf_of_page(page)(Look(grounds=True), lambda pdf: _write(window, path, pdf))


def print_page(window: BrowserWindow) -> None:
    """Shows how the page in front would be printed, and has that done."""
    page = window.current().front_page
    if page is not None and window.findChild(PrintDialog) is None:
        _open(window, page, None)


def print_for_page(tab: Tab, wishes: PrintWishes, frame: QWebEngineFrame | None) -> None:
    """A page, or a frame in it, asks to be printed; one at a time, and not against the user."""
    window, page = tab.window(), tab.page
    if not isinstance(window, BrowserWindow) or page is None or tab.reader is not None:
        return
    if wishes.is_silenced or window.findChild(PrintDialog) is not None:
        return
    tab.picked.emit()
    wishes.count += 1
    dialog = _open(window, page, frame)
    dialog.silence.setVisible(wishes.count > 1)
    wants_to_close: list[bool] = []

    def wish_to_close() -> None:
        wants_to_close.append(True)

    def finished(_result: int) -> None:
        wishes.is_silenced = dialog.silence.isChecked()
        if tab.page is page:
            page.windowCloseRequested.disconnect(wish_to_close)
            page.windowCloseRequested.connect(tab.closed)
        if wants_to_close:
            tab.closed.emit()

    # Tickets print themselves and close their window in one breath.
    page.windowCloseRequested.disconnect(tab.closed)
    page.windowCloseRequested.connect(wish_to_close)
    dialog.finished.connect(finished)


def _open(
    window: BrowserWindow, page: QWebEnginePage, frame: QWebEngineFrame | None
) -> PrintDialog:
    context = window.context
    # What is printed by a private window has no name in the computer's list of print jobs.
    title = _("Page") if context.private else window.current().title or _("Page")
    render = pdf_of_frame(frame) if frame is not None else pdf_of_page(page)
    dialog = PrintDialog(window, context.face, title, render, is_frame=frame is not None)
    dialog.print_wanted.connect(lambda job, pdf: _print(window, job, pdf))
    dialog.file_wanted.connect(lambda pdf: _save(window, pdf))
    dialog.finished.connect(dialog.deleteLater)
    page.loadStarted.connect(dialog.page_is_gone)
    page.renderProcessTerminated.connect(dialog.page_is_gone)
    page.destroyed.connect(dialog.page_is_gone)
    dialog.open()
    return dialog


def _print(window: BrowserWindow, job: PrintJob, pdf: bytes) -> None:
    def sent(cause: str) -> None:
        text = _("Sent to {printer}.")
        if cause:
            text = _("{printer} did not take the page: {error}")
        window.tell("print", text.format(printer=job.printer, error=cause))

    send(window, job, pdf, sent)


def _save(window: BrowserWindow, pdf: bytes) -> None:
    if path := _ask_for_file(window):
        _write(window, path, pdf)


def _ask_for_file(window: BrowserWindow) -> str:
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    name = re.sub(r"[^\w .,-]+", " ", window.current().title).strip()[:80] or _("Page")
    path, _kind = QFileDialog.getSaveFileName(
        window, _("Save as PDF"), str(Path(folder) / f"{name}.pdf"), _("PDF files (*.pdf)")
    )
    return path


def _write(window: BrowserWindow, path: str, pdf: bytes) -> None:
    if not pdf:
        text = _("The page could not be made into a PDF. Load it again, and try once more.")
        window.tell("warning", text)
        return
    try:
        if not Path(path).parent.is_dir():
            # Not made anew: what was there may be a disk that is gone for the moment.
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        write_atomically(Path(path), pdf)
    except OSError as error:
        text = _("{path} could not be written: {cause}")
        window.tell("warning", text.format(path=path, cause=unwritten(error, chosen=True)))
    else:
        window.tell("check", _("Saved as {path}").format(path=path))

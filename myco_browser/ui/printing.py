"""Printing by way of PDF: the engine's own path to a printer makes pictures of text."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from PyQt6.QtCore import QProcess, QStandardPaths
from PyQt6.QtWidgets import QFileDialog, QInputDialog

from myco_browser.ui.i18n import _
from myco_browser.ui.window import BrowserWindow

_PATIENCE_MS = 3000


def save_pdf(window: BrowserWindow) -> None:
    """Asks for a file and writes the page there as PDF."""
    tab, page = window.current(), window.current().front_page
    if page is None:
        return
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    name = re.sub(r"[^\w .,-]+", " ", tab.title).strip()[:80] or _("Page")
    path, _kind = QFileDialog.getSaveFileName(
        window, _("Save as PDF"), str(Path(folder) / f"{name}.pdf"), _("PDF files (*.pdf)")
    )
    if not path:
        return

    def written(_path: str, ok: bool) -> None:
        page.pdfPrintingFinished.disconnect(written)
        text = _("Saved as {path}") if ok else _("{path} could not be written.")
        window.tell("check" if ok else "warning", text.format(path=path))

    page.pdfPrintingFinished.connect(written)
    page.printToPdf(path)


def print_page(window: BrowserWindow) -> None:
    """Asks for a printer and sends the page there."""
    page = window.current().front_page
    if page is None:
        return
    printers = _printers()
    if not printers:
        window.tell("print", _("No printer was found. You can save the page as PDF instead."))
        return
    printer, ok = QInputDialog.getItem(window, _("Print"), _("Printer"), printers, 0, False)
    if not ok:
        return
    folder = tempfile.mkdtemp(prefix="myco-print-")
    path = str(Path(folder) / "page.pdf")

    def written(_path: str, done: bool) -> None:
        page.pdfPrintingFinished.disconnect(written)
        _send(window, printer, path, folder) if done else shutil.rmtree(folder, True)

    page.pdfPrintingFinished.connect(written)
    page.printToPdf(path)


def _send(window: BrowserWindow, printer: str, path: str, folder: str) -> None:
    process = QProcess(window)

    def finished(code: int, _status: object) -> None:
        shutil.rmtree(folder, True)
        text = _("Sent to {printer}.") if code == 0 else _("{printer} did not take the page.")
        window.tell("print", text.format(printer=printer))
        process.deleteLater()

    process.finished.connect(finished)
    process.start("lp", ["-d", printer, "--", path])


def _printers() -> list[str]:
    if shutil.which("lpstat") is None or shutil.which("lp") is None:
        return []
    process = QProcess()
    process.start("lpstat", ["-e"])
    process.waitForFinished(_PATIENCE_MS)
    text = process.readAllStandardOutput().data().decode("utf-8", "replace")
    return [line.strip() for line in text.splitlines() if line.strip()]

"""Makes paper of pages: a PDF as the engine lays it out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from PyQt6.QtCore import QByteArray, QMarginsF, QTimer
from PyQt6.QtGui import QPageLayout, QPageRanges, QPageSize
from PyQt6.QtWebEngineCore import QWebEngineFrame, QWebEnginePage, QWebEngineSettings

_SHEETS = re.compile(rb"/Type\s*/Pages\b[^>]{0,200}?/Count\s+(\d{1,6})\b")
_GROUNDS = QWebEngineSettings.WebAttribute.PrintElementBackgrounds


def layout_of(size: QPageSize, *, is_landscape: bool, margin_mm: float) -> QPageLayout:
    """A layout with the same margin at each edge."""
    way = QPageLayout.Orientation
    orientation = way.Landscape if is_landscape else way.Portrait
    margin = QMarginsF(margin_mm, margin_mm, margin_mm, margin_mm)
    return QPageLayout(size, orientation, margin, QPageLayout.Unit.Millimeter)


def _usual() -> QPageLayout:
    return layout_of(QPageSize(QPageSize.PageSizeId.A4), is_landscape=False, margin_mm=10.0)


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is to look on paper; `ranges` are the sheets wanted, empty for all."""

    layout: QPageLayout = field(default_factory=_usual)
    ranges: QPageRanges = field(default_factory=QPageRanges)
    grounds: bool = False
    """With the colours and pictures behind the text."""


Render = Callable[[Look, Callable[[bytes], None]], None]
"""Makes a PDF; the callable gets it, or b"" when there is nothing to print."""


def pdf_of_page(page: QWebEnginePage) -> Render:
    """Of a whole page."""

    def render(look: Look, done: Callable[[bytes], None]) -> None:
        settings = page.settings()
        if settings is None or settings.testAttribute(_GROUNDS) is look.grounds:
            page.printToPdf(lambda pdf: done(_bytes(pdf)), look.layout, look.ranges)
            return
        settings.setAttribute(_GROUNDS, look.grounds)
        # The engine takes its settings over in the next turn of the loop (measured with 6.11).
        turn = QTimer(page)
        turn.setSingleShot(True)
        turn.timeout.connect(turn.deleteLater)
        turn.timeout.connect(lambda: render(look, done))
        turn.start(0)

    return render


def pdf_of_frame(frame: QWebEngineFrame) -> Render:
    """Of one frame in a page, which the engine prints on A4 as it is."""

    def render(_look: Look, done: Callable[[bytes], None]) -> None:
        if frame.isValid():
            frame.printToPdf(lambda pdf: done(_bytes(pdf)))
        else:
            done(b"")

    return render


def sheets_in(pdf: bytes) -> int:
    """The number of sheets that a PDF of the engine's says it has (ISO 32000-2, 7.7.3), or 0.

    Its words are read as text and no more: a page that broke its process may have made it.
    """
    return max((int(found[1]) for found in _SHEETS.finditer(pdf)), default=0)


def _bytes(pdf: QByteArray | bytes | bytearray | memoryview) -> bytes:
    return pdf.data() if isinstance(pdf, QByteArray) else bytes(pdf)

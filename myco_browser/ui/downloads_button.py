"""The downloads in the toolbar: how far they are, and the panel with the newest of them."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QObject, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QToolButton

from myco_browser.domain.downloads import Download, Phase
from myco_browser.ui.download_list import DownloadList
from myco_browser.ui.download_row import DownloadRow
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon
from myco_browser.ui.panels import Panel, text_label
from myco_browser.ui.theme import Face
from myco_browser.ui.window import BrowserWindow

_NEWEST = 5
_BAR = 3.0


class DownloadsButton(QToolButton):
    """A thin bar below the arrow shows how far all of them together are."""

    def __init__(self, downloads: DownloadList, face: Face) -> None:
        super().__init__()
        self._downloads = downloads
        self._face = face
        self._has_news = self._is_left = False
        self._part = 0.0
        self._runs = False
        self.setIcon(icon("download", face.text, 18))
        self.setIconSize(QSize(18, 18))
        downloads.changed.connect(self._on_changed)
        downloads.listed.connect(self._on_changed)
        downloads.finished.connect(self._on_finished)
        self._on_changed()

    def seen(self) -> None:
        """The user has looked."""
        self._has_news = self._is_left = False
        self._show()

    def remind(self) -> None:
        """Something was left unfinished by an earlier session."""
        self._is_left = self._has_news = True
        self._show()

    def _on_finished(self) -> None:
        self._has_news = True
        self._show()

    def _on_changed(self) -> None:
        running = [d for d in self._downloads.all if d.phase in (Phase.RUNNING, Phase.PAUSED)]
        sizes = [(d.received, d.total) for d in running if d.total]
        total = sum(whole for _received, whole in sizes)
        self._part = sum(received for received, _whole in sizes) / total if total else 0.0
        self._runs = bool(running)
        self._show()

    def _show(self) -> None:
        colour = self._face.accent if self._has_news else self._face.text
        self.setIcon(icon("download", colour, 18))
        text = _("Downloads")
        if self._runs:
            text = _("Downloads: {percent} %").format(percent=round(self._part * 100))
        elif self._is_left:
            text = _("Downloads: something was left unfinished")
        elif self._has_news:
            text = _("Downloads: there is something new")
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        super().paintEvent(event)
        if not self._runs:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        width = self.width() - 12.0
        ground = QRectF(6.0, self.height() - _BAR - 2, width, _BAR)
        painter.setBrush(QColor(self._face.line))
        painter.drawRoundedRect(ground, _BAR / 2, _BAR / 2)
        ground.setWidth(max(_BAR, width * self._part))
        painter.setBrush(QColor(self._face.accent))
        painter.drawRoundedRect(ground, _BAR / 2, _BAR / 2)


def show_downloads_panel(
    window: BrowserWindow,
    downloads: DownloadList,
    button: DownloadsButton,
    show_all: Callable[[], None],
    check: Callable[[Download], None],
) -> Panel:
    """The newest downloads below the button."""
    panel = Panel(window, _("Downloads"), 460)
    panel.add_heading(_("Downloads"))
    rows: dict[int, DownloadRow] = {}
    for one in downloads.all[:_NEWEST]:
        rows[one.number] = DownloadRow(downloads, one.number, window.context, check)
        panel.column.addWidget(rows[one.number])
    if not rows:
        panel.column.addWidget(text_label(_("Nothing was downloaded yet."), "quiet"))

    def refresh(number: int) -> None:
        if (row := rows.get(number)) is not None:
            row.refresh()

    link = downloads.changed.connect(refresh)
    closing = downloads.listed.connect(panel.close)

    def forget() -> None:
        QObject.disconnect(link)
        QObject.disconnect(closing)

    panel.destroyed.connect(forget)
    foot = QHBoxLayout()
    foot.addStretch(1)
    every = QPushButton(_("Show all"))

    def open_all() -> None:
        panel.close()
        show_all()

    every.clicked.connect(open_all)
    foot.addWidget(every)
    panel.column.addLayout(foot)
    button.seen()
    panel.show_below(button)
    return panel

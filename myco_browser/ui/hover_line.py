"""The line at the foot of the page that tells where a link leads, or the zoom for a moment."""

from __future__ import annotations

from PyQt6.QtCore import Qt, QTimer, QUrl
from PyQt6.QtWidgets import QLabel, QWidget

from myco_browser.ui.i18n import _
from myco_browser.web.requests import encoded

_ZOOM_SHOWN_MS = 1500


class HoverLine(QLabel):
    """Lies over the lower left corner of its parent; hidden while there is nothing to tell."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("hoverlink")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.hide()

    def show_link(self, urlstr: str) -> None:
        """Tells where the link under the mouse leads; "" ends that."""
        self.setVisible(bool(urlstr))
        if urlstr:
            parent = self.parentWidget()
            width = max(200, (parent.width() if parent is not None else 0) * 2 // 3)
            middle = Qt.TextElideMode.ElideMiddle
            self._tell(self.fontMetrics().elidedText(encoded(QUrl(urlstr)), middle, width))

    def show_zoom(self, percent: int) -> None:
        """Tells the zoom of the page for a moment."""
        self._tell(_("Zoom: {percent} %").format(percent=percent))
        QTimer.singleShot(_ZOOM_SHOWN_MS, self.hide)

    def place(self) -> None:
        """Goes where it belongs in a parent of another size."""
        parent = self.parentWidget()
        if parent is not None:
            self.adjustSize()
            self.move(0, parent.height() - self.height())

    def _tell(self, text: str) -> None:
        self.setText(text)
        self.show()
        self.place()
        self.raise_()

"""The engine's developer tools, in a window of their own that ends with the page."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QCloseEvent
from PyQt6.QtWebEngineWidgets import QWebEngineView

from myco_browser.ui.i18n import _
from myco_browser.ui.tab import Tab


class _ToolsView(QWebEngineView):
    """Tells when its window closes, while its page is still there."""

    closed = pyqtSignal()

    def closeEvent(self, event: QCloseEvent | None) -> None:
        self.closed.emit()
        super().closeEvent(event)


def open_dev_tools(tab: Tab) -> None:
    """Opens the tools for a tab's page, or brings the open ones to the front."""
    page = tab.page
    if page is None:
        return
    if tab.tools is not None:
        tab.tools.show()
        tab.tools.raise_()
        tab.tools.activateWindow()
        return
    view = _ToolsView()
    view.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    view.setWindowTitle(_("Developer tools – {title}").format(title=tab.title))
    view.resize(960, 640)
    inspection = page.gate.inspection
    view.setPage(inspection.open_tools(view))

    def hand_back() -> None:
        view.hide()
        tab.tools = None
        inspection.close_tools()

    def end() -> None:
        # The page has gone, and the bridge to it.
        tab.tools = None
        view.closed.disconnect(hand_back)
        view.close()

    # Kept by the tab: with only its own connections to hold it, Python would collect it.
    tab.tools = view
    view.closed.connect(hand_back)
    page.destroyed.connect(end)
    view.show()

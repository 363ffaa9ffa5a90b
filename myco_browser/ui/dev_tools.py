"""The engine's developer tools, in a window of their own that ends with the page."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QCloseEvent
from PyQt6.QtWebEngineCore import QWebEnginePage
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
    existing = page.devToolsPage()
    if existing is not None and not page.gate.inspection.is_tool(existing):
        view = QWebEngineView.forPage(existing)
        if view is not None:
            view.show()
            view.raise_()
            view.activateWindow()
            return
    view = _ToolsView()
    view.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    view.setWindowTitle(_("Developer tools – {title}").format(title=tab.title))
    view.resize(960, 640)
    tools = QWebEnginePage(page.profile(), view)
    view.setPage(tools)
    # One inspector per page: until the tools are closed, only the page script is there.
    inspection = page.gate.inspection
    inspection.release()
    tools.setInspectedPage(page)

    def hand_back() -> None:
        view.hide()
        tab.tools = None
        tools.setInspectedPage(None)
        inspection.build()

    # Kept by the tab: with only its own connections to hold it, Python would collect it.
    tab.tools = view
    view.closed.connect(hand_back)
    page.destroyed.connect(view.close)
    view.show()

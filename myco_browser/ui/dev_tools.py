"""The engine's developer tools, in a window of their own that ends with the page."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWebEngineCore import QWebEnginePage
from PyQt6.QtWebEngineWidgets import QWebEngineView

from myco_browser.ui.i18n import _
from myco_browser.ui.tab import Tab


def open_dev_tools(tab: Tab) -> None:
    """Opens the tools for a tab's page, or brings the open ones to the front."""
    page = tab.page
    if page is None:
        return
    existing = page.devToolsPage()
    if existing is not None:
        view = QWebEngineView.forPage(existing)
        if view is not None:
            view.show()
            view.raise_()
            view.activateWindow()
            return
    view = QWebEngineView()
    view.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    view.setWindowTitle(_("Developer tools – {title}").format(title=tab.title))
    view.resize(960, 640)
    tools = QWebEnginePage(page.profile(), view)
    view.setPage(tools)
    tools.setInspectedPage(page)
    page.destroyed.connect(view.close)
    view.show()

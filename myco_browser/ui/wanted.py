"""What few starts need, loaded when it is wanted: the first page waits for every module."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtCore import QMimeData, QPointF
    from PyQt6.QtGui import QAction

    from myco_browser.ui.tab import Tab
    from myco_browser.ui.window import BrowserWindow
    from myco_browser.ui.windows import WindowManager


def site_panel(window: BrowserWindow) -> None:
    """Shows what is known of the page's site."""
    from myco_browser.ui.panels import show_site_panel

    show_site_panel(window)


def shield_panel(window: BrowserWindow, block_element: QAction, request_log: QAction) -> None:
    """Shows what was blocked on the page."""
    from myco_browser.ui.shield_panel import show_shield_panel

    show_shield_panel(window, block_element, request_log)


def level_panel(window: BrowserWindow) -> None:
    """Shows the three levels."""
    from myco_browser.ui.level_panel import show_level_panel

    show_level_panel(window)


def tunnel_panel(window: BrowserWindow) -> None:
    """Shows the VPN."""
    from myco_browser.ui.tunnel_panel import show_tunnel_panel

    show_tunnel_panel(window)


def tunnel_import(window: BrowserWindow, found: QMimeData) -> None:
    """Imports exits that were dropped on the window."""
    from myco_browser.ui.tunnel_import import import_dropped

    import_dropped(window, found)


def password_panel(window: BrowserWindow, show_all: Callable[[], None]) -> None:
    """Shows the passwords of the page's site."""
    from myco_browser.ui.password_panel import show_password_panel

    show_password_panel(window, show_all)


def bookmark_panel(window: BrowserWindow) -> None:
    """Bookmarks the page, and shows the bookmark."""
    from myco_browser.ui.bookmark_panel import bookmark_page

    bookmark_page(window)


def fare_window(window: BrowserWindow) -> None:
    """Compares what the page costs for several identities."""
    from myco_browser.ui.fare_window import compare_prices

    compare_prices(window)


def printing(window: BrowserWindow) -> None:
    """Prints the page."""
    from myco_browser.ui.printing import print_page

    print_page(window)


def pdf(window: BrowserWindow) -> None:
    """Saves the page as a PDF."""
    from myco_browser.ui.printing import save_pdf

    save_pdf(window)


def picture(window: BrowserWindow) -> None:
    """Takes a picture of the page."""
    from myco_browser.ui.screenshot import choose_picture

    choose_picture(window)


def reader(tab: Tab) -> None:
    """Shows the page's article alone, or the page again."""
    from myco_browser.ui.reader import toggle_reader

    toggle_reader(tab)


def reading_list_entry(window: BrowserWindow) -> None:
    """Keeps the page for later."""
    from myco_browser.ui.reading_list_window import keep_for_later

    tab = window.current()
    keep_for_later(window, tab.urlstr, tab.title)


def dev_tools(tab: Tab) -> None:
    """Opens the developer tools."""
    from myco_browser.ui.dev_tools import open_dev_tools

    open_dev_tools(tab)


def element_picker(tab: Tab, manager: WindowManager, at: QPointF | None) -> None:
    """Starts picking what shall be hidden; `at` is where on the page the user pointed already."""
    from myco_browser.ui.picker import start_picker

    start_picker(tab, manager.open_pages, at)


def fresh_identity(window: BrowserWindow, manager: WindowManager) -> None:
    """Begins the private session anew."""
    from myco_browser.ui.new_identity import new_identity

    new_identity(window, manager)

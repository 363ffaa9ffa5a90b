"""What a window asks of the session that owns it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from myco_browser.services.completion import OpenTab
    from myco_browser.ui.tab import Tab
    from myco_browser.ui.window import BrowserWindow


class Windows(Protocol):
    """The windows of the session."""

    def remember_closed_tab(self, window: BrowserWindow, tab: Tab, position: int) -> None: ...

    def window_closing(self, window: BrowserWindow) -> None: ...

    def open_window(self) -> BrowserWindow: ...

    def state_changed(self) -> None: ...

    def all_tabs(self) -> list[OpenTab]: ...

    def show_tab(self, number: int) -> None: ...

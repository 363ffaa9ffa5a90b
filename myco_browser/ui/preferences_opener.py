"""Opens the window of settings, of which a session has one at most."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from myco_browser.ui.context import Context
from myco_browser.ui.windows import WindowManager

if TYPE_CHECKING:
    from myco_browser.ui.preferences import PreferencesWindow


class PreferencesOpener:
    """Owns the window of settings while it is open."""

    def __init__(self, context: Callable[[], Context], manager: WindowManager) -> None:
        self._context = context
        self._manager = manager
        self._window: PreferencesWindow | None = None

    def open(self) -> None:
        """Shows the settings; a window of them that was open is replaced."""
        # Imported when wanted: it knows what reads lists, which a start does not need.
        from myco_browser.ui.preferences import PreferencesWindow

        if self._window is not None:
            self._window.close()
        # No child of a browser window: those are made anew when the colours change.
        self._window = window = PreferencesWindow(self._context(), None)
        if (below := self._manager.active_window()) is not None:
            at = below.geometry().center() - window.rect().center()
            window.move(max(0, at.x()), max(0, at.y()))
        window.destroyed.connect(lambda: self._forget(window))
        window.link_wanted.connect(lambda url: self._manager.open_urls([url], new_window=False))
        window.show()

    def _forget(self, window: PreferencesWindow) -> None:
        # One that was replaced ends only after the other was made.
        if self._window is window:
            self._window = None

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
        self._window = window = PreferencesWindow(self._context(), self._manager.active_window())
        window.destroyed.connect(self._forget)
        window.link_wanted.connect(lambda url: self._manager.open_urls([url], new_window=False))
        window.show()

    def _forget(self) -> None:
        self._window = None

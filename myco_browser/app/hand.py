"""A hand in a session of the self-test: it does what a page cannot.

It reads one word in the title of the page in front: `myco-arm` asks to be loaded again when the
inspection bridge stands, `myco-press N` for a click into the middle.
"""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtWidgets import QApplication

from myco_browser.ui.tab import Tab
from myco_browser.ui.windows import WindowManager

_LOOK_MS = 50
# The bridge that is never there is a finding, and no reason to wait for ever.
_PATIENCE = 120
ARM, PRESS = "myco-arm", "myco-press"


class Hand(QObject):
    """Does what titles ask for, each once."""

    def __init__(self, windows: WindowManager) -> None:
        super().__init__()
        self._windows = windows
        self._done: set[str] = set()
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(_LOOK_MS)

    def _look(self) -> None:
        window = self._windows.active_window()
        tab = window.current() if window is not None and len(window.tabs) else None
        if tab is None or tab.page is None or tab.title in self._done:
            return
        if tab.title == ARM:
            self._looks += 1
            if tab.page.gate.inspection.is_armed or self._looks > _PATIENCE:
                self._done.add(tab.title)
                tab.reload()
        elif tab.title.startswith(PRESS):
            self._done.add(tab.title)
            _press(tab)


def _press(tab: Tab) -> None:
    """A click that the engine takes for the user's."""
    view = tab.view
    target = None if view is None else view.focusProxy() or view
    if target is None:
        return
    place = QPointF(target.rect().center())
    left, no_button = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    steps = ((QEvent.Type.MouseButtonPress, left), (QEvent.Type.MouseButtonRelease, no_button))
    for kind, held in steps:
        event = QMouseEvent(
            kind, place, QPointF(target.mapToGlobal(place.toPoint())), left, held,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(target, event)

"""The tabs of a window: order, pinned ones first, the strip that shows them, the one in front."""

from __future__ import annotations

from collections.abc import Iterator

from PyQt6.QtCore import QMetaObject, QObject, QTimer, pyqtSignal
from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import QStackedWidget

from myco_browser.ui.i18n import _
from myco_browser.ui.tab import Tab
from myco_browser.ui.tab_strip import Look, TabStrip

_SPIN_MS = 90


class TabList(QObject):
    """Keeps strip and stack in step. Indexes are positions in the strip."""

    current_changed = pyqtSignal()
    emptied = pyqtSignal()

    def __init__(self, strip: TabStrip, stack: QStackedWidget, default_icon: QIcon) -> None:
        super().__init__(strip)
        self._strip = strip
        self._stack = stack
        self._default_icon = default_icon
        self.is_held = False
        """While many are added: the strip is laid out once, by `relayout`."""
        self._tabs: list[Tab] = []
        self._links: dict[Tab, QMetaObject.Connection] = {}
        self._spinner = QTimer(self)
        self._spinner.setInterval(_SPIN_MS)
        self._spinner.timeout.connect(self._spin)
        strip.picture_of = lambda index: self._picture(self._tabs[index])
        strip.currentChanged.connect(self._on_current)
        strip.tabMoved.connect(self._on_moved)

    def __len__(self) -> int:
        return len(self._tabs)

    def __iter__(self) -> Iterator[Tab]:
        return iter(tuple(self._tabs))

    def __getitem__(self, index: int) -> Tab:
        return self._tabs[index]

    @property
    def current(self) -> Tab | None:
        """The tab in front."""
        index = self._strip.currentIndex()
        return self._tabs[index] if 0 <= index < len(self._tabs) else None

    @property
    def current_index(self) -> int:
        """The position of the tab in front, -1 when there is none."""
        return self._strip.currentIndex()

    def index_of(self, tab: Tab) -> int:
        """The position of a tab, -1 when it is not here."""
        return self._tabs.index(tab) if tab in self._tabs else -1

    def insert(self, tab: Tab, position: int | None = None, *, show: bool) -> int:
        """Adds a tab; pinned ones stay before the others. Returns where it came to stand."""
        pinned = self._pinned()
        at = len(self._tabs) if position is None else position
        at = min(at, pinned) if tab.pinned else max(at, pinned)
        at = max(0, min(at, len(self._tabs)))
        self._tabs.insert(at, tab)
        self._stack.addWidget(tab)
        self._links[tab] = tab.changed.connect(lambda: self.refresh(tab))
        blocked = self._strip.blockSignals(True)
        self._strip.insertTab(at, "")
        self._strip.blockSignals(blocked)
        self._show(at, tab)
        if not self.is_held:
            self._strip.relayout()
        if show or len(self._tabs) == 1:
            self.show(at)
        return at

    def take(self, tab: Tab) -> int:
        """Removes a tab without ending it; returns where it stood."""
        at = self.index_of(tab)
        if at < 0:
            return -1
        QObject.disconnect(self._links.pop(tab))
        self._tabs.pop(at)
        self._stack.removeWidget(tab)
        blocked = self._strip.blockSignals(True)
        self._strip.removeTab(at)
        self._strip.blockSignals(blocked)
        if not self._tabs:
            self.emptied.emit()
            return at
        self._strip.relayout()
        self._on_current(self._strip.currentIndex())
        return at

    def take_all(self) -> list[Tab]:
        """Removes every tab without ending it, nor waking one; the strip is not used again."""
        self._stack.hide()
        self._strip.hide()
        self._strip.blockSignals(True)
        given, self._tabs = self._tabs, []
        for tab in given:
            QObject.disconnect(self._links.pop(tab))
            self._stack.removeWidget(tab)
        return given

    def show(self, index: int) -> None:
        """Brings a tab to the front."""
        if not 0 <= index < len(self._tabs):
            return
        if self._strip.currentIndex() == index:
            self._on_current(index)
        else:
            self._strip.setCurrentIndex(index)

    def step(self, offset: int) -> None:
        """The next tab or the one before, round the ends."""
        if self._tabs:
            self.show((self._strip.currentIndex() + offset) % len(self._tabs))

    def move(self, tab: Tab, offset: int) -> None:
        """Moves a tab by one place within its kind."""
        at = self.index_of(tab)
        to = at + offset
        if 0 <= to < len(self._tabs) and self._tabs[to].pinned == tab.pinned:
            self._strip.moveTab(at, to)

    def set_pinned(self, tab: Tab, pinned: bool) -> None:
        """Pins a tab behind the other pinned ones, or unpins it before the rest."""
        at = self.index_of(tab)
        tab.pinned = pinned
        boundary = sum(1 for other in self._tabs if other.pinned and other is not tab)
        self._strip.moveTab(at, boundary)
        self.refresh(tab)
        self._strip.relayout()

    def refresh(self, tab: Tab) -> None:
        """Shows a tab's title, picture and signs anew."""
        index = self.index_of(tab)
        if index >= 0:
            self._show(index, tab)

    def relayout(self) -> None:
        """Lays the strip out after many tabs were added."""
        self.is_held = False
        self._strip.relayout()

    def _show(self, index: int, tab: Tab) -> None:
        title = tab.title or _("New tab")
        self._strip.show_tab(index, Look(title, tab.pinned, tab.loading, tab.sound))
        if tab.loading and not self._spinner.isActive():
            self._spinner.start()

    def _picture(self, tab: Tab) -> QIcon:
        return self._default_icon if tab.icon.isNull() else tab.icon

    def _pinned(self) -> int:
        """How many are pinned: they stand before all others."""
        return next((at for at, tab in enumerate(self._tabs) if not tab.pinned), len(self._tabs))

    def _on_current(self, index: int) -> None:
        if 0 <= index < len(self._tabs):
            self._stack.setCurrentWidget(self._tabs[index])
            self.current_changed.emit()

    def _on_moved(self, source: int, target: int) -> None:
        self._tabs.insert(target, self._tabs.pop(source))
        pinned = sum(1 for tab in self._tabs if tab.pinned)
        moved = self._tabs[target]
        # A drag may not mix the two kinds: put the tab back to the boundary.
        wanted = min(target, pinned - 1) if moved.pinned else max(target, pinned)
        if wanted != target:
            self._strip.moveTab(target, wanted)
            return
        self.current_changed.emit()

    def _spin(self) -> None:
        if not self._strip.spin():
            self._spinner.stop()

"""Keeps a page from the web until every realm of it has the session's identity."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtWebEngineCore import QWebEnginePage

from myco_browser.domain.agents import Agent
from myco_browser.web.inspection import Inspections


class PageGate:
    """The gate of one page.

    It opens when the inspection bridge stands; what the page is to load before waits, the last wish
    counts. Pages of open sites need no bridge and have none.
    """

    def __init__(self, page: QWebEnginePage, inspections: Inspections) -> None:
        self._is_strict = inspections.strict
        self._goes_without = self._needs_none = self.is_open = False
        self._begins_late = inspections.next_begins_late()
        self._held: Callable[[], None] | None = None
        self.inspection = inspections.bridge(page)
        self.inspection.armed.connect(self._open)
        self.inspection.failed.connect(self._go_without)
        page.loadFinished.connect(self._on_loaded)
        if not self._begins_late:
            # Within the engine's own making of a window it is too early.
            self.inspection.build_in(0)

    @property
    def is_holding(self) -> bool:
        """Whether something waits to be loaded."""
        return self._held is not None

    def hold(self, act: Callable[[], None]) -> None:
        """Does `act` when the gate is open; what waited before is forgotten."""
        self._held = None if self.is_open else act
        if self.is_open:
            act()
        else:
            self.inspection.build_in(0)

    def begin(self) -> None:
        """Builds the bridge that something waits for; not within a question of the engine."""
        if self.is_holding:
            self.inspection.build()

    def stop(self) -> None:
        """What waits is not wanted any more."""
        self._held = None

    def follow(self, is_open_site: bool, agent: Agent | None) -> None:
        """The page goes to another address.

        On an open site nothing is to be answered for it, unless another browser is told there: only
        the bridge does that in every realm.
        """
        inspection = self.inspection
        inspection.tell(agent)
        self._needs_none = is_open_site and agent is None
        if self._needs_none:
            inspection.release()
            self._held = None
            self.is_open = True
        elif agent is not None or not (self._goes_without or self._begins_late):
            inspection.build_in(0)
            self.is_open = inspection.is_armed

    def rest(self) -> None:
        """The page is put to sleep: the engine keeps pages awake that are inspected."""
        self.inspection.release()
        self.is_open = self._goes_without = False

    def _on_loaded(self) -> None:
        if self._goes_without or self._begins_late:
            self._goes_without = self._begins_late = False
            if not self._needs_none:
                self.is_open = self.inspection.is_armed
                self.inspection.build_in(0)

    def _go_without(self) -> None:
        # The everyday session stays of use: this page goes on with what the page script answers.
        if not self._is_strict:
            self._goes_without = True
            self._open()

    def _open(self) -> None:
        self.is_open = True
        act, self._held = self._held, None
        if act is not None:
            act()

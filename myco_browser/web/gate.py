"""Keeps a page of a private session from the web until every realm of it has the identity."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtWebEngineCore import QWebEnginePage

from myco_browser.domain.agents import Agent
from myco_browser.web.inspection import Inspections

# Beside the first page of the everyday session, the bridge would take its time from it.
_BESIDE_MS = 400


class PageGate:
    """The gate of one page.

    In a private session it opens when the inspection bridge stands; what the page is to load before
    waits, the last wish counts. In the everyday session it is open at once and the bridge is built
    beside, while the page is shown: without it, the page script alone gives the identity. There too
    a page waits whose site is told another browser, and the next one until that is over.
    """

    def __init__(self, page: QWebEnginePage, inspections: Inspections) -> None:
        self._first = inspections.first
        self._agent: Agent | None = None
        self.is_open = not inspections.first
        self._is_open_site = False
        self._held: Callable[[], None] | None = None
        self.inspection = inspections.bridge(page)
        self.inspection.armed.connect(self._open)
        if inspections.first:
            # Within the engine's own making of a window it is too early.
            self.inspection.build_in(0)
        else:
            page.loadFinished.connect(lambda: self._build_beside(page))
            page.visibleChanged.connect(lambda _on: self._build_beside(page))
            # What it is told then is in its headers at least.
            self.inspection.failed.connect(self._open)

    @property
    def is_beside(self) -> bool:
        """Whether the page is loaded without its bridge."""
        return not self._first and self._agent is None

    def hold(self, act: Callable[[], None]) -> None:
        """Does `act` when the gate is open; what waited before is forgotten."""
        if self.is_open:
            act()
        else:
            self._held = act

    def follow(self, is_open_site: bool, agent: Agent | None) -> None:
        """The page goes to another address.

        On an open site nothing is to be answered for it; where another browser is told, only the
        bridge reaches every realm, and the page waits for it.
        """
        self._is_open_site = is_open_site
        self._agent = agent
        self.inspection.tell(agent)
        if is_open_site and self.is_beside:
            self.inspection.release()
        inspection = self.inspection
        if self._first:
            self.is_open = self.is_open and not inspection.is_changing
        elif agent is None:
            self.is_open = not inspection.is_changing
        else:
            self.is_open = inspection.is_armed
            inspection.build_in(0)

    def rest(self) -> None:
        """The page is put to sleep: the engine keeps pages awake that are inspected."""
        self.inspection.release()

    def _build_beside(self, page: QWebEnginePage) -> None:
        # A bridge weighs almost as much as a small page: only the page in front has one.
        if not self.is_beside:
            return
        if not page.isVisible() or self._is_open_site:
            self.inspection.release()
        elif page.url().scheme() in ("http", "https"):
            self.inspection.build_in(_BESIDE_MS)

    def _open(self) -> None:
        self.is_open = True
        act, self._held = self._held, None
        if act is not None:
            act()

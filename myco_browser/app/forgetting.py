"""Forgets a site when its last tab is closed, unless the user keeps it; and whoever was passed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PyQt6.QtCore import QObject, QTimer

from myco_browser.domain.session_state import SessionState
from myco_browser.domain.settings import FORGET_CLOSED
from myco_browser.domain.urls import site_key
from myco_browser.services.settings_store import SettingsStore
from myco_browser.services.site_store import SiteStore
from myco_browser.services.visited_origins import VisitedOrigins
from myco_browser.ui.context import Context
from myco_browser.ui.windows import WindowManager
from myco_browser.web.forgetter import Forgetter
from myco_browser.web.interceptor import Interceptor

# Time to bring a tab back that was closed by mistake.
_GRACE_MS = 4000


def forgetting_of(
    profile: Path | None,
    context: Context,
    manager: WindowManager,
    interceptor: Interceptor,
    parent: QObject,
) -> Forgetting:
    """Joins it to a session; a private one forgets everything anyway, when it ends."""
    origins = VisitedOrigins(profile / "visited-origins.json" if profile else None)
    forgetter = Forgetter(context.profile, context.inspections)
    made = Forgetting(origins, forgetter, context.sites, context.settings, parent)
    if profile is not None:
        manager.state_ready.connect(made.on_state)
        interceptor.on_page = made.on_page
    return made


class Forgetting(QObject):
    """Watches the open tabs of the everyday session."""

    def __init__(
        self,
        origins: VisitedOrigins,
        forgetter: Forgetter,
        sites: SiteStore,
        settings: SettingsStore,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._origins = origins
        self._forgetter = forgetter
        self._sites = sites
        self._settings = settings
        self._open: frozenset[str | None] = frozenset()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_GRACE_MS)
        self._timer.timeout.connect(self.forget_due)

    def on_page(self, urlstr: str) -> None:
        """A page was asked for, be it only on the way to another."""
        self._origins.note(urlstr)

    def on_state(self, state: SessionState) -> None:
        """Tabs opened, moved or closed."""
        urls = [tab.url for window in state.windows for tab in window.tabs]
        self._open = frozenset(map(site_key, urls))
        if self._due() and not self._timer.isActive():
            self._timer.start()
        self._origins.save()

    def forget_due(self) -> None:
        """Forgets now what is due."""
        for site, origins in self._due().items():
            self._forgetter.forget(origins, self._forgotten(site))

    def forget_site(self, site: str, origins: Iterable[str] = ()) -> None:
        """Forgets a site at once; `origins` are some of its own that are known otherwise."""
        known = self._origins.sites.get(site, ())
        self._forgetter.forget({*known, *origins}, self._forgotten(site))

    def forget_all(self) -> None:
        """Forgets what every site stored, kept or not."""
        for site in self._origins.sites:
            self.forget_site(site)

    def end(self) -> None:
        """The session ends: what is due later waits in the file."""
        self._origins.save()
        self._forgetter.end()

    def _due(self) -> dict[str, tuple[str, ...]]:
        return dict(self._origins.due(self._open, self._is_kept))

    def _forgotten(self, site: str) -> Callable[[], None]:
        def done() -> None:
            self._origins.forgotten((site,))
            self._origins.save()

        return done

    def _is_kept(self, site: str) -> bool:
        keep = self._sites.get(site).keep
        return keep if keep is not None else not self._settings.settings[FORGET_CLOSED]

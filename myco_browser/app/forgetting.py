"""Forgets a site when its last tab is closed, unless the user keeps it; and whoever was passed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from PyQt6.QtCore import QObject, QTimer

from myco_browser.domain.session_state import SessionState
from myco_browser.domain.settings import FORGET_CLOSED, RESTORE_TABS
from myco_browser.domain.urls import site_key
from myco_browser.services.settings_store import SettingsStore
from myco_browser.services.site_store import SiteStore
from myco_browser.services.visited_origins import VisitedOrigins
from myco_browser.ui.context import Beside, Context
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
    files = CachedFiles(Path(context.profile.cachePath()) if profile else None, context.beside)
    made = Forgetting(origins, forgetter, files, context.sites, context.settings, parent)
    if profile is not None:
        manager.state_ready.connect(made.on_state)
        interceptor.on_page = made.on_page
    return made


class CachedFiles:
    """Deletes what the engine cached of sites, beside the Qt thread; one search at a time."""

    def __init__(self, folder: Path | None, beside: Beside) -> None:
        self._folder = folder
        self._beside = beside
        self._waiting: dict[str, Callable[[], None]] = {}
        self._at_work = False

    def forget(self, site: str, then: Callable[[], None]) -> None:
        """Calls `then` when no file of `site` is left; never, if one could not be deleted."""
        self._waiting[site] = then
        if not self._at_work:
            self._begin()

    def forget_now(self, sites: Collection[str]) -> bool:
        """Deletes the files of `sites` before it returns; whether none is left."""
        # Loaded when it is wanted, and not at the start.
        from myco_browser.services.cached_files import purge

        if self._folder is None or not sites:
            return True
        return purge(self._folder, sites).left == 0

    def _begin(self) -> None:
        work, self._waiting = self._waiting, {}
        self._at_work = True

        def done(is_clean: bool) -> None:
            self._at_work = False
            if is_clean:
                for then in work.values():
                    then()
            if self._waiting:
                self._begin()

        self._beside.compute(lambda: self.forget_now(tuple(work)), done)


class Forgetting(QObject):
    """Watches the open tabs of the everyday session."""

    def __init__(
        self,
        origins: VisitedOrigins,
        forgetter: Forgetter,
        files: CachedFiles,
        sites: SiteStore,
        settings: SettingsStore,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._origins = origins
        self._forgetter = forgetter
        self._files = files
        self._sites = sites
        self._settings = settings
        self._keys: dict[str, str | None] = {}
        self._open: frozenset[str | None] = frozenset()
        # What is open elsewhere may have brought files of them back.
        self._gone: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_GRACE_MS)
        self._timer.timeout.connect(self.forget_due)

    def on_page(self, urlstr: str) -> None:
        """A page was asked for, be it only on the way to another."""
        self._origins.note(urlstr)

    def on_state(self, state: SessionState) -> None:
        """Tabs opened, moved or closed."""
        urls = {tab.url for window in state.windows for tab in window.tabs}
        # With many tabs asleep, taking their addresses apart at each change would be felt.
        self._keys = {url: self._keys.get(url) or site_key(url) for url in urls}
        self._open = frozenset(self._keys.values())
        if self._due() and not self._timer.isActive():
            self._timer.start()
        self._origins.save()

    def forget_due(self) -> None:
        """Forgets now what is due."""
        for site, origins in self._due().items():
            self._forgetter.forget(origins, self._delete_files(site))

    def forget_site(self, site: str, origins: Iterable[str] = ()) -> None:
        """Forgets a site at once; `origins` are some of its own that are known otherwise."""
        known = self._origins.sites.get(site, ())
        self._forgetter.forget({*known, *origins}, self._delete_files(site))

    def forget_all(self) -> None:
        """Forgets what every site stored, kept or not."""
        for site in self._origins.sites:
            self.forget_site(site)

    def end(self) -> None:
        """The last window closes: what is due later waits in the file."""
        self._origins.save()
        self._forgetter.end()

    def delete_last_files(self) -> None:
        """The engine asks for nothing any more: no cached file may name a site that is forgotten,
        or will be when its storage can be reached at the next start."""
        comes_back = self._open if self._settings.settings[RESTORE_TABS] else frozenset()
        due = self._origins.due(comes_back, self._is_kept)
        gone = {site for site in self._gone - comes_back if not self._is_kept(site)}
        self._files.forget_now(gone.union(due))

    def _due(self) -> dict[str, tuple[str, ...]]:
        return dict(self._origins.due(self._open, self._is_kept))

    def _delete_files(self, site: str) -> Callable[[], None]:
        self._origins.leave(site)

        def forgotten() -> None:
            self._gone.add(site)
            self._origins.forgotten(site)
            self._origins.save()

        return lambda: self._files.forget(site, forgotten)

    def _is_kept(self, site: str) -> bool:
        keep = self._sites.get(site).keep
        return keep if keep is not None else not self._settings.settings[FORGET_CLOSED]

"""The file of per-site decisions of one profile."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from myco_browser.domain.controls import Cause, Problem
from myco_browser.domain.settings_file import MAX_FILE
from myco_browser.domain.site_settings import (
    NOTHING_DECIDED,
    Level,
    Sites,
    SiteSettings,
    read_sites,
    write_sites,
)
from myco_browser.services.atomic_files import remove_leftovers, write_atomically

SiteObserver = Callable[[str, SiteSettings], None]
"""Called with the key of a site and its new settings."""


class SiteStore:
    """Holds the decisions for all sites. Used by one thread.

    With `path` None (a private session) nothing is read or written. `sites` is an immutable
    snapshot, replaced at each change, so other threads may hold on to it.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._observers: list[SiteObserver] = []
        self.sites: Sites = MappingProxyType({})
        self.problems: tuple[Problem, ...] = ()
        if path is not None:
            self._load(path)

    def get(self, key: str | None) -> SiteSettings:
        """The decisions for a site; those of a page without a site are empty."""
        return NOTHING_DECIDED if key is None else self.sites.get(key, NOTHING_DECIDED)

    def put(self, key: str, site: SiteSettings) -> None:
        """Replace the decisions for a site, save, tell the observers; raises OSError."""
        if self.get(key) == site:
            return
        rows = {name: value for name, value in self.sites.items() if name != key}
        if site != NOTHING_DECIDED:
            rows[key] = site
        self._replace(MappingProxyType(rows))
        for observer in tuple(self._observers):
            observer(key, site)

    def remember(self, key: str, level: Level, local_network: bool, opened: bool) -> None:
        """What is blocked on a site, where it may reach, whether it is open; raises OSError."""
        before = self.get(key)
        self.put(key, replace(before, level=level, local_network=local_network, opened=opened))

    def forget(self, key: str) -> None:
        """Drop every decision for a site; raises OSError."""
        self.put(key, NOTHING_DECIDED)

    def observe(self, observer: SiteObserver) -> Callable[[], None]:
        """Call `observer` on each change; the returned function ends that."""
        self._observers.append(observer)

        def stop() -> None:
            with contextlib.suppress(ValueError):
                self._observers.remove(observer)

        return stop

    def _replace(self, sites: Sites) -> None:
        if self._path is not None:
            if self.problems:
                with contextlib.suppress(OSError):
                    broken = self._path.with_name(f"{self._path.name}.broken")
                    write_atomically(broken, self._path.read_bytes())
                self.problems = ()
            write_atomically(self._path, write_sites(sites))
        self.sites = sites

    def _load(self, path: Path) -> None:
        remove_leftovers(path)
        try:
            with path.open("rb") as file:
                content = file.read(MAX_FILE + 1)
        except FileNotFoundError:
            return
        except OSError:
            self.problems = (Problem(str(path), None, Cause.UNREADABLE),)
            return
        self.sites, self.problems = read_sites(content, str(path))

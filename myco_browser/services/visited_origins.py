"""Which origins of which site may have stored something: what is to be forgotten, and when.

Kept in a file of the everyday profile, so that a crash does not make sites remembered for ever.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from myco_browser.domain.urls import origin, site_key
from myco_browser.services.atomic_files import remove_leftovers, write_atomically

MAX_FILE = 4 * 1024 * 1024
MAX_SITES = 20_000
_log = logging.getLogger(__name__)

Origins = Mapping[str, tuple[str, ...]]
"""By site (see `urls.site_key`), the origins of its pages that were opened."""


class VisitedOrigins:
    """The origins that pages came from since their site was last forgotten. Used by one thread."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._sites: dict[str, set[str]] = {}
        self._leaving: set[str] = set()
        self._changed = False
        if path is not None:
            remove_leftovers(path)
            self._sites = _load(path)

    def note(self, urlstr: str) -> None:
        """A page of this address was opened, or passed through."""
        site, found = site_key(urlstr), origin(urlstr)
        if site is None or found is None or len(self._sites) >= MAX_SITES:
            return
        self._leaving.discard(site)
        known = self._sites.setdefault(site, set())
        self._changed |= found not in known
        known.add(found)

    @property
    def sites(self) -> Origins:
        """Every site that may have stored something."""
        return {site: tuple(sorted(origins)) for site, origins in self._sites.items()}

    def due(self, open_sites: Iterable[str | None], is_kept: Callable[[str], bool]) -> Origins:
        """The sites without an open tab that are not kept."""
        still = frozenset(open_sites)
        return {
            site: origins
            for site, origins in self.sites.items()
            if site not in still and not is_kept(site)
        }

    def leave(self, site: str) -> None:
        """What this site stored is about to be deleted."""
        self._leaving.add(site)

    def forgotten(self, site: str) -> None:
        """What this site stored is gone, unless it was opened again since it was left."""
        if site in self._leaving:
            self._leaving.remove(site)
            self._changed |= self._sites.pop(site, None) is not None

    def save(self) -> None:
        """Writes the file when something changed; an error is logged, the next save tries again."""
        if self._path is None or not self._changed:
            return
        rows = {site: sorted(origins) for site, origins in sorted(self._sites.items())}
        try:
            write_atomically(self._path, json.dumps(rows, indent=1).encode())
            self._changed = False
        except OSError as error:
            _log.warning("the origins of open sites could not be saved: %s", error)


def _load(path: Path) -> dict[str, set[str]]:
    try:
        with path.open("rb") as file:
            raw = json.loads(file.read(MAX_FILE))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError):
        _log.warning("%s could not be read: sites opened before are not forgotten", path)
        return {}
    if not isinstance(raw, dict):
        return {}
    return {
        str(site): {one for one in origins if isinstance(one, str) and origin(one) == one}
        for site, origins in list(raw.items())[:MAX_SITES]
        if isinstance(origins, list)
    }

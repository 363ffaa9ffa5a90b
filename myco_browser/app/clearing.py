"""Forgets what a session kept, in every place at once, when the user says so."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from functools import partial

from myco_browser.app.forgetting import Forgetting
from myco_browser.app.visits import Records
from myco_browser.services.site_store import SiteStore
from myco_browser.ui.context import Forgotten
from myco_browser.web.clearing import EngineClearing

_END_OF_TIME = 2**62


class Clearing:
    """The places of one session; a private one has no records. `join` completes it."""

    def __init__(self, engine: EngineClearing, sites: SiteStore, records: Records) -> None:
        self._engine = engine
        self._sites = sites
        self._records = records
        self._stored: Forgetting | None = None
        self._load_again: Callable[[], None] = lambda: None

    def join(self, stored: Forgetting, load_again: Callable[[], None]) -> None:
        """Takes what exists only when the session is whole: what forgets the storage of sites,
        and what loads anew what was loading."""
        self._stored = stored
        self._load_again = load_again

    def forget_site(self, site: str) -> str:
        """History, picture, cookies, storage and choices of a site, and all files kept to load
        faster; the first cause why something of it stayed, else "".

        `site` is a key of `urls.site_key`.
        """
        history, pictures = self._records.history, self._records.pictures
        if self._stored is not None:
            known = history.origins(site) if history is not None else ()
            self._stored.forget_site(site, known)
        self._engine.forget_cache(self._load_again)
        steps: list[Callable[[], object]] = [lambda: self._sites.forget(site)]
        if history is not None:
            steps.append(lambda: history.delete_site(site))
        if pictures is not None:
            steps.append(lambda: pictures.delete_site(site))
        if (downloads := self._records.downloads) is not None:
            steps.append(lambda: downloads.delete_site(site))
        return _first_cause(steps)

    def forget(self, what: Forgotten) -> str:
        """What the user chose; the first cause why something of it stayed, else ""."""
        if what.stored:
            self._engine.forget_cookies()
            if self._stored is not None:
                self._stored.forget_all()
        if what.cache:
            self._engine.forget_cache(self._load_again)
        steps: list[Callable[[], object]] = []
        if what.sites:
            steps += [partial(self._sites.forget, site) for site in self._sites.sites]
        return _first_cause([*steps, *self._record_steps(what.history_since)])

    def _record_steps(self, since: int | None) -> list[Callable[[], object]]:
        history, pictures = self._records.history, self._records.pictures
        if since is None or history is None:
            return []
        steps: list[Callable[[], object]] = []
        if (downloads := self._records.downloads) is not None:
            steps.append(lambda: downloads.delete_since(since))
        if since:
            return [*steps, lambda: history.delete_range(since, _END_OF_TIME)]
        more = [pictures.delete_all] if pictures is not None else []
        return [*steps, history.delete_all, *more]


def _first_cause(steps: Iterable[Callable[[], object]]) -> str:
    """Takes every step, also after one that failed: what can be forgotten is."""
    first = ""
    for step in steps:
        try:
            step()
        except OSError as error:
            first = first or error.strerror or str(error)
        except sqlite3.Error as error:
            first = first or str(error)
    return first

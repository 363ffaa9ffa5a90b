"""Forgets what a session kept, in every place at once, when the user says so."""

from __future__ import annotations

from collections.abc import Callable

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

    def forget_site(self, site: str) -> None:
        """History, picture, cookies, storage and choices of a site, and all files kept to load
        faster.

        `site` is a key of `urls.site_key`. Raises OSError when the choices cannot be saved.
        """
        history, pictures = self._records.history, self._records.pictures
        if self._stored is not None:
            known = history.origins(site) if history is not None else ()
            self._stored.forget_site(site, known)
        if history is not None:
            history.delete_site(site)
        if pictures is not None:
            pictures.delete_site(site)
        self._engine.forget_cache(self._load_again)
        self._sites.forget(site)

    def forget(self, what: Forgotten) -> None:
        """What the user chose. Raises OSError when choices for sites cannot be saved."""
        history, pictures = self._records.history, self._records.pictures
        if what.history_since is not None and history is not None:
            if what.history_since:
                history.delete_range(what.history_since, _END_OF_TIME)
            else:
                history.delete_all()
                if pictures is not None:
                    pictures.delete_all()
        if what.stored:
            self._engine.forget_cookies()
            if self._stored is not None:
                self._stored.forget_all()
        if what.cache:
            self._engine.forget_cache(self._load_again)
        if what.sites:
            for site in tuple(self._sites.sites):
                self._sites.forget(site)

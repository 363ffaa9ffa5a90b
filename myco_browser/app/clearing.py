"""Forgets what a session kept, in every place at once, when the user says so."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtWebEngineCore import QWebEngineProfile

from myco_browser.app.forgetting import Forgetting
from myco_browser.app.visits import Records
from myco_browser.services.site_store import SiteStore
from myco_browser.ui.context import Forgotten
from myco_browser.web.clearing import forget_cache, forget_cookies

_END_OF_TIME = 2**62


class Clearing:
    """The places of one session; a private one has no records.

    `stored` gives what forgets the storage of sites; it exists when the session is whole.
    `load_again` loads anew what was loading.
    """

    def __init__(
        self,
        profile: QWebEngineProfile,
        sites: SiteStore,
        records: Records,
        stored: Callable[[], Forgetting],
        load_again: Callable[[], None],
    ) -> None:
        self._profile = profile
        self._sites = sites
        self._records = records
        self._stored = stored
        self._load_again = load_again

    def forget_site(self, site: str) -> None:
        """History, picture, cookies, storage and choices of a site, and all files kept to load
        faster.

        `site` is a key of `urls.site_key`. Raises OSError when the choices cannot be saved.
        """
        history, pictures = self._records.history, self._records.pictures
        self._stored().forget_site(site, history.origins(site) if history is not None else ())
        if history is not None:
            history.delete_site(site)
        if pictures is not None:
            pictures.delete_site(site)
        forget_cache(self._profile, self._load_again)
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
            forget_cookies(self._profile)
            self._stored().forget_all()
        if what.cache:
            forget_cache(self._profile, self._load_again)
        if what.sites:
            for site in tuple(self._sites.sites):
                self._sites.forget(site)

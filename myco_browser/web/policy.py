"""Keeps the interceptor's snapshot current: each change replaces it as a whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from myco_browser.domain.hosts import is_local_host
from myco_browser.domain.site_settings import Level, SiteSettings
from myco_browser.domain.urls import host_of
from myco_browser.services.clean_links import clean_link
from myco_browser.services.request_policy import PolicySnapshot
from myco_browser.services.strict_level import strict_extras
from myco_browser.web.block_log import Refused
from myco_browser.web.https_first import HttpsFirst
from myco_browser.web.insecure_forms import InsecureForms
from myco_browser.web.interceptor import Interceptor
from myco_filters.engine import Engine
from myco_filters.request import Request


class PolicyControl:
    """The one place that changes what the interceptor decides by. Qt thread only.

    `site_changed(site, level, local, opened)` is called when the user changes a site, to be
    remembered.
    """

    def __init__(
        self, interceptor: Interceptor, site_changed: Callable[[str, Level, bool, bool], None]
    ) -> None:
        self._interceptor = interceptor
        self._site_changed = site_changed

    @property
    def https(self) -> HttpsFirst:
        """What is asked for by encrypted connection first."""
        return self._interceptor.https

    @property
    def forms(self) -> InsecureForms:
        """What encrypted pages would send in the clear."""
        return self._interceptor.forms

    @property
    def snapshot(self) -> PolicySnapshot:
        """The current snapshot."""
        return self._interceptor.snapshot

    def set_engine(self, engine: Engine) -> None:
        """New lists were compiled."""
        self._replace(replace(self.snapshot, engine=engine))

    def set_blocking(self, on: bool) -> None:
        """The session-wide switch."""
        self._replace(replace(self.snapshot, blocking=on))

    def level(self, site: str | None) -> Level:
        """How much is blocked on pages of `site`."""
        return self.snapshot.level(site)

    def is_blocking(self, site: str | None) -> bool:
        """Whether anything is blocked on pages of `site`."""
        return self.level(site) is not Level.OFF

    def set_level(self, site: str, level: Level) -> None:
        """How much is to be blocked on pages of `site`."""
        now = self.snapshot
        self._replace(
            replace(
                now,
                unblocked_sites=_with(now.unblocked_sites, site, level is Level.OFF),
                strict_sites=_with(now.strict_sites, site, level is Level.STRICT),
                extras=strict_extras() if level is Level.STRICT else now.extras,
            )
        )
        self._tell(site)

    def is_open(self, site: str | None) -> bool:
        """Whether `site` is open: nothing is blocked on its pages, and they see what is true."""
        return site in self.snapshot.open_sites

    def set_open(self, site: str, on: bool) -> None:
        """Opens a site, or protects it again."""
        changed = _with(self.snapshot.open_sites, site, on)
        self._replace(replace(self.snapshot, open_sites=changed))
        self._tell(site)

    def follow(self, site: str, kept: SiteSettings) -> None:
        """What is kept of a site has changed, maybe because it was forgotten."""
        now, level = self.snapshot, kept.level
        self._replace(
            replace(
                now,
                unblocked_sites=_with(now.unblocked_sites, site, level is Level.OFF),
                strict_sites=_with(now.strict_sites, site, level is Level.STRICT),
                local_sites=_with(now.local_sites, site, kept.local_network),
                open_sites=_with(now.open_sites, site, kept.opened),
            )
        )

    def may_reach_local(self, site: str | None) -> bool:
        """Whether pages of `site` may ask this machine and its network."""
        return site in self.snapshot.local_sites

    def set_site_local(self, site: str, allowed: bool) -> None:
        """Lets a site reach the local network, or no longer."""
        changed = _with(self.snapshot.local_sites, site, allowed)
        self._replace(replace(self.snapshot, local_sites=changed))
        self._tell(site)

    def grant_if_local(self, urlstr: str) -> None:
        """The user chose this address: if it is a local one, it may be reached in this session."""
        host = host_of(urlstr)
        if host is None or not is_local_host(host):
            return
        granted = self.snapshot.granted_hosts | {host}
        self._replace(replace(self.snapshot, granted_hosts=granted))

    def allow_document(self, urlstr: str) -> None:
        """The user chose to go on to a page that a filter blocks."""
        allowed = self.snapshot.documents_allowed_once | {urlstr}
        self._replace(replace(self.snapshot, documents_allowed_once=allowed))

    def refused_document(self, urlstr: str) -> Refused | None:
        """What blocked a page itself."""
        return self._interceptor.refused_document(urlstr)

    def may_open(self, request: Request) -> bool:
        """Whether no filter is against a window that a page opens."""
        return self._interceptor.may_open(request)

    def hop(self, before: str, urlstr: str, is_main_frame: bool) -> str | None:
        """A server sends a page or frame to `urlstr`: where to load the page from instead.

        `before` is the address of the page's request so far.
        """
        target = self._interceptor.rewritten_hop(before, urlstr) if is_main_frame else None
        if target is None:
            self._interceptor.note_hop(urlstr)
        return target

    def clean(self, urlstr: str) -> str:
        """The address without what the filters take away, and behind redirect links."""
        return clean_link(self.snapshot.engine, urlstr)

    def _replace(self, snapshot: PolicySnapshot) -> None:
        self._interceptor.snapshot = snapshot

    def _tell(self, site: str) -> None:
        now = self.snapshot
        level = (
            Level.OFF
            if site in now.unblocked_sites
            else Level.STRICT
            if site in now.strict_sites
            else Level.STANDARD
        )
        self._site_changed(site, level, site in now.local_sites, site in now.open_sites)


def _with(sites: frozenset[str], site: str, is_member: bool) -> frozenset[str]:
    return sites | {site} if is_member else sites - {site}

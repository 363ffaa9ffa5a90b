"""Lets the pages of open sites see what is true, as far as the engine can for one site.

The script of the identity holds the origins of the open sites that were visited, and does nothing
on their pages. It belongs to the profile, as only such scripts reach a page whose navigation takes
another process. The inspection bridge is not built for them (`web.gate`). What the engine's
switches answer holds for the whole process and stays as it is.
"""

from __future__ import annotations

from PyQt6.QtCore import QUrl
from PyQt6.QtWebEngineCore import QWebEngineProfile, QWebEngineScript

from myco_browser.domain.identity import SessionIdentity
from myco_browser.domain.urls import origin, site_key
from myco_browser.web.inspection import identity_source
from myco_browser.web.policy import PolicyControl
from myco_browser.web.profile_script import ProfileScript
from myco_browser.web.requests import encoded

_MAIN_WORLD = QWebEngineScript.ScriptWorldId.MainWorld


class OpenSites:
    """The open sites of a session. Qt thread only."""

    def __init__(
        self, profile: QWebEngineProfile, identity: SessionIdentity, policy: PolicyControl
    ) -> None:
        self._policy = policy
        self._values = identity.script_values()
        self._script = ProfileScript(profile, "myco-identity", _MAIN_WORLD)
        self._origins: tuple[str, ...] = ()
        self._put()
        if (store := profile.cookieStore()) is not None:
            store.setCookieFilter(
                lambda request: not request.thirdParty or self.covers(request.firstPartyUrl)
            )

    def covers(self, url: QUrl) -> bool:
        """Whether a page on top at `url` belongs to an open site."""
        sites = self._policy.snapshot.open_sites
        return bool(sites) and site_key(encoded(url)) in sites

    def prepare(self, top: str) -> None:
        """A page is about to be shown on top at this address."""
        sites = self._policy.snapshot.open_sites
        if not sites and not self._origins:
            return
        kept = [one for one in self._origins if site_key(one) in sites]
        new = origin(top)
        if new is not None and new not in kept and site_key(top) in sites:
            kept.append(new)
        if tuple(kept) != self._origins:
            self._origins = tuple(kept)
            self._put()

    def _put(self) -> None:
        self._script.put(identity_source(self._values, self._origins))

"""All that the filters and our care do inside pages, prepared before each navigation."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PyQt6.QtCore import QUrl
from PyQt6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile

from myco_browser.domain.identity import SessionIdentity
from myco_browser.services.own_filters import OwnFilters
from myco_browser.services.picked_filters import PickedFilters
from myco_browser.web.agent_script import AgentScript
from myco_browser.web.consent import ConsentRefusal
from myco_browser.web.cosmetics import CosmeticFilters
from myco_browser.web.interceptor import Interceptor
from myco_browser.web.open_sites import OpenSites
from myco_browser.web.page_permissions import PagePermissions
from myco_browser.web.page_policies import PagePolicies
from myco_browser.web.policy import PolicyControl
from myco_browser.web.popups import PopupFilters
from myco_browser.web.scriptlets import ScriptletFilters
from myco_browser.web.sign_in import SignInScript


class PageFilters(NamedTuple):
    """The scripts of a session that run in pages. Qt thread only."""

    cosmetics: CosmeticFilters
    scriptlets: ScriptletFilters
    consent: ConsentRefusal
    policies: PagePolicies
    permissions: PagePermissions
    popups: PopupFilters
    open_sites: OpenSites
    agents: AgentScript
    sign_in: SignInScript
    hop: Callable[[str, str, bool], str | None]
    """Told where servers send pages and frames; gives another address for a page, or None."""

    def prepare(self, url: QUrl, top: str) -> None:
        """A frame is about to show `url` on the page `top`."""
        self.open_sites.prepare(top)
        self.agents.prepare(top)
        self.cosmetics.prepare(url, top)
        self.scriptlets.prepare(url, top)
        self.consent.prepare(url, top)
        self.policies.prepare(url, top)
        self.permissions.prepare(url, top)

    def hear(self, page: QWebEnginePage, message: str | None) -> None:
        """A message on the console, which may be from a script of ours."""
        self.cosmetics.hear(page, message)
        self.consent.hear(page, message)


def page_filters(
    profile: QWebEngineProfile,
    identity: SessionIdentity,
    policy: PolicyControl,
    interceptor: Interceptor,
    own_filters: OwnFilters,
    refuses_banners: Callable[[], bool],
) -> PageFilters:
    """All of them, for one session."""
    return PageFilters(
        CosmeticFilters(profile, policy, PickedFilters(own_filters)),
        ScriptletFilters(profile, policy),
        ConsentRefusal(profile, policy, refuses_banners, interceptor.blocked.note_banner),
        PagePolicies(profile, policy),
        PagePermissions(profile, policy),
        PopupFilters(policy.may_open),
        OpenSites(profile, identity, policy),
        AgentScript(profile, interceptor.agents),
        SignInScript(profile),
        policy.hop,
    )

"""Which browser each site is told: ours, or for those that refuse it the common one."""

from __future__ import annotations

from PyQt6.QtCore import QUrl
from PyQt6.QtWebEngineCore import QWebEngineUrlRequestInfo

from myco_browser.domain.agents import Agent, chrome_agent, is_told_chrome
from myco_browser.domain.urls import site_key
from myco_browser.services.site_store import SiteStore
from myco_browser.web.requests import encoded

_MAIN_FRAME = QWebEngineUrlRequestInfo.ResourceType.ResourceTypeMainFrame
_MOST_KNOWN = 2048


class SiteAgents:
    """Asked for every request: remembers its answers until a site is changed. Qt thread only."""

    def __init__(self, sites: SiteStore) -> None:
        self._sites = sites
        self._chrome = chrome_agent()
        self._known: dict[tuple[str, int], Agent | None] = {}
        sites.observe(lambda _site, _settings: self._known.clear())

    def agent(self, top: QUrl) -> Agent | None:
        """What the page on top at `top` and all in it are told; None for the usual."""
        key = (top.host(), top.port())
        if key not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[key] = self._look(top)
        return self._known[key]

    def tell(self, info: QWebEngineUrlRequestInfo) -> None:
        """Puts the headers of a site's agent on a request."""
        is_page = info.resourceType() == _MAIN_FRAME
        agent = self.agent(info.requestUrl() if is_page else info.firstPartyUrl())
        if agent is not None:
            # Insecure addresses and workers get no brands: what the engine leaves out stays out.
            has_brands = b"sec-ch-ua" in {bytes(name.data()).lower() for name in info.httpHeaders()}
            for name, value in agent.headers(has_brands=has_brands):
                info.setHttpHeader(name, value)

    def _look(self, top: QUrl) -> Agent | None:
        site = site_key(encoded(top))
        settings = self._sites.get(site)
        # An open site sees what is true.
        wanted = not settings.opened and is_told_chrome(site, settings.chrome)
        return self._chrome if wanted else None

"""What the session's identity says in the headers of each request, and what it never asks for."""

from __future__ import annotations

from PyQt6.QtWebEngineCore import QWebEngineUrlRequestInfo

from myco_browser.domain.identity import SessionIdentity
from myco_browser.web.site_agents import SiteAgents

_SERVICE_WORKER = QWebEngineUrlRequestInfo.ResourceType.ResourceTypeServiceWorker


def admit(info: QWebEngineUrlRequestInfo, identity: SessionIdentity, agents: SiteAgents) -> bool:
    """Adds the headers; False, and the request is blocked, for what this identity does not do.

    Sec-GPC is the signal of https://www.w3.org/TR/gpc/. A service worker outlives its pages and
    answers for them where no script of ours runs.
    """
    if info.resourceType() == _SERVICE_WORKER and not identity.service_workers:
        info.block(True)
        return False
    if info.requestUrl().scheme() in ("http", "https"):
        info.setHttpHeader(b"Sec-GPC", b"1")
        agents.tell(info)
    return True

"""Translates what the engine says of a request into the filter engine's words."""

from __future__ import annotations

from PyQt6.QtCore import QUrl
from PyQt6.QtWebEngineCore import QWebEngineUrlRequestInfo

from myco_filters.request import Kind, Request

_Type = QWebEngineUrlRequestInfo.ResourceType

# Workers count as scripts and favicons as images, as in the browsers the lists are written for.
_KINDS: dict[_Type, Kind] = {
    _Type.ResourceTypeMainFrame: Kind.MAIN_FRAME,
    _Type.ResourceTypeSubFrame: Kind.SUB_FRAME,
    _Type.ResourceTypeStylesheet: Kind.STYLESHEET,
    _Type.ResourceTypeScript: Kind.SCRIPT,
    _Type.ResourceTypeImage: Kind.IMAGE,
    _Type.ResourceTypeFontResource: Kind.FONT,
    _Type.ResourceTypeObject: Kind.OBJECT,
    _Type.ResourceTypePluginResource: Kind.OBJECT,
    _Type.ResourceTypeMedia: Kind.MEDIA,
    _Type.ResourceTypeWorker: Kind.SCRIPT,
    _Type.ResourceTypeSharedWorker: Kind.SCRIPT,
    _Type.ResourceTypeServiceWorker: Kind.SCRIPT,
    _Type.ResourceTypeFavicon: Kind.IMAGE,
    _Type.ResourceTypeXhr: Kind.XMLHTTPREQUEST,
    _Type.ResourceTypePing: Kind.PING,
    _Type.ResourceTypeWebSocket: Kind.WEBSOCKET,
    _Type.ResourceTypeNavigationPreloadMainFrame: Kind.MAIN_FRAME,
    _Type.ResourceTypeNavigationPreloadSubFrame: Kind.SUB_FRAME,
}


def encoded(url: QUrl) -> str:
    """The URL as it goes over the wire: percent-encoded, the host in punycode."""
    return url.toEncoded().data().decode("ascii", "replace")


def request_of(info: QWebEngineUrlRequestInfo) -> Request:
    """The request as the policy sees it; each URL is turned into text once.

    The source is the frame that asked (its origin); the top page stands in where the engine names
    no frame. A main frame is its own source: after a redirect the engine still gives the old page.
    """
    kind = _KINDS.get(info.resourceType(), Kind.OTHER)
    urlstr = encoded(info.requestUrl())
    method = info.requestMethod().data().decode("ascii", "replace")
    if kind is Kind.MAIN_FRAME:
        return Request.make(urlstr, urlstr, kind, method, urlstr)
    top = encoded(info.firstPartyUrl())
    initiator = encoded(info.initiator())
    # An opaque origin ("null") belongs to a sandboxed frame of the page on top.
    source = initiator if initiator.startswith("http") else top
    return Request.make(urlstr, source, kind, method, top)

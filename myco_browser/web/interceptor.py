"""Every request of a session passes here, on the Qt thread: decide, act, count. Fails closed."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable

from PyQt6.QtCore import QUrl
from PyQt6.QtWebEngineCore import QWebEngineUrlRequestInfo, QWebEngineUrlRequestInterceptor

from myco_browser.services.dial_screen import DialScreen, Refusal
from myco_browser.services.request_policy import (
    Decision,
    GrantLocal,
    PolicySnapshot,
    RefuseLocal,
    decide,
    is_filtered,
)
from myco_browser.web.block_log import BlockLog, Refused
from myco_browser.web.requests import encoded, request_of
from myco_browser.web.schemes import STAND_INS, stand_in_url
from myco_filters.request import Kind, Request
from myco_filters.verdict import Allow, Block, FilterRef, Redirect, Rewrite
from myco_resources.standins import canonical_name

_log = logging.getLogger(__name__)

# Schemes that never reach the network; the engine serves them itself.
_OWN_SCHEMES = frozenset(
    {"myco", "data", "blob", "about", "devtools", "chrome", "qrc", "file", STAND_INS}
)
_REWRITES_KEPT = 256
LOCAL_NETWORK = "local-network"
"""In place of a list's title: refused because it is this machine or its network."""


class Interceptor(QWebEngineUrlRequestInterceptor):
    """Applies the request policy.

    `grant_local` tells the door that a local host may be reached; it returns whether the door
    agreed. `snapshot` is replaced as a whole when lists, settings or site choices change.
    """

    def __init__(
        self, snapshot: PolicySnapshot, log: BlockLog, grant_local: Callable[[str, int], bool]
    ) -> None:
        super().__init__()
        self.snapshot = snapshot
        self.failures = 0
        self._log = log
        self._grant_local = grant_local
        self._rewritten: OrderedDict[str, None] = OrderedDict()
        self._documents: OrderedDict[str, Refused] = OrderedDict()
        self.screen = DialScreen(lambda: self.snapshot, self._refused_at_door)

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        # An exception that left this method would let the request out.
        try:
            self._intercept(info)
        except Exception:
            info.block(True)
            self.failures += 1
            _log.exception("a request was blocked because deciding on it failed")

    def refused_document(self, urlstr: str) -> Refused | None:
        """Why a page itself was blocked, if it was."""
        return self._documents.get(urlstr)

    def _intercept(self, info: QWebEngineUrlRequestInfo) -> None:
        if info.requestUrl().scheme() in _OWN_SCHEMES:
            return
        request = request_of(info)
        if request.kind is Kind.MAIN_FRAME:
            self._log.start_page(request.url)
            self._documents.pop(request.url, None)
        initiator = encoded(info.initiator())
        self._apply(info, request, decide(self.snapshot, request, initiator))

    def _apply(self, info: QWebEngineUrlRequestInfo, request: Request, decision: Decision) -> None:
        match decision:
            case Allow(exception=exception):
                self._let_out(info, request, is_free=exception is not None)
            case Block(filter=reason):
                self._refuse(info, request, reason.raw, reason.list_title)
            case Redirect(filter=reason, resource=resource):
                self._stand_in(info, request, reason, resource)
            case Rewrite(url=urlstr):
                self._rewrite(info, request, urlstr)
            case GrantLocal(host=host):
                if not self._grant_local(host, info.requestUrl().port(_usual_port(info))):
                    self._refuse(info, request, "", LOCAL_NETWORK)
            case RefuseLocal():
                self._refuse(info, request, "", LOCAL_NETWORK)

    def _refuse(
        self, info: QWebEngineUrlRequestInfo, request: Request, text: str, list_title: str
    ) -> None:
        info.block(True)
        self._note_refused(request, text, list_title)

    def _let_out(self, info: QWebEngineUrlRequestInfo, request: Request, *, is_free: bool) -> None:
        """No filter stops the request; where its host leads may."""
        is_free = is_free or not is_filtered(self.snapshot, request)
        refusal = self.screen.judge(request, is_free)
        if refusal is None:
            return
        self._refused_at_door(request, refusal, self.screen.alias(request.host))
        if isinstance(refusal, Redirect):
            self._answer(info, request, refusal.resource)
        else:
            info.block(True)

    def _refused_at_door(self, request: Request, refusal: Refusal, alias: str) -> None:
        reason = refusal.filter
        self._note_refused(request, reason.raw, reason.list_title, alias)

    def _note_refused(self, request: Request, text: str, list_title: str, alias: str = "") -> None:
        kind = request.kind.label
        refused = Refused(request.host, request.url, kind, text, list_title, alias)
        self._log.add(request.top, refused)
        if request.kind is Kind.MAIN_FRAME:
            self._documents[request.url] = refused
            if len(self._documents) > _REWRITES_KEPT:
                self._documents.popitem(last=False)

    def _stand_in(
        self, info: QWebEngineUrlRequestInfo, request: Request, reason: FilterRef, resource: str
    ) -> None:
        self._note_refused(request, reason.raw, reason.list_title)
        self._answer(info, request, resource)

    def _answer(self, info: QWebEngineUrlRequestInfo, request: Request, resource: str) -> None:
        info.block(True)
        name = canonical_name(resource)
        if name is not None and request.kind not in (Kind.MAIN_FRAME, Kind.WEBSOCKET):
            # What we have no stand-in for stays blocked, which is the safer half of the filter.
            info.block(False)
            info.redirect(stand_in_url(name))

    def _rewrite(self, info: QWebEngineUrlRequestInfo, request: Request, urlstr: str) -> None:
        # A target that was itself made by a rewrite is let through: no loop between two rules.
        if urlstr == request.url or request.url in self._rewritten or request.method != "GET":
            self._let_out(info, request, is_free=False)
            return
        self._rewritten[urlstr] = None
        if len(self._rewritten) > _REWRITES_KEPT:
            self._rewritten.popitem(last=False)
        info.redirect(QUrl(urlstr))


def _usual_port(info: QWebEngineUrlRequestInfo) -> int:
    return 443 if info.requestUrl().scheme() in ("https", "wss") else 80

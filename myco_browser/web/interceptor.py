"""Every request of a session passes here, on the Qt thread: decide, act, note. Fails closed."""

from __future__ import annotations

import contextlib
import logging
from collections import OrderedDict
from collections.abc import Callable

from PyQt6.QtCore import QUrl
from PyQt6.QtWebEngineCore import QWebEngineUrlRequestInfo, QWebEngineUrlRequestInterceptor

from myco_browser.domain.identity import SessionIdentity
from myco_browser.services.dial_screen import DialScreen, Refusal
from myco_browser.services.request_log import Outcome, RequestLog
from myco_browser.services.request_policy import (
    Decision,
    GrantLocal,
    PolicySnapshot,
    RefuseLocal,
    decide,
    is_filtered,
)
from myco_browser.web.block_log import BlockLog, Refused
from myco_browser.web.https_first import HttpsFirst
from myco_browser.web.insecure_forms import InsecureForms
from myco_browser.web.presence import admit
from myco_browser.web.requests import encoded, request_of
from myco_browser.web.rewrites import RewriteGuard
from myco_browser.web.schemes import STAND_INS, stand_in_url
from myco_browser.web.site_agents import SiteAgents
from myco_filters.request import Kind, Request
from myco_filters.verdict import Allow, Block, FilterRef, Redirect, Rewrite
from myco_resources.standins import canonical_name

_log = logging.getLogger(__name__)

# Schemes that never reach the network; the engine serves them itself.
_OWN_SCHEMES = frozenset(
    {"myco", "data", "blob", "about", "devtools", "chrome", "qrc", "file", STAND_INS}
)
_DOCUMENTS_KEPT = 256
_HOPS_KEPT = 64
LOCAL_NETWORK = "local-network"
"""In place of a list: refused because it is this machine or its network."""
_LOCAL = FilterRef("", LOCAL_NETWORK, LOCAL_NETWORK)


class Interceptor(QWebEngineUrlRequestInterceptor):
    """Applies the request policy.

    `grant_local` tells the door that a local host may be reached; it returns whether the door
    agreed. `snapshot` is replaced as a whole when lists, settings or site choices change.
    """

    def __init__(
        self,
        identity: SessionIdentity,
        https: HttpsFirst,
        snapshot: PolicySnapshot,
        log: BlockLog,
        requests: RequestLog,
        grant_local: Callable[[str, int], bool],
        agents: SiteAgents,
    ) -> None:
        super().__init__()
        self._identity = identity
        self.agents = agents
        self.https = https
        self.forms = InsecureForms()
        # Told of every page that is asked for, be it only on the way to another.
        self.on_page: Callable[[str], None] = lambda _url: None
        self.snapshot = snapshot
        self.failures = 0
        self.blocked = log
        self._requests = requests
        self._grant_local = grant_local
        self._rewrites = RewriteGuard()
        self._hops: OrderedDict[str, None] = OrderedDict()
        self._sent: OrderedDict[str, None] = OrderedDict()
        self._documents: OrderedDict[str, Refused] = OrderedDict()
        self.screen = DialScreen(lambda: self.snapshot, self._refused_at_door)

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        # An exception that left this method would let the request out.
        try:
            if admit(info, self._identity, self.agents) and not self.https.upgrade(info):
                self._intercept(info)
            else:
                self._requests.note(request_of(info), None, Outcome.REFUSED_WORKER)
        except Exception:
            info.block(True)
            self.failures += 1
            _log.exception("a request was blocked because deciding on it failed")
            with contextlib.suppress(Exception):
                self._requests.note(request_of(info), None, Outcome.FAILED)

    def may_open(self, request: Request) -> bool:
        """Whether no filter is against a window that a page opens."""
        decision = decide(self.snapshot, request, request.source)
        if not isinstance(decision, Block | Redirect):
            return True
        self._count(request, decision.filter)
        self._requests.note(request, decision, Outcome.BLOCKED)
        return False

    def note_hop(self, urlstr: str) -> None:
        """A server sends a page or frame there: the engine cannot lead such a request elsewhere.

        (Measured with 6.11: the request fails.)
        """
        self._hops[urlstr] = None
        if len(self._hops) > _HOPS_KEPT:
            self._hops.popitem(last=False)

    def rewritten_hop(self, before: str, urlstr: str) -> str | None:
        """Where a page is to be loaded from instead, to which the server of `before` sends."""
        if before in self._sent:
            # What a form sends may be sent on: loading it anew would lose it.
            self._note_sent(urlstr, True)
            return None
        request = Request.make(urlstr, urlstr, Kind.MAIN_FRAME, "GET", urlstr)
        decision = decide(self.snapshot, request, urlstr)
        if not isinstance(decision, Rewrite):
            return None
        if not self._rewrites.allows(urlstr, decision.url):
            return None
        self._requests.note(request, decision, Outcome.REWRITTEN)
        return decision.url

    def refused_document(self, urlstr: str) -> Refused | None:
        """Why a page itself was blocked, if it was."""
        return self._documents.get(urlstr)

    def _intercept(self, info: QWebEngineUrlRequestInfo) -> None:
        if info.requestUrl().scheme() in _OWN_SCHEMES:
            return
        request = request_of(info)
        if request.kind is Kind.MAIN_FRAME:
            if self.forms.holds(info, request.url):
                info.block(True)
                self._requests.note(request, None, Outcome.HELD_FORM)
                return
            self._note_sent(request.url, request.method != "GET")
            self.blocked.start_page(request.url)
            self.on_page(request.url)
            self._documents.pop(request.url, None)
        initiator = encoded(info.initiator())
        decision = decide(self.snapshot, request, initiator)
        outcome = self._apply(info, request, decision)
        if outcome is not None:
            self._requests.note(request, decision, outcome)

    def _note_sent(self, urlstr: str, is_sent: bool) -> None:
        self._sent.pop(urlstr, None)
        if is_sent:
            self._sent[urlstr] = None
            if len(self._sent) > _HOPS_KEPT:
                self._sent.popitem(last=False)

    def _apply(
        self, info: QWebEngineUrlRequestInfo, request: Request, decision: Decision
    ) -> Outcome | None:
        """Carries a decision out; None when what came of it is noted already."""
        match decision:
            case Allow(exception=exception):
                return self._let_out(info, request, is_free=exception is not None)
            case Block(filter=reason):
                info.block(True)
                self._count(request, reason)
                return Outcome.BLOCKED
            case Redirect(filter=reason, resource=resource):
                self._count(request, reason)
                return self._answer(info, request, resource)
            case Rewrite(url=urlstr):
                return self._rewrite(info, request, urlstr)
            case GrantLocal(host=host):
                if self._grant_local(host, info.requestUrl().port(_usual_port(info))):
                    return Outcome.GRANTED_LOCAL
            case RefuseLocal():
                pass
        info.block(True)
        self._count(request, _LOCAL)
        return Outcome.REFUSED_LOCAL

    def _let_out(
        self, info: QWebEngineUrlRequestInfo, request: Request, *, is_free: bool
    ) -> Outcome | None:
        """No filter stops the request; where its host leads may."""
        has_filters = is_filtered(self.snapshot, request)
        refusal = self.screen.judge(request, is_free or not has_filters)
        if refusal is None:
            if not has_filters:
                return Outcome.UNFILTERED
            return Outcome.EXCEPTED if is_free else Outcome.ALLOWED
        alias = self.screen.alias(request.host)
        self._count(request, refusal.filter, alias)
        if isinstance(refusal, Redirect):
            outcome = self._answer(info, request, refusal.resource)
        else:
            info.block(True)
            outcome = Outcome.BLOCKED
        self._requests.note(request, refusal, outcome, alias)
        return None

    def _refused_at_door(self, request: Request, refusal: Refusal, alias: str) -> None:
        self._count(request, refusal.filter, alias)
        self._requests.note(request, refusal, Outcome.REFUSED_DOOR, alias)

    def _count(self, request: Request, reason: FilterRef, alias: str = "") -> None:
        refused = Refused(
            request.host,
            request.url,
            request.kind.label,
            reason.raw,
            reason.list_title,
            reason.list_id,
            alias,
        )
        self.blocked.add(request.top, refused)
        if request.kind is Kind.MAIN_FRAME:
            self._documents[request.url] = refused
            if len(self._documents) > _DOCUMENTS_KEPT:
                self._documents.popitem(last=False)

    def _answer(self, info: QWebEngineUrlRequestInfo, request: Request, resource: str) -> Outcome:
        info.block(True)
        name = canonical_name(resource)
        if name is None or request.kind in (Kind.MAIN_FRAME, Kind.WEBSOCKET):
            # What we have no stand-in for stays blocked, which is the safer half of the filter.
            return Outcome.BLOCKED
        info.block(False)
        info.redirect(stand_in_url(name))
        return Outcome.REPLACED

    def _rewrite(
        self, info: QWebEngineUrlRequestInfo, request: Request, urlstr: str
    ) -> Outcome | None:
        is_hop = self._hops.pop(request.url, "") is None
        if is_hop or request.method != "GET" or not self._rewrites.allows(request.url, urlstr):
            return self._let_out(info, request, is_free=False)
        info.redirect(QUrl(urlstr))
        return Outcome.REWRITTEN


def _usual_port(info: QWebEngineUrlRequestInfo) -> int:
    return 443 if info.requestUrl().scheme() in ("https", "wss") else 80

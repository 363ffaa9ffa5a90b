"""Carries out `csp=`, `inline-script` and `inline-font` filters inside pages.

The engine shows us no answers of servers, so their headers cannot be changed. But a policy in a
`<meta>` element counts as well, if it is in the head before what it is to forbid: a script of ours
puts it there when the parser has made the head, which is before any script of the page runs.
"""

from __future__ import annotations

import json
import logging
from collections import OrderedDict

from PyQt6.QtCore import QUrl
from PyQt6.QtWebEngineCore import QWebEngineProfile

from myco_browser.domain.site_settings import Level
from myco_browser.domain.urls import site_key
from myco_browser.web.policy import PolicyControl
from myco_browser.web.profile_script import ProfileScript
from myco_browser.web.requests import encoded
from myco_filters.engine import Engine
from myco_filters.request import Kind, Request
from myco_filters.verdict import Block, Redirect
from myco_resources import read_script

_log = logging.getLogger(__name__)
_KEPT = 32
_NO_INLINE_SCRIPT = "script-src * blob: data: 'unsafe-eval' 'wasm-unsafe-eval'"
_NO_INLINE_FONT = "font-src *"


class PagePolicies:
    """The policies of a session's pages. Qt thread only."""

    def __init__(self, profile: QWebEngineProfile, policy: PolicyControl) -> None:
        self._policy = policy
        self._script = ProfileScript(profile, "myco-policies")
        self._pages: OrderedDict[str, tuple[str, ...]] = OrderedDict()

    def prepare(self, url: QUrl, top: str) -> None:
        """A frame is about to show `url` on the page `top`."""
        if url.scheme() not in ("http", "https"):
            return
        address = encoded(url).partition("#")[0]
        self._pages.pop(address, None)
        if self._policy.level(site_key(top)) is not Level.OFF:
            policies = self._policies(address, top)
            if policies:
                self._pages[address] = policies
                if len(self._pages) > _KEPT:
                    self._pages.popitem(last=False)
        source = read_script("policies.js").replace("__TABLE__", json.dumps(self._pages), 1)
        self._script.put(source if self._pages else "")

    def _policies(self, address: str, top: str) -> tuple[str, ...]:
        try:
            return policies_of(self._policy.snapshot.engine, address, top)
        except Exception:
            # The engine's failures are the interceptor's matter: it refuses the page itself.
            _log.exception("no policies for a page because looking for them failed")
            return ()


def policies_of(engine: Engine, address: str, top: str) -> tuple[str, ...]:
    """The policies that filters add to the document at `address` on the page `top`."""
    is_top = address == top.partition("#")[0]
    kind = Kind.MAIN_FRAME if is_top else Kind.SUB_FRAME
    found = list(engine.policies(Request.make(address, top, kind, "GET", top)))
    for inline, policy in (
        (Kind.INLINE_SCRIPT, _NO_INLINE_SCRIPT),
        (Kind.INLINE_FONT, _NO_INLINE_FONT),
    ):
        verdict = engine.match(Request.make(address, address, inline, "GET", top))
        if isinstance(verdict, Block | Redirect):
            found.append(policy)
    return tuple(dict.fromkeys(found))

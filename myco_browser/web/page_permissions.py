"""Carries out `permissions=` filters inside pages.

The engine shows us no answers of servers, and there is no `<meta>` for a permissions policy. So a
script in the world of the page takes the functions of the forbidden features away before the
page's first script, in frames too (`permissions.js`; which features: `myco_filters.syntax`).
"""

from __future__ import annotations

import json
import logging
from collections import OrderedDict

from PyQt6.QtCore import QUrl
from PyQt6.QtWebEngineCore import QWebEngineProfile, QWebEngineScript

from myco_browser.domain.site_settings import Level
from myco_browser.domain.urls import site_key
from myco_browser.web.policy import PolicyControl
from myco_browser.web.profile_script import ProfileScript
from myco_browser.web.requests import encoded
from myco_filters.engine import Engine
from myco_filters.request import Kind, Request
from myco_resources import read_script

_log = logging.getLogger(__name__)
_KEPT = 32
_Features = tuple[str, ...]


class PagePermissions:
    """What pages of a session may not have. Qt thread only."""

    def __init__(self, profile: QWebEngineProfile, policy: PolicyControl) -> None:
        self._policy = policy
        self._script = ProfileScript(
            profile, "myco-permissions", QWebEngineScript.ScriptWorldId.MainWorld
        )
        self._engine_mark: object = None
        # Lists forbid some features to nearly every page: so the script rarely changes.
        self._usual: _Features = ()
        self._pages: OrderedDict[str, _Features] = OrderedDict()

    def prepare(self, url: QUrl, top: str) -> None:
        """A frame is about to show `url` on the page `top`."""
        if url.scheme() not in ("http", "https"):
            return
        engine = self._policy.snapshot.engine
        if engine.mark is not self._engine_mark:
            self._engine_mark, self._usual = engine.mark, ()
            self._pages.clear()
        address = encoded(url).partition("#")[0]
        features = self._features(engine, address, top)
        if not self._pages and not self._usual:
            self._usual = features
        self._pages.pop(address, None)
        if features != self._usual:
            self._pages[address] = features
            if len(self._pages) > _KEPT:
                self._pages.popitem(last=False)
        self._put()

    def _put(self) -> None:
        if not self._usual and not self._pages:
            self._script.put("")
            return
        table = json.dumps({"usual": self._usual, "pages": self._pages})
        self._script.put(read_script("permissions.js").replace("__TABLE__", table, 1))

    def _features(self, engine: Engine, address: str, top: str) -> _Features:
        if self._policy.level(site_key(top)) is Level.OFF:
            return ()
        try:
            return forbidden_features(engine, address, top)
        except Exception:
            # The engine's failures are the interceptor's matter: it refuses the page itself.
            _log.exception("no permissions for a page because looking for them failed")
            return ()


def forbidden_features(engine: Engine, address: str, top: str) -> _Features:
    """What filters take from the document at `address` on the page `top`, sorted."""
    top = top.partition("#")[0]
    policies = [(top, value) for value in engine.permissions(_asked(top, top, Kind.MAIN_FRAME))]
    if address != top:
        policies += [
            (address, value) for value in engine.permissions(_asked(address, top, Kind.SUB_FRAME))
        ]
    if not policies:
        return ()
    from myco_filters.syntax.permissions import HELD, read_policy  # few sets of lists need it

    origin = _origin(address)
    found = {
        one.feature
        for owner, value in policies
        for one in read_policy(value)
        if one.forbids(origin, _origin(owner))
    }
    return tuple(sorted(found & HELD))


def _asked(address: str, top: str, kind: Kind) -> Request:
    return Request.make(address, top, kind, "GET", top)


def _origin(address: str) -> str:
    return "/".join(address.split("/", 3)[:3])

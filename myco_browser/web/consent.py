"""Answers cookie banners with "no", where the user wants it.

The rules for each consent tool are a table of ours: how to see its banner, and which buttons lead
to a refusal. The script that follows them is told the places (see `cosmetics.place_of`) where it
may act, so that it does nothing where blocking is off.
"""

from __future__ import annotations

import json
import secrets
from collections import OrderedDict
from collections.abc import Callable

from PyQt6.QtCore import QUrl
from PyQt6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile

from myco_browser.domain.site_settings import Level
from myco_browser.domain.urls import host_of, site_key
from myco_browser.web.cosmetics import place_of
from myco_browser.web.policy import PolicyControl
from myco_browser.web.profile_script import ProfileScript
from myco_browser.web.requests import encoded
from myco_resources import read_script

_PLACES_KEPT = 64


class ConsentRefusal:
    """Refuses on pages of a session while `is_wanted` says so. Qt thread only.

    `refused` gets the address of the page on which a banner went after our answer.
    """

    def __init__(
        self,
        profile: QWebEngineProfile,
        policy: PolicyControl,
        is_wanted: Callable[[], bool],
        refused: Callable[[str], None],
    ) -> None:
        self._policy = policy
        self._is_wanted = is_wanted
        self._refused = refused
        self._token = secrets.token_hex(16)
        self._places: OrderedDict[str, None] = OrderedDict()
        self._script = ProfileScript(profile, "myco-consent")

    def prepare(self, url: QUrl, top: str) -> None:
        """A frame is about to show `url` on the page `top`."""
        host = host_of(encoded(url))
        if url.scheme() not in ("http", "https") or host is None:
            return
        place = place_of(host, top)
        if self._is_wanted() and self._policy.level(site_key(top)) is not Level.OFF:
            self._places[place] = None
            self._places.move_to_end(place)
            if len(self._places) > _PLACES_KEPT:
                self._places.popitem(last=False)
        else:
            self._places.pop(place, None)
        self._script.put(self._source())

    def hear(self, page: QWebEnginePage, message: str | None) -> None:
        """A console message: when it is our script's, a banner was refused."""
        if message == self._token:
            self._refused(encoded(page.url()))

    def _source(self) -> str:
        if not self._places:
            return ""
        # Sorted, so that the order of visits does not change the script.
        places = json.dumps(sorted(self._places))
        tools = read_script("consent-tools.json").strip()
        table = f'{{"token": "{self._token}", "places": {places}, "tools": {tools}}}'
        return read_script("consent.js").replace("__TABLE__", table, 1)

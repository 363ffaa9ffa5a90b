"""Hides on pages what the filter lists name: advertisement places and the like.

A script at document creation, in a world that pages do not see, adds a constructed style sheet:
that works under any content security policy. Generic filters depend on the classes and ids of a
page, which the script tells over the console, marked by a random word.

The script belongs to the profile, not to a page: when a navigation takes another process, the
engine has made the new frame before it asks us, and only scripts of the profile reach it
(measured with 6.11). It holds a table of the places that were visited last: a host, and for frames
the host on top, whose level holds for them. A second script, there only when a place needs it,
carries out procedural filters: those whose steps look at texts, computed styles and the like, which
no style sheet can.
"""

from __future__ import annotations

import json
import secrets
from collections import OrderedDict
from typing import NamedTuple

from PyQt6.QtCore import QUrl
from PyQt6.QtWebEngineCore import (
    QWebEngineFrame,
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineScript,
)

from myco_browser.domain.site_settings import Level
from myco_browser.domain.urls import host_of, site_key
from myco_browser.services.picked_filters import Pick, PickedFilters
from myco_browser.web.policy import PolicyControl
from myco_browser.web.profile_script import ProfileScript
from myco_browser.web.requests import encoded
from myco_filters.engine import Engine
from myco_filters.syntax.procedural import Procedural
from myco_resources import read_script

_WORLD = QWebEngineScript.ScriptWorldId.ApplicationWorld.value
_PLACES_KEPT = 48
_MOST_FRAMES = 64
_LONGEST_NEWS = 200_000


class _Entry(NamedTuple):
    """What the script does at a place."""

    selectors: tuple[str, ...]
    styles: str
    lifted: tuple[str, ...]
    generic: bool
    procedural: tuple[Procedural, ...]

    @property
    def row(self) -> dict[str, object]:
        """As the script reads it."""
        return {
            "selectors": self.selectors,
            "styles": self.styles,
            "lifted": self.lifted,
            "generic": self.generic,
        }

    @property
    def steps(self) -> list[object]:
        """The procedural filters, as their script reads them."""
        return [(one.steps, one.action, one.argument) for one in self.procedural]


class CosmeticFilters:
    """The cosmetic filters of a session. Qt thread only."""

    def __init__(
        self, profile: QWebEngineProfile, policy: PolicyControl, picked: PickedFilters
    ) -> None:
        self._policy = policy
        self.picked = picked
        self._token = secrets.token_hex(16)
        self._places: OrderedDict[str, _Entry] = OrderedDict()
        self._engine_mark: object = None
        self._plain = ProfileScript(profile, "myco-cosmetics")
        self._procedural = ProfileScript(profile, "myco-procedural")
        self._is_ready = False

    def prepare(self, url: QUrl, top: str) -> None:
        """A frame is about to show `url` on the page `top`: styles are there before its text."""
        urlstr = encoded(url)
        host = host_of(urlstr)
        if url.scheme() not in ("http", "https") or host is None:
            return
        engine = self._policy.snapshot.engine
        if engine.mark is not self._engine_mark:
            self._places.clear()
            self._engine_mark = engine.mark
        place = place_of(host, top)
        before = self._places.pop(place, None)
        entry = self._entry(engine, urlstr, top)
        if entry is not None:
            self._places[place] = entry
            if len(self._places) > _PLACES_KEPT:
                self._places.popitem(last=False)
        if entry != before or not self._is_ready:
            self._is_ready = True
            self._replace_scripts(engine)

    def hear(self, page: QWebEnginePage, message: str | None) -> None:
        """A console message: when it is our script's, a document has new classes and ids."""
        if not message or not message.startswith(self._token) or len(message) > _LONGEST_NEWS:
            return
        news = _news(message[len(self._token) :])
        if news is None:
            return
        engine, top = self._policy.snapshot.engine, encoded(page.url())
        above = host_of(top)
        is_top = news.address == top.partition("#")[0]
        ancestors = () if is_top or above is None else (above,)
        selectors = engine.generic(
            [name[1:] for name in news.names if name[0] == "."],
            [name[1:] for name in news.names if name[0] == "#"],
            engine.cosmetics(news.address, ancestors).exceptions,
        )
        if selectors:
            arguments = f"{json.dumps(selectors)}, {json.dumps(news.document)}"
            call = f"globalThis.mycoCosmetics?.hide({arguments})"
            for frame in frames_at(page, news.address):
                frame.runJavaScript(call, _WORLD)

    def apply(self, page: QWebEnginePage, pick: Pick, *, hides: bool) -> None:
        """Hides what was picked on a page that is open already, or shows it again."""
        host = host_of(encoded(page.url()))
        if host is not None and pick.covers(host):
            method = "hide" if hides else "show"
            call = f"globalThis.mycoCosmetics?.{method}({json.dumps([pick.selector])})"
            page.runJavaScript(call, _WORLD)

    def _entry(self, engine: Engine, urlstr: str, top: str) -> _Entry | None:
        level = self._policy.level(site_key(top))
        if level is Level.OFF:
            return None
        ancestor = host_of(top)
        found = engine.cosmetics(urlstr, () if ancestor is None or top == urlstr else (ancestor,))
        styles = "".join(f"{one.selector}{{{one.declarations}}}\n" for one in found.styles)
        selectors = self.picked.adjust(host_of(urlstr) or "", found.selectors)
        extras = self._policy.snapshot.extras
        if level is Level.STRICT and extras is not None and found.hides_generic:
            more = (one for one in extras.selectors if one not in found.exceptions)
            selectors = (*selectors, *more)
        return _Entry(
            selectors,
            styles,
            tuple(sorted(found.exceptions)),
            found.hides_generic,
            found.procedural,
        )

    def _replace_scripts(self, engine: Engine) -> None:
        table = {
            "token": self._token,
            "always": engine.generic_always(frozenset()),
            "hosts": {place: entry.row for place, entry in self._places.items()},
        }
        self._plain.put(_filled("cosmetics.js", table))
        steps = {place: entry.steps for place, entry in self._places.items() if entry.procedural}
        self._procedural.put(_filled("procedural.js", steps) if steps else "")


class _News(NamedTuple):
    """New classes and ids of one document."""

    document: str
    address: str
    names: list[str]


def _news(text: str) -> _News | None:
    try:
        document, address, names = json.loads(text)
        kept = [name for name in names if name[1:]]
        return _News(str(document), str(address), kept)
    except (ValueError, TypeError):
        return None


def frames_at(page: QWebEnginePage, address: str) -> list[QWebEngineFrame]:
    """The frames of a page, itself included, that show an address (given without fragment)."""
    found: list[QWebEngineFrame] = []
    waiting = [page.mainFrame()]
    while waiting and len(found) < _MOST_FRAMES:
        frame = waiting.pop()
        if encoded(frame.url()).partition("#")[0] == address:
            found.append(frame)
        waiting.extend(frame.children())
    return found


def place_of(host: str, top: str) -> str:
    """How the scripts' tables name a document: its host, and that of the page on top if another.

    `top` is the URL of the page on top.
    """
    above = host_of(top)
    return host if above is None or above == host else f"{host} {above}"


def _filled(name: str, table: object) -> str:
    return read_script(name).replace("__TABLE__", json.dumps(table), 1)

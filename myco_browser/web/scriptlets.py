"""Calls on pages the scriptlets that the filter lists name for their sites.

One script of the profile, at document creation, in the world of the page and in its frames; why
of the profile and why a table of hosts is told in `myco_browser.web.cosmetics`. Names and
arguments reach it as JSON, functions only when a host in the table calls them. Everything is in
one closure: a page sees what the scriptlets do, not who does it.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Iterable

from PyQt6.QtCore import QUrl
from PyQt6.QtWebEngineCore import QWebEngineProfile, QWebEngineScript

from myco_browser.domain.urls import host_of, site_key
from myco_browser.web.cosmetics import place_of
from myco_browser.web.policy import PolicyControl
from myco_browser.web.requests import encoded
from myco_filters.cosmetic import Cosmetics
from myco_filters.engine import Engine
from myco_resources import read_script
from myco_resources.scriptlets import canonical_name, kit, names, needs_trust, source_of
from myco_resources.standins import canonical_name as stand_in_name
from myco_resources.standins import stand_in

_WORLD = QWebEngineScript.ScriptWorldId.MainWorld.value
_NAME = "myco-scriptlets"
_PLACES_KEPT = 48
_STAND_IN = "war:"
_PLACE = re.compile(r"__(TABLE|KIT|SCRIPTLETS)__")
# Lists whose authors may put code into pages; all others get the harmless scriptlets only.
_TRUSTED_LISTS = ("ublock-", "base-")

_Call = tuple[str, tuple[str, ...]]


def calls_of(found: Cosmetics) -> tuple[_Call, ...]:
    """The calls that we can and may make, by canonical name, each once."""
    calls: dict[_Call, None] = {}
    for one, origin in zip(found.scriptlets, found.scriptlet_lists, strict=True):
        name = canonical_name(one.name)
        if name is None or (needs_trust(name) and not origin.startswith(_TRUSTED_LISTS)):
            continue
        calls[name, one.arguments] = None
    return tuple(calls)


def script_of(places: dict[str, tuple[_Call, ...]]) -> str:
    """The script that makes the calls of each place (see `cosmetics.place_of`)."""
    calls = [call for row in places.values() for call in row]
    used = {name for name, _ in calls}
    table = {"hosts": places, "texts": _texts(word for _, words in calls for word in words)}
    functions = "".join(_placed(name, name in used) for name in names())
    # In one pass: what stands in a list must not be taken for a place to fill.
    parts = {"TABLE": json.dumps(table), "KIT": kit(), "SCRIPTLETS": f"{{{functions}}}"}
    return _PLACE.sub(lambda found: parts[found[1]], read_script("scriptlets.js"))


class ScriptletFilters:
    """The scriptlets of a session. Qt thread only."""

    def __init__(self, profile: QWebEngineProfile, policy: PolicyControl) -> None:
        self._profile = profile
        self._policy = policy
        self._places: OrderedDict[str, tuple[_Call, ...]] = OrderedDict()
        self._engine_mark: object = None
        self._script: QWebEngineScript | None = None

    def prepare(self, url: QUrl, top: str) -> None:
        """A frame is about to show `url` on the page `top`: its calls are made first."""
        urlstr = encoded(url)
        host = host_of(urlstr)
        if url.scheme() not in ("http", "https") or host is None:
            return
        engine = self._policy.snapshot.engine
        is_new = engine.mark is not self._engine_mark
        if is_new:
            self._places.clear()
            self._engine_mark = engine.mark
        place = place_of(host, top)
        before = self._places.pop(place, ())
        calls = self._calls(engine, urlstr, top)
        if calls:
            self._places[place] = calls
            if len(self._places) > _PLACES_KEPT:
                self._places.popitem(last=False)
        if calls != before or is_new:
            self._replace_script()

    def _calls(self, engine: Engine, urlstr: str, top: str) -> tuple[_Call, ...]:
        if not self._policy.is_blocking(site_key(top)):
            return ()
        ancestor = host_of(top)
        above = () if ancestor is None or top == urlstr else (ancestor,)
        return calls_of(engine.cosmetics(urlstr, above))

    def _replace_script(self) -> None:
        scripts = self._profile.scripts()
        if scripts is None:
            return
        if self._script is not None:
            scripts.remove(self._script)
            self._script = None
        if not self._places:
            return
        script = QWebEngineScript()
        script.setName(_NAME)
        script.setWorldId(_WORLD)
        script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
        script.setRunsOnSubFrames(True)
        script.setSourceCode(script_of(dict(self._places)))
        scripts.insert(script)
        self._script = script


def _placed(name: str, is_used: bool) -> str:
    """One entry of the table of functions, or as many empty lines.

    A page that sees a stack must not learn from line numbers what other sites call.
    """
    source = source_of(name) or ""
    lines = source.count("\n") + 1
    return f"{json.dumps(name)}: {source},\n" if is_used else "\n" * lines


def _texts(words: Iterable[str]) -> dict[str, str]:
    """The texts of stand-ins that calls answer requests with."""
    found: dict[str, str] = {}
    for word in words:
        if word.startswith(_STAND_IN):
            name = word.removeprefix(_STAND_IN)
            answer = stand_in(stand_in_name(name) or "")
            if answer is not None:
                found[name] = answer.body.decode("utf-8", "replace")
    return found

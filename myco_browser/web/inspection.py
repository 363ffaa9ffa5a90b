"""The inspection bridge: puts the session's identity into realms that page scripts do not reach.

The engine speaks its inspection protocol with one page per inspected page, without a port that
other programs could use. Ours is a hidden one that runs `inspection.js` in place of the developer
tools: frames that are read at once and workers get the identity before their own code runs.

One inspector per page: where the user opened the developer tools, the same script runs in them,
before they do, and is the bridge.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence

from PyQt6.QtCore import QCoreApplication, QEvent, QObject, QTimer, QUrl, pyqtSignal
from PyQt6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineScript,
    QWebEngineSettings,
)

from myco_browser.domain.agents import Agent
from myco_browser.domain.identity import SessionIdentity
from myco_browser.web.turns import Turn, Turns
from myco_resources import read_script

_log = logging.getLogger(__name__)

_PREFIX = "\x02myco\x02"
_TOOLS = "devtools://devtools/bundled/inspector.html"
_PATIENCE_MS = 4000
_TRIES = 3
_SPARE_AFTER_MS = 1000
_MAIN_WORLD = QWebEngineScript.ScriptWorldId.MainWorld.value


def identity_source(values: Mapping[str, object], open_origins: Sequence[str] = ()) -> str:
    """The script that gives a realm the session's identity, but for pages of these origins."""
    filled = json.dumps({**values, "open": list(open_origins)})
    return read_script("identity.js").replace("__VALUES__", filled, 1)


def first_script(name: str, source: str) -> QWebEngineScript:
    """A script that runs before any of a page's, in the page's own world and its frames."""
    script = QWebEngineScript()
    script.setName(name)
    script.setWorldId(_MAIN_WORLD)
    script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
    script.setRunsOnSubFrames(True)
    script.setSourceCode(source)
    return script


class Inspections:
    """Makes the bridges of a session. `media` are emulated media features, by name.

    Pages wait for their bridge before they load anything, and it is kept while they are awake.
    `strict`: without it they are not opened.
    """

    def __init__(
        self, source: str, media: Sequence[tuple[str, str]], parent: QObject, *, strict: bool
    ) -> None:
        self.strict = strict
        self._is_first = True
        self._parent = parent
        self._profile: QWebEngineProfile | None = None
        features = [{"name": name, "value": value} for name, value in media]
        config = {
            "prefix": _PREFIX,
            "source": source,
            "media": features,
            "answerAgent": read_script("agent.js"),
        }
        self._config = config
        self._boot = self._script(beside=False)
        self._spare: _Tools | None = None
        self._turns = Turns()
        self._restock = _timer(parent, _SPARE_AFTER_MS, self.prepare)
        if (application := QCoreApplication.instance()) is not None:
            application.aboutToQuit.connect(self._end)

    def bridge(self, page: QWebEnginePage, *, at_once: bool = True) -> Inspection:
        """The bridge to `page`, not yet built. `at_once`: somebody waits for it, so that the spare
        one is taken."""
        make = self._tools if at_once else self._new_tools
        return Inspection(page, make, lambda: self._script(beside=True), self._turns)

    def next_begins_late(self) -> bool:
        """A page is made: whether its bridge is begun only when it is needed.

        So is that of the first everyday page, which may be the start page: that needs none, and
        would be there later.
        """
        is_first, self._is_first = self._is_first, False
        return is_first and not self.strict

    def _script(self, *, beside: bool) -> str:
        config = json.dumps({**self._config, "beside": beside})
        return read_script("inspection.js").replace("__CONFIG__", config, 1)

    def _tools(self, parent: QObject, hear: Callable[[str], None]) -> QWebEnginePage:
        self._restock.start()
        tools, self._spare = self._spare, None
        if tools is None:
            return self._new_tools(parent, hear)
        tools.setParent(parent)
        tools.hear = hear
        return tools

    def _new_tools(self, parent: QObject, hear: Callable[[str], None]) -> QWebEnginePage:
        return _Tools(self._own_profile(), parent, hear)

    def prepare(self) -> None:
        """Makes what the next bridge is built from, unless it is there.

        Pages wait for a bridge, and half of that time is the start of its process. The engine's
        tools load in it, and stop at once: they have no page to inspect yet.
        """
        if self._spare is None:
            self._spare = _Tools(self._own_profile(), self._parent, lambda _word: None)
            self._spare.load(QUrl(_TOOLS))

    def _end(self) -> None:
        """The session ends: what waits goes before its profile does."""
        self._restock.stop()
        self._turns.end()
        spare, self._spare = self._spare, None
        if spare is not None:
            spare.deleteLater()
            QCoreApplication.sendPostedEvents(spare, QEvent.Type.DeferredDelete)

    def _own_profile(self) -> QWebEngineProfile:
        if self._profile is None:
            self._profile = QWebEngineProfile(self._parent)
            if (settings := self._profile.settings()) is not None:
                settings.setAttribute(QWebEngineSettings.WebAttribute.AutoLoadIconsForPage, False)
            if (scripts := self._profile.scripts()) is not None:
                scripts.insert(first_script("myco-inspection", self._boot))
        return self._profile


def inspections_of(identity: SessionIdentity, parent: QObject) -> Inspections:
    """The bridges that give pages this identity."""
    source = identity_source(identity.script_values())
    return Inspections(source, identity.media(), parent, strict=identity.uniform)


class Inspection(QObject):
    """The bridge to one page. `armed` tells that every realm gets the identity from now on."""

    armed = pyqtSignal()
    failed = pyqtSignal()
    told_cookies = pyqtSignal(str)
    """The answer to `ask_cookies`: a JSON list in the words of the inspection protocol."""

    def __init__(
        self,
        page: QWebEnginePage,
        make: Callable[[QObject, Callable[[str], None]], QWebEnginePage],
        script_beside: Callable[[], str],
        turns: Turns,
    ) -> None:
        super().__init__(page)
        self._turn = turn = Turn(page.isVisible, self._begin)
        self._turns = turns
        self.destroyed.connect(lambda: turns.leave(turn))
        self._page = page
        self._make = make
        self._script_beside = script_beside
        self._is_shared = False
        self._tools: QWebEnginePage | None = None
        self._tries = 0
        self._agent: Agent | None = None
        self._untold = 0
        self._on_picture: Callable[[str, bool], None] = lambda _png, _whole: None
        self.is_armed = False
        self._delay = _timer(self, 0, self.build)
        self._patience = _timer(self, _PATIENCE_MS, self._try_again)

    def build_in(self, milliseconds: int) -> None:
        """Builds the bridge after this time, if it is not there by then."""
        self._rest(False)
        if self._tools is None and not self._delay.isActive():
            self._delay.start(milliseconds)

    def build(self) -> None:
        """Builds the bridge, unless it stands."""
        self._rest(False)
        if self._tools is None:
            self._turns.take(self._turn)

    def _begin(self) -> None:
        self._tools = self._make(self, self._hear)
        self._tools.renderProcessTerminated.connect(self._on_end)
        self._patience.start()
        self._tools.setInspectedPage(self._page)

    def release(self) -> None:
        """Takes the bridge down; what it put into realms stays there.

        In the user's developer tools it stays, and rests.
        """
        self._rest(True)
        if self._is_shared:
            return
        self._turns.leave(self._turn)
        self._delay.stop()
        self._patience.stop()
        self.is_armed = False
        self._untold = 0
        tools, self._tools = self._tools, None
        if tools is not None:
            tools.setInspectedPage(None)
            tools.deleteLater()

    def open_tools(self, parent: QObject) -> QWebEnginePage:
        """The user's developer tools, which are the bridge from now on."""
        self.release()
        profile = self._page.profile()
        assert profile is not None
        tools = _Tools(profile, parent, self._hear)
        tools.scripts().insert(first_script("myco-inspection", self._script_beside()))
        self._tools, self._is_shared = tools, True
        tools.setInspectedPage(self._page)
        return tools

    def close_tools(self) -> None:
        """The user's developer tools close: the bridge is built anew."""
        self._is_shared = False
        tools, self._tools = self._tools, None
        self.is_armed = False
        self._untold = 0
        self._patience.stop()
        if tools is not None:
            tools.setInspectedPage(None)
        self.build()

    def forget(self, origin: str) -> bool:
        """Deletes what pages of `origin` stored in this session; False while there is no bridge."""
        if self._tools is None or not self.is_armed:
            return False
        self._tools.runJavaScript(f"forget({json.dumps(origin)})", _MAIN_WORLD)
        return True

    @property
    def is_changing(self) -> bool:
        """Whether the bridge stands, but the page is still being told another browser."""
        return self._untold > 0

    def tell(self, agent: Agent | None) -> None:
        """Which browser every realm of the page is told; None for the engine's own.

        A bridge that stands is armed again when that holds.
        """
        if agent != self._agent:
            self._agent = agent
            if self.is_armed or self.is_changing:
                self._send_agent()

    def ask_picture(self, answer: Callable[[str, bool], None]) -> bool:
        """A picture of the whole page as base64 of a PNG ("" if it failed), and whether it is all.

        False while there is no bridge; the last who asks is answered.
        """
        if self._tools is None or not self.is_armed:
            return False
        self._on_picture = answer
        self._tools.runJavaScript("takePicture()", _MAIN_WORLD)
        return True

    def ask_cookies(self, url: str) -> None:
        """Asks which cookies a request for `url` would carry; not answered without a bridge."""
        if self._tools is not None and self.is_armed:
            self._tools.runJavaScript(f"cookiesFor({json.dumps(url)})", _MAIN_WORLD)

    def _rest(self, on: bool) -> None:
        if self._is_shared and self._tools is not None:
            self._tools.runJavaScript(f"rest({json.dumps(on)})", _MAIN_WORLD)

    def _hear(self, word: str) -> None:
        if self._tools is None:
            return
        if word == "told" and self._untold:
            self._untold -= 1
            if not self._untold:
                self._arm()
        elif word.startswith("picture"):
            self._on_picture(word[8:], word[7:8] == "1")
        elif word.startswith("cookies"):
            self.told_cookies.emit(word.removeprefix("cookies"))
        elif word == "armed" and not self.is_armed and not self._untold:
            if self._agent is None:
                self._arm()
            else:
                self._send_agent()

    def _arm(self) -> None:
        self._turns.leave(self._turn)
        self._patience.stop()
        self._tries = 0
        self.is_armed = True
        self.armed.emit()

    def _send_agent(self) -> None:
        agent, told = self._agent, None
        if agent is not None:
            told = agent.override()
        if self._tools is not None:
            self.is_armed = False
            self._untold += 1
            self._patience.start()
            self._tools.runJavaScript(f"setAgent({json.dumps(told)})", _MAIN_WORLD)

    def _on_end(self) -> None:
        # Its process was ended from outside: no realm of the page is prepared any more.
        self.release()
        self.build_in(0)

    def _try_again(self) -> None:
        self.release()
        self._tries += 1
        if self._tries < _TRIES and not self._is_shared:
            self.build()
        else:
            _log.warning("the inspection bridge to a page could not be built")
            self._tries = 0
            self.failed.emit()


def _timer(parent: QObject, interval: int, act: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(interval)
    timer.timeout.connect(act)
    return timer


class _Tools(QWebEnginePage):
    """The hidden page. It loads the engine's developer tools and stops them at once."""

    def __init__(
        self, profile: QWebEngineProfile, parent: QObject, hear: Callable[[str], None]
    ) -> None:
        super().__init__(profile, parent)
        self.hear = hear

    def javaScriptConsoleMessage(
        self,
        _level: QWebEnginePage.JavaScriptConsoleMessageLevel,
        message: str | None,
        _line: int,
        _source: str | None,
    ) -> None:
        if message and message.startswith(_PREFIX):
            self.hear(message.removeprefix(_PREFIX))

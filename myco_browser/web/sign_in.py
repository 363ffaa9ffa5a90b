"""Sees and fills sign-in forms of pages, by a script in a world of its own.

The script tells over the console, marked by a random word, only that something happened. What was
typed is asked for by a call, whose answer goes past the console: passwords get into no log.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import NamedTuple

from PyQt6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile, QWebEngineScript

from myco_resources import read_script

_WORLD = QWebEngineScript.ScriptWorldId.UserWorld.value + 1
_WORDS = frozenset({"form", "named", "sent", "gone"})
_LONGEST = 4096
_MOST_TARGETS = 50


class SentForm(NamedTuple):
    """What a form was about to send; the password is "" when it asked for a name only."""

    origin: str
    username: str
    password: str

    def __repr__(self) -> str:
        """Without the password: it must not get into a log."""
        return f"SentForm({self.origin!r})"


class FormState(NamedTuple):
    """The sign-in form of a page. `targets` are the addresses that it may be sent to."""

    origin: str
    is_there: bool
    passwords: int
    asks_new: bool
    targets: tuple[str, ...]


class SignInScript:
    """The script of a session's pages. Qt thread only."""

    def __init__(self, profile: QWebEngineProfile) -> None:
        self._token = secrets.token_hex(16)
        config = json.dumps({"token": self._token})
        script = QWebEngineScript()
        script.setName("myco-sign-in")
        script.setWorldId(_WORLD)
        script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
        script.setRunsOnSubFrames(False)
        script.setSourceCode(read_script("sign-in.js").replace("__CONFIG__", config, 1))
        if (scripts := profile.scripts()) is not None:
            scripts.insert(script)

    def word(self, message: str | None) -> str | None:
        """What the script told by a line on the console; None for lines of others."""
        if not message or not message.startswith(self._token):
            return None
        word = message[len(self._token) :]
        return word if word in _WORDS else None

    def state(self, page: QWebEnginePage, answer: Callable[[FormState | None], None]) -> None:
        """Which form there is now."""
        _call(page, "state()", lambda raw: answer(_state(raw)))

    def take(self, page: QWebEnginePage, answer: Callable[[SentForm | None], None]) -> None:
        """What was sent last; it is given once."""
        _call(page, "take()", lambda raw: answer(_sent(raw)))

    def fill(
        self,
        page: QWebEnginePage,
        origin: str,
        username: str,
        password: str,
        answer: Callable[[str], None],
    ) -> None:
        """Fills the form that is meant, on a page of exactly this origin.

        The answer is "", or why it was not done: "elsewhere", "nothing", "hidden" or "covered".
        """
        arguments = ", ".join(json.dumps(one) for one in (origin, username, password))
        _call(page, f"fill({arguments})", lambda raw: answer(_refusal(raw)))

    def fill_new(
        self, page: QWebEnginePage, origin: str, password: str, answer: Callable[[str], None]
    ) -> None:
        """Fills a new password where the form asks for one; the answer is as with `fill`."""
        arguments = f"{json.dumps(origin)}, {json.dumps(password)}"
        _call(page, f"fillNew({arguments})", lambda raw: answer(_refusal(raw)))


def _call(page: QWebEnginePage, call: str, answer: Callable[[object], None]) -> None:
    page.runJavaScript(f"globalThis.mycoSignIn?.{call}", _WORLD, answer)


def _refusal(raw: object) -> str:
    return raw if isinstance(raw, str) else "nothing"


def _sent(raw: object) -> SentForm | None:
    if not isinstance(raw, dict):
        return None
    texts = [raw.get(name) for name in SentForm._fields]
    if not all(isinstance(text, str) and len(text) <= _LONGEST for text in texts):
        return None
    return SentForm(*map(str, texts))


def _state(raw: object) -> FormState | None:
    if not isinstance(raw, dict):
        return None
    targets, count = raw.get("targets"), raw.get("passwords")
    rows = targets[:_MOST_TARGETS] if isinstance(targets, list) else []
    return FormState(
        str(raw.get("origin", "")),
        raw.get("forms") is True,
        int(count) if isinstance(count, int | float) else 0,
        raw.get("fresh") is True,
        tuple(str(one) for one in rows),
    )

"""Holds back what a form on an encrypted page would send in the clear, until the user agrees.

The engine sends such forms as if nothing were to be said about them, also where an encrypted server
sends their content on (307, 308). What a page sends by scripts it refuses by itself.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import NamedTuple
from urllib.parse import parse_qsl

from PyQt6.QtCore import QIODevice
from PyQt6.QtWebEngineCore import QWebEnginePage, QWebEngineScript, QWebEngineUrlRequestInfo

from myco_browser.domain.logins import is_private_way
from myco_resources import read_script

_Info = QWebEngineUrlRequestInfo
_FORM = _Info.NavigationType.NavigationTypeFormSubmitted
_USUAL_KIND = b"application/x-www-form-urlencoded"
_KEPT = 16
_LONGEST = 1024 * 1024


class HeldForm(NamedTuple):
    """What waits for the user's yes."""

    urlstr: str
    pairs: tuple[tuple[str, str], ...] | None
    """What it sends (by POST); empty when that stands in the address, None when it is of a kind
    that only the page itself can send."""


class InsecureForms:
    """The held forms of a session. Qt thread only."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, HeldForm] = OrderedDict()
        self._agreed: set[str] = set()

    def holds(self, info: QWebEngineUrlRequestInfo, urlstr: str) -> bool:
        """Whether the request for a page at `urlstr` has to wait for a yes.

        It is remembered then, until the address is asked for again.
        """
        self._held.pop(urlstr, None)
        if info.requestUrl().scheme() != "http" or info.initiator().scheme() != "https":
            return False
        is_post = bytes(info.requestMethod().data()) not in (b"GET", b"HEAD")
        if not is_post and info.navigationType() != _FORM:
            return False
        if urlstr in self._agreed or is_private_way(urlstr):
            self._agreed.discard(urlstr)
            return False
        self._held[urlstr] = HeldForm(urlstr, _content(info) or None if is_post else ())
        if len(self._held) > _KEPT:
            self._held.popitem(last=False)
        return True

    def held(self, urlstr: str) -> HeldForm | None:
        """The form that waits to be sent to this address."""
        return self._held.get(urlstr)

    def send(self, form: HeldForm, page: QWebEnginePage) -> bool:
        """The user agrees, this once. False when the user has to send it again in the page.

        It is sent by the page it was on, which is still there, so that the server is told nothing
        else than by the page.
        """
        self._agreed.add(form.urlstr)
        if form.pairs is None:
            return False
        wanted = json.dumps({"url": form.urlstr, "pairs": form.pairs})
        source = read_script("send-form.js").replace("__WANTED__", wanted, 1)
        page.runJavaScript(source, QWebEngineScript.ScriptWorldId.ApplicationWorld.value)
        return True


def _content(info: QWebEngineUrlRequestInfo) -> tuple[tuple[str, str], ...] | None:
    headers = {bytes(name.data()).lower(): value for name, value in info.httpHeaders().items()}
    kind = headers.get(b"content-type")
    body = info.requestBody()
    if body is None or kind is None or not bytes(kind.data()).startswith(_USUAL_KIND):
        return None
    if not body.isOpen() and not body.open(QIODevice.OpenModeFlag.ReadOnly):
        return None
    read = bytes(body.read(_LONGEST + 1))
    if len(read) > _LONGEST:
        return None
    try:
        return tuple(parse_qsl(read.decode("ascii"), keep_blank_values=True, errors="strict"))
    except ValueError:
        # Another encoding than UTF-8, or one that the page made up.
        return None

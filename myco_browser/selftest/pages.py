"""The pages of the self-test, and where they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote

from myco_browser.domain.messages import N_
from myco_resources import read_self_test

KINDS = ("private", "everyday")
# No such names can exist (RFC 2606): only the self-test's own door knows where they are. Each is a
# site of its own.
TELL, OTHER, THIRD, ONE, TWO = (
    f"{word}-selftest.invalid" for word in ("tell", "other", "third", "one", "two")
)
LINKED = tuple(f"{word}-selftest.invalid" for word in ("dns-prefetch", "preconnect", "prefetch"))
UPGRADE = {kind: f"upgrade-{kind}-selftest.invalid" for kind in KINDS}
COOKIES = "third.localhost"
"""A third party that may set cookies: those of others need encryption, this machine's do not."""
NAMES = (TELL, OTHER, THIRD, ONE, TWO, *LINKED)

REALMS = (
    N_("page"),
    N_("frame, empty, read at once"),
    N_("frame, srcdoc, read at once"),
    N_("frame, by innerHTML, read at once"),
    N_("frame, document.write"),
    N_("object"),
    N_("frame, sandboxed without scripts"),
    N_("frame, srcdoc"),
    N_("frame, blob:"),
    N_("frame, data:"),
    N_("frame, sandboxed"),
    N_("frame, same site"),
    N_("frame, other site"),
    N_("worker, blob:"),
    N_("worker, data:"),
    N_("worker, script"),
    N_("worker, module"),
    N_("worker, nested"),
    N_("window, empty, read at once"),
    N_("window, read at once"),
    N_("window"),
)

_HINTS = "Sec-CH-UA-Platform-Version, Sec-CH-UA-Model, Sec-CH-UA-Arch, Device-Memory, DPR, RTT, ECT"
_ARMING = "<title>myco-arm</title>"


class Answer(NamedTuple):
    """What a server answers."""

    body: bytes
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


class Places(NamedTuple):
    """The ports of the self-test's servers, on 127.0.0.1."""

    site: int
    stun: int
    trap: int


def start_url(kind: str, port: int) -> str:
    """The first page: a secure context, as addresses of this machine are."""
    return f"http://localhost:{port}/{kind}/"


class Pages:
    """Answers requests for one session's pages."""

    def __init__(self, kind: str, places: Places) -> None:
        self._kind = kind
        self._places = places
        self._visits = 0
        self._kept = 0

    def answer(self, host: str, path: str) -> Answer:
        """What is served; `path` begins with the session's name."""
        page, _, query = path.removeprefix(f"/{self._kind}/").partition("?")
        match page:
            case "" if host == "localhost":
                return self._first()
            case "frame":
                return _page(f"<script>{self._realm(unquote(query))}</script>")
            case "worker.js":
                return _script(self._realm("worker, script"))
            case "service.js":
                return _script("1")
            case "site" if query.isdecimal():
                return _page(f"<body><script>{self._part(int(query))}</script>")
            case "third" if query.isdecimal():
                third = self._fill("third.js", PLAN=self._plan(number=int(query)))
                return _page(f"<script src=kept.js></script><script>{third}</script>")
            case "cookie":
                left = (("Set-Cookie", "seen=1; Max-Age=9999; SameSite=None; Secure"),)
                return Answer(b"cookie", headers=left)
            case "kept.js":
                return self._keep()
            case _:
                return Answer(b"", "text/plain", 404)

    def _first(self) -> Answer:
        self._visits += 1
        hints = (("Accept-CH", _HINTS), ("Critical-CH", "Device-Memory"))
        if self._visits == 1:
            # The everyday session's bridge is built beside the first page, not before it.
            return Answer(_ARMING.encode(), headers=hints)
        plan = self._plan(
            other=self._url(OTHER, ""),
            first=self._url(ONE, "site?1"),
            third=f"http://{COOKIES}:{self._places.site}/{self._kind}/",
            stun=f"stun:127.0.0.1:{self._places.stun}",
            wanted=REALMS,
        )
        script = self._fill(
            "realms.js", PLAN=plan, WINDOW=read_self_test("window.js"),
            REALM_CODE=json.dumps(self._realm("@REALM@")).replace("</", "<\\/"),
        )  # fmt: skip
        style = "<style>html,body{height:100%;margin:0}iframe{width:9px;height:9px}</style>"
        return _page(f"<title>self-test</title>{style}<body><script>{script}</script>")

    def _keep(self) -> Answer:
        """A file for the cache, each answer with a number of its own: that is how a copy shows."""
        self._kept += 1
        kept = (("Cache-Control", "max-age=9999"),)
        return Answer(b"self.kept = %d" % self._kept, "text/javascript", headers=kept)

    def _part(self, number: int) -> str:
        following = {1: self._url(TWO, "site?2"), 2: self._url(ONE, "site?3")}
        plan = self._plan(
            third=self._url(THIRD, f"third?{number}"),
            number=number,
            traps=self._traps() if number == 1 else [],
            # The last step asks for a page in the clear.
            next=following.get(number, f"http://{UPGRADE[self._kind]}/{self._kind}/plain"),
        )
        return self._fill("part.js", PLAN=plan)

    def _traps(self) -> list[str]:
        hosts = ("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433")  # noqa: S104 - asked for
        port = self._places.trap
        return [*(f"http://{host}:{port}/trap" for host in hosts), f"ws://127.0.0.1:{port}/trap"]

    def _plan(self, **more: object) -> str:
        return json.dumps({"kind": self._kind, "tell": self._tell(), **more})

    def _tell(self) -> str:
        return self._url(TELL, "tell")

    def _url(self, host: str, page: str) -> str:
        # With a port: addresses without one are asked for by encrypted connection first.
        return f"http://{host}:{self._places.site}/{self._kind}/{page}"

    def _realm(self, realm: str) -> str:
        is_window = "true" if realm == "window" else "false"
        return self._fill(
            "realm.js", TELL=json.dumps(self._tell()), REALM=json.dumps(realm), IS_POPUP=is_window
        )

    def _fill(self, name: str, **values: str) -> str:
        texts: Mapping[str, str] = {
            **values, "PROBE": read_self_test("probe.js"), "LATER": read_self_test("later.js"),
        }  # fmt: skip
        script = read_self_test(name)
        for word, text in texts.items():
            script = script.replace(f"__{word}__", text.strip())
        return script


def _page(text: str) -> Answer:
    return Answer(text.encode())


def _script(text: str) -> Answer:
    return Answer(text.encode(), "text/javascript")

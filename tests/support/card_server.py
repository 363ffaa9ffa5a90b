"""A small CardDAV server in this process: it counts no changes (RFC 6578), gives no more than fifty
cards at once, keeps what it was asked, and misbehaves where it is told to.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from support.dav_servers import address_of

from myco_browser.domain.addresses import WebAddress

_OPEN = (
    '<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav" '
    'xmlns:s="http://calendarserver.org/ns/">'
)
_GROWING = [(f"&{a};", b) for a, b in zip("abcdefg", "bcdefgh", strict=True)]
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {two} "{one * 10}">' for one, two in _GROWING)
    + "]><d:multistatus xmlns:d='DAV:'>&h;</d:multistatus>"
)


@dataclass
class CardServer:
    """What it has and saw. `broken`: "" or the name of a trick (see `_Handler`)."""

    address: WebAddress
    cards: dict[str, str] = field(default_factory=dict)
    state: int = 1
    asked: list[str] = field(default_factory=list)
    """Methods, with the number of cards that were asked for together."""
    broken: str = ""
    tokens: set[str] | None = None
    """Who has none of these is sent away; None: everybody may look."""
    credentials: list[str] = field(default_factory=list)


@contextlib.contextmanager
def card_server() -> Iterator[CardServer]:
    """A server that is gone afterwards."""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    httpd.daemon_threads = True
    server = CardServer(address_of(httpd.server_address[1]))
    httpd.told = server  # type: ignore[attr-defined]
    thread = threading.Thread(target=httpd.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.daemon_threads = False
        thread.join()
        httpd.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def told(self) -> CardServer:
        found: CardServer = self.server.told  # type: ignore[attr-defined]
        return found

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""

    def _may_look(self) -> bool:
        tokens = self.told.tokens
        word = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.told.broken != "refused" and (tokens is None or word in tokens):
            return True
        self._say(401, "")
        return False

    def do_PROPFIND(self) -> None:
        self._body()
        if not self._may_look():
            return
        self.told.asked.append("PROPFIND")
        self.told.credentials.append(self.headers.get("Authorization", ""))
        match self.told.broken:
            case "circles":
                self._say(302, "", {"Location": self.path})
            case "elsewhere":
                self._say(302, "", {"Location": "http://elsewhere.test/"})
            case _ if self.path.startswith("/.well-known"):
                self._say(301, "", {"Location": "/me/"})
            case "bomb":
                self._say(207, BOMB)
            case "page":
                self._say(207, "<html><p>Sign in<br></html>")
            case "empty":
                self._say(207, "")
            case "deep":
                self._say(207, _OPEN + "<d:x>" * 5000)
            case "long":
                self._say(207, _OPEN + "<d:response><d:href>" + "a" * 3_000_000)
            case "endless":
                self._endless()
            case _ if self.path == "/me/":
                self._say(207, self._listed())
            case _:
                rows = "".join(_row(href, f'"{hash(t)}"') for href, t in self.told.cards.items())
                self._say(207, f"{_OPEN}{rows}</d:multistatus>")

    def do_REPORT(self) -> None:
        hrefs = re.findall("<d:href>(.*?)</d:href>", self._body())
        if not self._may_look():
            return
        self.told.asked.append(f"REPORT {len(hrefs)}")
        if len(hrefs) > 50:
            self._say(504, "")
            return
        rows = "".join(
            _row(href, f'"{hash(self.told.cards[href])}"', self.told.cards[href])
            for href in hrefs
            if href in self.told.cards
        )
        # One that was not asked for, and one outside of the book.
        stray = _row("/me/book/stray.vcf", '"1"', "BEGIN:VCARD\nEND:VCARD")
        outside = _row("/me/book/../../etc/passwd", '"1"', "BEGIN:VCARD\nEND:VCARD")
        self._say(207, f"{_OPEN}{rows}{stray}{outside}</d:multistatus>")

    def _listed(self) -> str:
        home = "<c:addressbook-home-set><d:href>/me/</d:href></c:addressbook-home-set>"
        book = (
            "<d:response><d:href>/me/book/</d:href><d:propstat><d:prop><d:resourcetype>"
            "<d:collection/><c:addressbook/></d:resourcetype><d:displayname>Book</d:displayname>"
            f"<s:getctag>{self.told.state}</s:getctag></d:prop><d:status>HTTP/1.1 200 OK</d:status>"
            "</d:propstat></d:response>"
        )
        own = (
            f"<d:response><d:href>/me/</d:href><d:propstat><d:prop>{home}</d:prop>"
            "<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
        )
        return f"{_OPEN}{own}{book}</d:multistatus>"

    def _endless(self) -> None:
        self.send_response(207)
        self.send_header("Connection", "close")
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(_OPEN.encode())
            while True:
                self.wfile.write(b"<d:y>" + b" " * 4000 + b"</d:y>" + b"\n" * 60_000)

    def _body(self) -> str:
        return self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()

    def _say(self, status: int, body: str, headers: dict[str, str] | None = None) -> None:
        raw = body.encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(raw)


def _row(href: str, etag: str, text: str = "") -> str:
    shown = text.replace("&", "&amp;").replace("<", "&lt;")
    card = f"<c:address-data>{shown}</c:address-data>" if text else ""
    return (
        f"<d:response><d:href>{href}</d:href><d:propstat><d:prop><d:getetag>{etag}</d:getetag>"
        f"{card}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
    )

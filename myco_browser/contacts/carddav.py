"""Cards on a server (RFC 6352): finding the books, following changes, reading, writing, deleting.

Nothing that was changed meanwhile is written over: every change names the state it is meant for.
What a server sends is limited in number and length; references that lead out of a book are
dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import quote, unquote, urljoin
from xml.sax.saxutils import escape

from myco_browser.contacts.vcard import MAX_CARD
from myco_browser.domain.addresses import WebAddress, parse_web_address
from myco_browser.domain.contacts import Book
from myco_browser.domain.files import FilesCause
from myco_browser.domain.hosts import is_loopback_host, registrable_domain
from myco_browser.files.errors import FilesError, error_of
from myco_browser.files.http import Answer, Credentials, Line, Shows
from myco_browser.files.multistatus import DAV, Multistatus, Row
from myco_browser.system.dialled import Way

CARDS = "urn:ietf:params:xml:ns:carddav"
CALENDARSERVER = "http://calendarserver.org/ns/"
AT_ONCE = 50
"""Cards that are asked for together; some providers answer no more in time."""

_XML = "application/xml; charset=utf-8"
_HEAD = '<?xml version="1.0" encoding="utf-8"?>'
_SPACES = f'xmlns:d="DAV:" xmlns:c="{CARDS}" xmlns:s="{CALENDARSERVER}"'
_WHERE = (
    "<d:current-user-principal/><d:resourcetype/><c:addressbook-home-set/><d:displayname/>"
    "<d:sync-token/><s:getctag/><d:current-user-privilege-set/>"
)
_MOST_REDIRECTS = 5
_MOST_ROUNDS = 1000
_MOST_BYTES = 96 << 20
_MOST_CARDS = 50_000
_REDIRECTS = (301, 302, 303, 307, 308)
_STALE = (400, 403, 409, 410, 412)
_PATH = re.compile(r"/[!-~]*")


class Found(NamedTuple):
    """Where the books of a user are."""

    home: WebAddress
    books: tuple[Book, ...]


class Changes(NamedTuple):
    """What happened in a book: etags by path, and paths that are gone.

    `is_whole`: it is all there is, and what is not in it is gone.
    """

    etags: Mapping[str, str]
    gone: frozenset[str]
    token: str
    is_whole: bool


class Stored(NamedTuple):
    """A card as it lies on the server."""

    href: str
    etag: str
    text: str


def settled(way: Way, start: WebAddress) -> WebAddress:
    """Where an address leads, asked without credentials. Raises FilesError.

    Servers say by a redirect where their cards are (RFC 6764, 5), also on another host: over an
    encrypted connection, which it has to stay.
    """
    address = start
    for _turn in range(_MOST_REDIRECTS):
        line = Line(way, address, Credentials())
        try:
            answer = line.ask("PROPFIND", address.rest, _headers("0"), _propfind(_WHERE))
        finally:
            line.close()
        if answer.status not in _REDIRECTS:
            return address
        to = parse_web_address(urljoin(address.url, answer.headers.get("location", "")))
        if to is None or to.userinfo or not _is_as_safe(to, address):
            raise FilesError(FilesCause.BROKEN, "it leads nowhere")
        address = to
    raise FilesError(FilesCause.BROKEN, "it leads in circles")


def find_books(way: Way, start: WebAddress, credentials: Shows) -> Found:
    """The books of a user, from any address of the server. Raises FilesError."""
    dav = CardDav(way, start, credentials)
    try:
        home = _home(dav, start)
        # Large providers have a host for each user; it is one of theirs.
        if home.authority != start.authority and not _is_neighbour(home, start):
            raise FilesError(FilesCause.BROKEN, "the cards are somewhere else")
        dav.close()
        dav = CardDav(way, home, credentials)
        return Found(home, dav.books())
    finally:
        dav.close()


class CardDav:
    """The books of one account, over one connection. For one thread; see `Line`."""

    def __init__(self, way: Way, home: WebAddress, credentials: Shows) -> None:
        self._line = Line(way, home, credentials)
        self._home = home

    def close(self) -> None:
        """Ends the connection."""
        self._line.close()

    def cancel(self) -> None:
        """From any thread: ends what runs, for good."""
        self._line.cancel()

    def books(self) -> tuple[Book, ...]:
        """The books below the home, or the one that it is. Raises FilesError."""
        rows = self.rows(self._home.rest, "1", _WHERE)
        found = (self._book(row) for row in rows if "addressbook" in row.kinds)
        return tuple(book for book in found if book is not None)

    def changes(self, book: Book, token: str) -> Changes:
        """What happened since `token`; everything without one. Raises FilesError."""
        if not book.token:
            return self._everything(book, "")
        try:
            return self._since(book, token)
        except FilesError as error:
            if not token or error.cause is FilesCause.BROKEN:
                raise
            # The server does not know the token any more (RFC 6578, 3.2).
            return self._since(book, "")

    def cards(self, book: Book, hrefs: Sequence[str]) -> Iterator[Stored]:
        """Those cards, as far as they are still there. Raises FilesError."""
        for begin in range(0, len(hrefs), AT_ONCE):
            wanted = hrefs[begin : begin + AT_ONCE]
            asked = "".join(f"<d:href>{escape(href)}</d:href>" for href in wanted)
            body = (
                f"{_HEAD}<c:addressbook-multiget {_SPACES}><d:prop><d:getetag/>"
                f"<c:address-data/></d:prop>{asked}</c:addressbook-multiget>"
            )
            known = {_plain(href): href for href in wanted}
            for row in self._multistatus("REPORT", book.href, "1", body, Multistatus(MAX_CARD)):
                href = known.get(_plain(self._inside(row.href, book) or ""))
                text = row.properties.get((CARDS, "address-data"), "")
                if href is not None and text and 200 <= row.status < 300:
                    yield Stored(href, _etag(row), text)

    def read(self, book: Book, href: str) -> Stored | None:
        """One card; None when it is gone. Raises FilesError."""
        found = list(self.cards(book, [href]))
        return found[0] if found else None

    def write(self, href: str, text: str, etag: str) -> str:
        """Writes a card over the one of that etag, or as a new one without; its new etag, or "".

        Raises FilesError: TAKEN or CHANGED when it is not as expected.
        """
        headers = {"If-Match": etag} if etag else {"If-None-Match": "*"}
        headers["Content-Type"] = "text/vcard; charset=utf-8"
        answer = self._line.ask("PUT", _target(href), headers, text.encode("utf-8"))
        if answer.status == 412 and not etag:
            answer.drained()
            raise FilesError(FilesCause.TAKEN, "PUT")
        self._expect(answer, (200, 201, 204), "PUT")
        return answer.headers.get("etag", "").strip()[:1024]

    def delete(self, href: str, etag: str) -> None:
        """Deletes a card if it is still of that etag. Raises FilesError."""
        headers = {"If-Match": etag} if etag else {}
        self._expect(self._line.ask("DELETE", _target(href), headers), (200, 204), "DELETE")

    def rows(self, path: str, depth: str, properties: str) -> Iterator[Row]:
        """Properties of what lies at a path. Raises FilesError."""
        return self._multistatus("PROPFIND", path, depth, _propfind(properties), Multistatus())

    def _since(self, book: Book, token: str) -> Changes:
        etags: dict[str, str] = {}
        gone: set[str] = set()
        current = token
        for _round in range(_MOST_ROUNDS):
            body = (
                f"{_HEAD}<d:sync-collection {_SPACES}><d:sync-token>{escape(current)}"
                "</d:sync-token><d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop>"
                "</d:sync-collection>"
            )
            reader = Multistatus()
            is_cut = False
            for row in self._multistatus("REPORT", book.href, "0", body, reader):
                href = self._inside(row.href, book)
                if href is None:
                    # Of the book itself: there is more to come (RFC 6578, 3.6).
                    is_cut = is_cut or row.status == 507
                elif row.status == 404:
                    gone.add(href)
                    etags.pop(href, None)
                elif 200 <= row.status < 300 and not row.is_collection:
                    etags[href] = _etag(row)
                    gone.discard(href)
                self._count(etags)
            previous, current = current, reader.sync_token
            if not current:
                raise FilesError(FilesCause.BROKEN, "no token came")
            if not is_cut or current == previous:
                return Changes(etags, frozenset(gone), current, is_whole=not token)
        raise FilesError(FilesCause.BROKEN, "the changes have no end")

    def _everything(self, book: Book, token: str) -> Changes:
        etags: dict[str, str] = {}
        for row in self.rows(book.href, "1", "<d:getetag/><d:resourcetype/>"):
            href = self._inside(row.href, book)
            if href is not None and 200 <= row.status < 300 and not row.is_collection:
                etags[href] = _etag(row)
                self._count(etags)
        return Changes(etags, frozenset(), token, is_whole=True)

    def _count(self, etags: Mapping[str, str]) -> None:
        if len(etags) > _MOST_CARDS:
            raise FilesError(FilesCause.BROKEN, "the book has too many cards")

    def _book(self, row: Row) -> Book | None:
        href = _path_of(row.href, self._home)
        if href is None:
            return None
        token = row.properties.get((DAV, "sync-token"), "").strip()
        state = row.properties.get((CALENDARSERVER, "getctag"), "").strip() or token
        name = " ".join(row.properties.get((DAV, "displayname"), "").split())[:100]
        # Who is told no rights is let try.
        may = not row.rights or not row.rights.isdisjoint({"all", "write", "write-content", "bind"})
        return Book(href if href.endswith("/") else f"{href}/", name, token, state, may)

    def _inside(self, href: str, book: Book) -> str | None:
        """The path of a card of the book; None for anything else."""
        path = _path_of(href, self._home)
        if path is None:
            return None
        plain, root = _plain(path), _plain(book.href)
        rest = plain.removeprefix(root)
        return path if rest != plain and rest and "/" not in rest.rstrip("/") else None

    def _multistatus(
        self, method: str, path: str, depth: str, body: str | bytes, reader: Multistatus
    ) -> Iterator[Row]:
        raw = body.encode("utf-8") if isinstance(body, str) else body
        answer = self._line.ask(method, _target(path), _headers(depth), raw)
        if answer.status in _REDIRECTS:
            self._line.close()
            raise FilesError(FilesCause.GONE, "it has moved")
        if answer.status in _STALE and method == "REPORT":
            answer.drained()
            raise FilesError(FilesCause.GONE, f"REPORT: status {answer.status}")
        self._expect(answer, (207,), method)
        received = 0
        for piece in answer.body:
            received += len(piece)
            if received > _MOST_BYTES:
                self._line.close()
                raise FilesError(FilesCause.BROKEN, "the answer has no end")
            yield from reader.feed(piece)
        yield from reader.finish()

    def _expect(self, answer: Answer, wanted: tuple[int, ...], what: str) -> None:
        if answer.status in wanted:
            if answer.status != 207:
                answer.drained()
            return
        self._line.close()  # whatever the body is, it is not read
        raise error_of(answer.status, what)


def _home(dav: CardDav, start: WebAddress) -> WebAddress:
    """From an address of the server to the user's home of books (RFC 6352, 7.1)."""
    path, seen = start.rest, set[str]()
    while path not in seen and len(seen) < 3:
        seen.add(path)
        row = None
        for found_row in dav.rows(path, "0", _WHERE):
            row = row or found_row
        if row is None:
            break
        if "addressbook" in row.kinds:
            return replace(start, rest=path)
        home = row.properties.get((CARDS, "addressbook-home-set"), "").strip()
        if home:
            found = parse_web_address(urljoin(start.url, home))
            if found is None or found.userinfo or not _is_as_safe(found, start):
                raise FilesError(FilesCause.BROKEN, "the home is no address")
            return found
        principal = row.properties.get((DAV, "current-user-principal"), "").strip()
        path = _path_of(principal, start) or "" if principal else ""
        if not path:
            break
    raise FilesError(FilesCause.UNSUPPORTED, "there are no contacts")


def _headers(depth: str) -> dict[str, str]:
    return {"Depth": depth, "Content-Type": _XML}


def _propfind(properties: str) -> bytes:
    return f"{_HEAD}<d:propfind {_SPACES}><d:prop>{properties}</d:prop></d:propfind>".encode()


def _etag(row: Row) -> str:
    found = row.properties.get((DAV, "getetag"), "").strip()
    return found if len(found) <= 1024 and found.isascii() and found.isprintable() else ""


def _path_of(href: str, base: WebAddress) -> str | None:
    """The path of a reference to the same server, as it is to be asked for; None for others."""
    found = parse_web_address(urljoin(base.url, href.strip()))
    if found is None or found.authority != base.authority or found.userinfo:
        return None
    path = found.rest.partition("?")[0].partition("#")[0]
    return None if ".." in unquote(path).split("/") else path


def _plain(path: str) -> str:
    return unquote(path, errors="surrogateescape")


def _target(path: str) -> str:
    return path if _PATH.fullmatch(path) else quote(path, safe="/%!$&'()*+,;=:@-._~")


def _is_as_safe(to: WebAddress, than: WebAddress) -> bool:
    """Encrypted, or within this machine as before."""
    if to.scheme == "https":
        return True
    return is_loopback_host(to.host) and is_loopback_host(than.host)


def _is_neighbour(one: WebAddress, other: WebAddress) -> bool:
    domain = registrable_domain(one.host)
    return domain is not None and domain == registrable_domain(other.host)

"""Goes on with a download where it stopped, by HTTP ranges (RFC 9110, 14), through the door.

The engine can go on with what it began itself, until it ends. After that this does: it asks the
server for the rest, on condition that its file is still the same one (If-Range). A server that has
another file now, or no ranges, sends all of it: then it begins anew, and says so.
"""

from __future__ import annotations

import asyncio
import os
import re
import ssl
import urllib.parse
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import certifi
import h11

from myco_browser.domain.addresses import WebAddress, parse_web_address
from myco_browser.domain.download_names import PART
from myco_browser.domain.downloads import Cause, condition
from myco_browser.services.download_files import cause_of
from myco_vpn.link import DialError, dial

CLIENT = "downloads"
"""The word under which the door counts these connections."""

_MAX_REDIRECTS = 5
_MAX_HEAD = 65_536
_CHUNK = 262_144
_SILENCE_S = 60.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be gone on with. `have` bytes of `total` are in `part` already."""

    url: str
    part: Path
    have: int
    total: int | None
    etag: str
    modified: str

    @property
    def is_page(self) -> bool:
        """Whether a page was downloaded: then a page may come again."""
        return self.part.name.removesuffix(PART).lower().endswith((".html", ".htm", ".xhtml"))


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server says about a file: enough to know later whether it is the same."""

    length: int | None
    etag: str
    modified: str
    ranges: bool


@dataclass(frozen=True, slots=True)
class Arrived:
    """The file is whole. `anew`: it had to begin from its first byte."""

    total: int
    anew: bool


@dataclass(frozen=True, slots=True)
class Stopped:
    """It did not come to its end; what arrived is kept."""

    cause: Cause
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is; told at the beginning and with every piece."""

    received: int
    total: int | None
    anew: bool
    etag: str
    modified: str


class _FetchError(Exception):
    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.name)
        self.cause = cause


CookiesFor = Callable[[WebAddress], str]


@dataclass(slots=True)
class RangeFetcher:
    """Fetches over the SOCKS door at `proxy`. `cookies` gives the value of Cookie, or ""."""

    proxy: tuple[str, int]
    user_agent: str
    language: str
    cookies: CookiesFor
    tls: ssl.SSLContext | None = None
    _anew: bool = field(default=False, init=False)

    async def probe(self, url: str) -> Validators | None:
        """Asks what the server says about a file, without asking for the file; None if nothing."""
        try:
            async with asyncio.timeout(_SILENCE_S), self._asked("HEAD", url, []) as answer:
                if answer.status != 200 or answer.headers.get("content-encoding"):
                    return None
                return answer.validators
        except (_FetchError, OSError, TimeoutError, h11.ProtocolError):
            return None

    async def resume(self, wanted: Wanted, tell: Callable[[Progress], None]) -> Arrived | Stopped:
        """Fetches what is missing, and writes it. Every expected failure is a value."""
        self._anew = False
        try:
            return await self._resume(wanted, tell)
        except _FetchError as error:
            return Stopped(error.cause, self._anew)
        except ssl.SSLCertVerificationError:
            return Stopped(Cause.CERTIFICATE, self._anew)
        except DialError:
            return Stopped(Cause.UNREACHABLE, self._anew)
        except (TimeoutError, ConnectionError, ssl.SSLError, h11.ProtocolError):
            return Stopped(Cause.NETWORK, self._anew)
        except OSError as error:
            return Stopped(cause_of(error), self._anew)

    async def _resume(self, wanted: Wanted, tell: Callable[[Progress], None]) -> Arrived:
        if wanted.total is not None and wanted.have == wanted.total and wanted.have:
            return Arrived(wanted.total, False)
        same = condition(wanted.etag, wanted.modified)
        ask: list[tuple[str, str]] = []
        if wanted.have and same:
            ask = [("Range", f"bytes={wanted.have}-"), ("If-Range", same)]
        async with self._asked("GET", wanted.url, ask) as answer:
            start, total = _place(answer, wanted)
            self._anew = start == 0 and wanted.have > 0
            said = answer.validators
            facts = (total, self._anew, said.etag, said.modified)
            return await self._write(answer, wanted.part, start, facts, tell)

    async def _write(
        self,
        answer: _Answer,
        part: Path,
        start: int,
        facts: tuple[int | None, bool, str, str],
        tell: Callable[[Progress], None],
    ) -> Arrived:
        total, anew, etag, modified = facts
        received = start
        flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        file = os.open(part, flags, 0o644)
        try:
            os.ftruncate(file, start)
            os.lseek(file, start, os.SEEK_SET)
            tell(Progress(received, total, anew, etag, modified))
            async for piece in answer.pieces():
                _write_all(file, piece)
                received += len(piece)
                tell(Progress(received, total, anew, etag, modified))
            await asyncio.to_thread(os.fsync, file)
        finally:
            os.close(file)
        if total is not None and received != total:
            raise _FetchError(Cause.WRONG_LENGTH)
        return Arrived(received, anew)

    @asynccontextmanager
    async def _asked(
        self, method: str, url: str, more: list[tuple[str, str]]
    ) -> AsyncIterator[_Answer]:
        """The answer to a request, redirects followed; the connection ends with the block."""
        address = _checked(url, None)
        for _ in range(_MAX_REDIRECTS + 1):
            writer: asyncio.StreamWriter | None = None
            try:
                reader, writer = await self._connect(address)
                answer = _Answer(reader, h11.Connection(h11.CLIENT, _MAX_HEAD))
                writer.write(answer.ask(method, address, [*self._headers(address), *more]))
                await answer.read_head()
                location = answer.headers.get("location")
                if answer.status not in _REDIRECTS or location is None:
                    yield answer
                    return
                address = _checked(_joined(address.url, location), address)
            finally:
                if writer is not None:
                    writer.transport.abort()
        raise _FetchError(Cause.SERVER)

    async def _connect(
        self, address: WebAddress
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host = address.host.strip("[]")
        port = address.port or (443 if address.scheme == "https" else 80)
        reader, writer = await dial(host, port, CLIENT, self.proxy)
        if address.scheme == "https":
            if self.tls is None:
                where = certifi.where()
                self.tls = await asyncio.to_thread(ssl.create_default_context, cafile=where)
            try:
                await writer.start_tls(self.tls, server_hostname=host)
            except BaseException:
                writer.transport.abort()
                raise
        return reader, writer

    def _headers(self, address: WebAddress) -> list[tuple[str, str]]:
        headers = [
            ("User-Agent", self.user_agent),
            ("Accept", "*/*"),
            # Ranges count the bytes of what is sent: packed, they would be others.
            ("Accept-Encoding", "identity"),
            ("Accept-Language", self.language),
        ]
        cookies = self.cookies(address)
        return [*headers, ("Cookie", cookies)] if cookies else headers


class _Answer:
    """One request and what comes back."""

    def __init__(self, reader: asyncio.StreamReader, connection: h11.Connection) -> None:
        self._reader = reader
        self._connection = connection
        self.status = 0
        self.headers: dict[str, str] = {}

    def ask(self, method: str, address: WebAddress, headers: list[tuple[str, str]]) -> bytes:
        """The bytes of the request."""
        request = h11.Request(
            method=method,
            target=address.rest.partition("#")[0],
            headers=[("Host", address.authority), *headers, ("Connection", "close")],
        )
        sent = self._connection.send(request) or b""
        return sent + (self._connection.send(h11.EndOfMessage()) or b"")

    async def read_head(self) -> None:
        """Waits for the status and the headers."""
        while True:
            event = await self._next()
            if isinstance(event, h11.Response):
                self.status = event.status_code
                self.headers = {n.decode(): v.decode("latin-1") for n, v in event.headers}
                return

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body as it comes. Raises h11.RemoteProtocolError when it breaks off."""
        while True:
            event = await self._next()
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                return

    @property
    def validators(self) -> Validators:
        """What the headers say about the file."""
        length = self.headers.get("content-length", "")
        return Validators(
            int(length) if length.isdecimal() else None,
            _plain(self.headers.get("etag", "")),
            _plain(self.headers.get("last-modified", "")),
            "bytes" in self.headers.get("accept-ranges", ""),
        )

    async def _next(self) -> h11.Event:
        while not isinstance(event := self._connection.next_event(), h11.Event):
            if event is h11.PAUSED:
                raise _FetchError(Cause.SERVER)
            async with asyncio.timeout(_SILENCE_S):
                self._connection.receive_data(await self._reader.read(_CHUNK))
        return event


def _place(answer: _Answer, wanted: Wanted) -> tuple[int, int | None]:
    """Where what comes is to be written, and how long the whole file is."""
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise _FetchError(Cause.SERVER)
    if answer.status == 200:
        if _is_page(answer) and not wanted.is_page:
            raise _FetchError(Cause.FORBIDDEN)
        return 0, answer.validators.length
    if answer.status == 206:
        found = _RANGE.fullmatch(answer.headers.get("content-range", "").strip())
        if found is None or int(found[1]) != wanted.have:
            raise _FetchError(Cause.SERVER)
        total = int(found[3])
        if int(found[2]) != total - 1 or (wanted.total is not None and total != wanted.total):
            raise _FetchError(Cause.SERVER)
        return wanted.have, total
    if answer.status in (404, 410):
        raise _FetchError(Cause.NOT_FOUND)
    if answer.status in (401, 403, 407, 451):
        raise _FetchError(Cause.FORBIDDEN)
    raise _FetchError(Cause.SERVER)


def _is_page(answer: _Answer) -> bool:
    """Whether, in place of a file, a page comes: a log-in that has run out, or an excuse."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    attached = answer.headers.get("content-disposition", "").lower().startswith("attachment")
    return kind in ("text/html", "application/xhtml+xml") and not attached


def _write_all(file: int, piece: bytes) -> None:
    rest = memoryview(piece)
    while rest:
        rest = rest[os.write(file, rest) :]


def _plain(value: str) -> str:
    is_fit = len(value) <= 256 and value.isascii() and value.isprintable()
    return value if is_fit else ""


def _checked(url: str, before: WebAddress | None) -> WebAddress:
    address = parse_web_address(url)
    if address is None or address.userinfo:
        raise _FetchError(Cause.SERVER)
    if before is not None and before.scheme == "https" and address.scheme != "https":
        raise _FetchError(Cause.SERVER)
    return address


def _joined(url: str, location: str) -> str:
    try:
        return urllib.parse.urljoin(url, location)
    except ValueError as error:
        raise _FetchError(Cause.SERVER) from error

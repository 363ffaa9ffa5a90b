"""Fetches files for the browser itself, through the door like everything else.

One request is made per address: no cookies are kept, nothing is sent that names this browser or
its user, redirects are followed a few times and never to plain http, except from a server of the
local network to itself. Names are resolved at the
door. A server can still recognise a returning browser by the validator it gave out (`etag`);
that is the price of not fetching an unchanged list again.
"""

from __future__ import annotations

import asyncio
import ssl
import urllib.parse
import zlib
from dataclasses import dataclass, field, replace

import certifi
import h11

from myco_browser.domain.addresses import WebAddress, parse_web_address
from myco_browser.domain.hosts import is_local_host
from myco_filters.lists.updates import Failed, Fetched, NotModified
from myco_vpn.link import dial

DEADLINE = 120.0
"""Seconds that one fetch may take in all, redirects included."""

_MAX_REDIRECTS = 4
_MAX_VALIDATOR = 256
_MAX_HEAD = 65_536
_CHUNK = 65_536
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class _FetchError(Exception):
    """Ends a fetch; the text is the cause."""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class DoorFetcher:
    """Fetches over the SOCKS door at `proxy` (host and port), labelled `client` for its counters.

    `plain_http` is for tests against servers on loopback. `tls` replaces the usual certificate
    authorities.
    """

    def __init__(
        self,
        proxy: tuple[str, int],
        client: str,
        user_agent: str,
        *,
        tls: ssl.SSLContext | None = None,
        plain_http: bool = False,
        deadline: float = DEADLINE,
    ) -> None:
        self._proxy = proxy
        self._client = client
        self._user_agent = user_agent
        self._tls = tls
        self._schemes = {"https", "http"} if plain_http else {"https"}
        self._deadline = deadline

    async def fetch(
        self, url: str, etag: str, last_modified: str, limit: int
    ) -> Fetched | NotModified | Failed:
        """Fetch `url`, at most `limit` bytes unpacked; every failure is a value."""
        try:
            async with asyncio.timeout(self._deadline):
                return await self._follow(url, etag, last_modified, limit)
        except TimeoutError:
            return Failed("the server took too long")
        except _FetchError as error:
            return Failed(str(error))
        except OSError as error:  # ssl.SSLError and the door's DialError are some
            return Failed(f"{type(error).__name__}: {error}"[:200])
        except (h11.ProtocolError, zlib.error) as error:
            return Failed(f"the answer is malformed: {error}"[:200])

    async def _follow(
        self, url: str, etag: str, last_modified: str, limit: int
    ) -> Fetched | NotModified:
        headers = [("User-Agent", self._user_agent), ("Accept", "*/*"), ("Accept-Encoding", "gzip")]
        headers += [("If-None-Match", etag)] if etag else []
        headers += [("If-Modified-Since", last_modified)] if last_modified else []
        address = self._checked(url)
        first = address
        for _ in range(_MAX_REDIRECTS + 1):
            answer = await self._ask(address, headers, limit)
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or location is None:
                return _judged(answer)
            address = self._checked(_joined(address.url, location), first)
        raise _FetchError("too many redirects")

    def _checked(self, url: str, first: WebAddress | None = None) -> WebAddress:
        address = parse_web_address(url)
        if address is None or not (address.scheme in self._schemes or _is_near(address, first)):
            raise _FetchError("the address, or one it leads to, is not https")
        if address.userinfo:
            raise _FetchError("the address contains a user name")
        return address

    async def _ask(
        self, address: WebAddress, headers: list[tuple[str, str]], limit: int
    ) -> _Answer:
        host = address.host.strip("[]")
        port = address.port or (443 if address.scheme == "https" else 80)
        reader, writer = await dial(host, port, self._client, self._proxy)
        try:
            if address.scheme == "https":
                await writer.start_tls(await self._context(), server_hostname=host)
            request = h11.Request(
                method="GET",
                target=address.rest.partition("#")[0],
                headers=[("Host", address.authority), *headers, ("Connection", "close")],
            )
            exchange = _Exchange(h11.Connection(h11.CLIENT, _MAX_HEAD), limit)
            writer.write(exchange.start(request))
            return await exchange.finish(reader)
        finally:
            # The connection is used once, so nobody waits for a polite goodbye.
            writer.transport.abort()

    async def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            # Reading some hundred certificates takes a while: not on the loop.
            self._tls = await asyncio.to_thread(ssl.create_default_context, cafile=certifi.where())
        return self._tls


@dataclass(slots=True)
class _Exchange:
    """One request and its answer; at most `limit` bytes of body, on the wire and unpacked."""

    connection: h11.Connection
    limit: int
    received: int = 0
    body: bytearray = field(default_factory=bytearray)

    def start(self, request: h11.Request) -> bytes:
        """The bytes of the request."""
        return (self.connection.send(request) or b"") + (
            self.connection.send(h11.EndOfMessage()) or b""
        )

    async def finish(self, reader: asyncio.StreamReader) -> _Answer:
        """Read the answer. Raises h11.RemoteProtocolError, zlib.error, _FetchError, OSError."""
        status = 0
        headers: dict[str, str] = {}
        unpacker = None
        while True:
            event = self.connection.next_event()
            if event is h11.NEED_DATA:
                self.connection.receive_data(await reader.read(_CHUNK))
            elif isinstance(event, h11.Response):
                status = event.status_code
                headers = {name.decode(): value.decode("latin-1") for name, value in event.headers}
                unpacker = _unpacker(headers)
            elif isinstance(event, h11.Data):
                self._take(bytes(event.data), unpacker)
            elif isinstance(event, h11.EndOfMessage):
                if unpacker is not None and self.received and not unpacker.eof:
                    raise _FetchError("the answer is incomplete")
                return _Answer(status, headers, bytes(self.body))

    def _take(self, raw: bytes, unpacker: zlib._Decompress | None) -> None:
        self.received += len(raw)
        # A byte more than allowed is enough to know: a small bomb must not fill the memory.
        room = self.limit + 1 - len(self.body)
        self.body += raw if unpacker is None else unpacker.decompress(raw, room)
        if self.received > self.limit or len(self.body) > self.limit:
            raise _FetchError("the answer is too large")


def _unpacker(headers: dict[str, str]) -> zlib._Decompress | None:
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding in {"identity", ""}:
        return None
    if encoding in {"gzip", "x-gzip"}:
        return zlib.decompressobj(31)  # 31: a gzip header, the largest window
    raise _FetchError(f"the server packed its answer in an unasked way ({encoding[:20]})")


def _is_near(address: WebAddress, first: WebAddress | None) -> bool:
    """Whether it is in the local network, and on the server that the user named."""
    same = first is None or address == replace(first, rest=address.rest)
    return same and is_local_host(address.host)


def _joined(url: str, location: str) -> str:
    try:
        return urllib.parse.urljoin(url, location)
    except ValueError as error:
        raise _FetchError("the server redirects to no valid address") from error


def _judged(answer: _Answer) -> Fetched | NotModified:
    if answer.status == 304:
        return NotModified()
    if answer.status != 200:
        raise _FetchError(f"the server answered {answer.status}")
    validators = [answer.headers.get(name, "") for name in ("etag", "last-modified")]
    etag, last_modified = (
        value if len(value) <= _MAX_VALIDATOR and value.isascii() and value.isprintable() else ""
        for value in validators
    )
    return Fetched(answer.body, etag, last_modified)

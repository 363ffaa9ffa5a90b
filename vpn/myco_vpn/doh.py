"""Names asked over HTTPS (RFC 8484) of a server that the user chose, and of nobody else.

Used in the process that looks names up (`lookups`), so the door itself stays small. HTTP/2, as
resolvers have begun to refuse HTTP/1.1. Whatever fails is a `ResolverError`: there is no way back
to the system's resolver. The server's own name, where no address is known, is the one exception.
"""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

from myco_vpn.dnswire import (
    AAAA,
    SRV,
    A,
    Answer,
    Bad,
    Failed,
    Found,
    NoSuchName,
    Service,
    Truncated,
    question,
    read,
)
from myco_vpn.resolver import Lookup, Resolved, ResolverError, ServiceLookup, system_lookup

if TYPE_CHECKING:
    from h2.connection import H2Connection

_CONNECT_S = 5.0
_ANSWER_S = 8.0
_LONGEST = 65_535
_TYPE = "application/dns-message"


@dataclass(frozen=True, slots=True)
class DohServer:
    """Where to ask. Without `addresses`, the host's name is looked up by the system's resolver."""

    host: str
    port: int
    path: str
    addresses: tuple[str, ...] = ()

    @property
    def authority(self) -> str:
        """Host and port as they stand in an address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == 443 else f"{host}:{self.port}"


def parse_server(url: str, addresses: tuple[str, ...] = ()) -> DohServer | None:
    """The server that an address names; None when it is no plain https address."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 443
        known = tuple(str(ipaddress.ip_address(one)) for one in addresses)
    except ValueError:
        return None
    if parts.scheme != "https" or not host or parts.username is not None or parts.fragment:
        return None
    if not known:
        with contextlib.suppress(ValueError):
            known = (str(ipaddress.ip_address(host)),)
    path = parts.path or "/dns-query"
    return DohServer(host, port, f"{path}?{parts.query}" if parts.query else path, known)


def chosen_lookups(url: str, addresses: tuple[str, ...] = ()) -> tuple[Lookup, ServiceLookup]:
    """How names and services are looked up at that address; never, where it is none."""
    server = parse_server(url, addresses)
    if server is not None:
        client = DohClient(server)
        return client.lookup, client.services

    def refuse(_name: str) -> NoReturn:
        raise ResolverError(errno.EINVAL, "the address of the resolver cannot be used")

    return refuse, refuse


class DohClient:
    """Asks one server; each thread has a connection of its own, kept while it lives."""

    def __init__(self, server: DohServer) -> None:
        self._server = server
        self._local = threading.local()

    def lookup(self, name: str) -> Resolved:
        """The addresses of a name. Raises OSError when there is none, ResolverError."""
        try:
            packets = [question(0, name, kind, is_padded=True) for kind in (AAAA, A)]
        except ValueError as error:
            raise OSError(errno.ENOENT, "no name") from error
        answers = [
            read(packet, 0, name, kind)
            for packet, kind in zip(self._ask(packets), (AAAA, A), strict=True)
        ]
        return _resolved(answers)

    def services(self, name: str) -> tuple[Service, ...]:
        """The services of a name, perhaps none. Raises OSError, ResolverError."""
        try:
            packet = question(0, name, SRV, is_padded=True)
        except ValueError as error:
            raise OSError(errno.ENOENT, "no name") from error
        match read(self._ask([packet])[0], 0, name, SRV):
            case Found(services=found):
                return found
            case NoSuchName():
                return ()
            case Failed(code=code):
                raise ResolverError(errno.EIO, f"code {code}")
            case Truncated() | Bad():
                raise ResolverError(errno.EIO, "no answer to what was asked")

    def _ask(self, packets: list[bytes]) -> list[bytes]:
        from h2.exceptions import H2Error  # the process that never asks does without

        kept: _Connection | None = getattr(self._local, "connection", None)
        for connection in (kept, None):
            if connection is None and kept is not None:
                kept.close()
            try:
                used = connection or _Connection(self._server)
                self._local.connection = used
                return used.ask(packets)
            except (OSError, H2Error) as error:
                self._local.connection = None
                # A connection that lay idle may have been closed at the other end.
                if connection is None:
                    raise ResolverError(errno.EIO, f"{self._server.host}: {error}") from error
        raise ResolverError(errno.EIO, self._server.host)


class _Connection:
    """One HTTP/2 connection (RFC 9113)."""

    def __init__(self, server: DohServer) -> None:
        from h2.config import H2Configuration
        from h2.connection import H2Connection

        self._server = server
        self._sock = _connect(server)
        self._h2: H2Connection = H2Connection(H2Configuration(header_encoding="utf-8"))
        self._h2.initiate_connection()
        self._send()

    def close(self) -> None:
        """End it."""
        with contextlib.suppress(OSError):
            self._sock.close()

    def ask(self, packets: list[bytes]) -> list[bytes]:
        """Ask all at once; the answers in the same order. Raises OSError, H2Error."""
        waiting: dict[int, bytearray] = {}
        for packet in packets:
            stream = self._h2.get_next_available_stream_id()
            self._h2.send_headers(stream, self._headers(packet))
            self._h2.send_data(stream, packet, end_stream=True)
            waiting[stream] = bytearray()
        self._send()
        done: set[int] = set()
        until = time.monotonic() + _ANSWER_S
        while len(done) < len(waiting):
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError(errno.ETIMEDOUT, "no answer")
            self._sock.settimeout(left)
            received = self._sock.recv(65_536)
            if not received:
                raise ConnectionResetError(errno.ECONNRESET, "closed")
            self._take(received, waiting, done)
            self._send()
        return [bytes(answer) for answer in waiting.values()]

    def _take(self, received: bytes, waiting: dict[int, bytearray], done: set[int]) -> None:
        from h2 import events

        for event in self._h2.receive_data(received):
            match event:
                case events.ResponseReceived(headers=headers):
                    # Texts or bytes, by the library's types; texts, as it was told.
                    if (":status", "200") not in {(str(one), str(two)) for one, two in headers}:
                        raise OSError(errno.EPROTO, "it refused to answer")
                case events.DataReceived(stream_id=stream, data=part):
                    if stream not in waiting or part is None:
                        continue
                    waiting[stream] += part
                    if len(waiting[stream]) > _LONGEST:
                        raise OSError(errno.EMSGSIZE, "too long")
                    self._h2.acknowledge_received_data(event.flow_controlled_length or 0, stream)
                case events.StreamEnded(stream_id=stream):
                    done.add(stream)
                case events.StreamReset() | events.ConnectionTerminated():
                    raise ConnectionResetError(errno.ECONNRESET, "ended")
                case _:
                    pass

    def _headers(self, packet: bytes) -> list[tuple[str, str]]:
        return [
            (":method", "POST"),
            (":scheme", "https"),
            (":authority", self._server.authority),
            (":path", self._server.path),
            ("accept", _TYPE),
            ("content-type", _TYPE),
            ("content-length", str(len(packet))),
        ]

    def _send(self) -> None:
        if out := self._h2.data_to_send():
            self._sock.sendall(out)


def _connect(server: DohServer) -> ssl.SSLSocket:
    """A verified connection that speaks HTTP/2. Raises OSError."""
    addresses = server.addresses
    if not addresses:
        addresses = tuple(str(one) for one in system_lookup(server.host).addresses)
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["h2"])
    failure: OSError = OSError(errno.EHOSTUNREACH, "no address")
    for address in addresses:
        try:
            plain = socket.create_connection((address, server.port), _CONNECT_S)
        except OSError as error:
            failure = error
            continue
        try:
            secured = context.wrap_socket(plain, server_hostname=server.host)
        except (OSError, ValueError) as error:  # ValueError: no name that a certificate has
            plain.close()
            failure = error if isinstance(error, OSError) else OSError(errno.EINVAL, str(error))
            continue
        if secured.selected_alpn_protocol() == "h2":
            return secured
        secured.close()
        failure = OSError(errno.EPROTO, "does not speak HTTP/2")
    raise failure


def _resolved(answers: list[Answer]) -> Resolved:
    """What the answers for both kinds of address say together."""
    addresses: list[ipaddress.IPv4Address | ipaddress.IPv6Address] = []
    canonical, problem = "", ""
    for answer in answers:
        match answer:
            case Found():
                addresses.extend(answer.addresses)
                canonical = canonical or answer.canonical
            case NoSuchName():
                pass
            case Failed(code=code):
                problem = f"code {code}"
            case Truncated() | Bad():
                problem = "no answer to what was asked"
    if addresses:
        return Resolved(tuple(dict.fromkeys(addresses)), canonical)
    if problem:
        raise ResolverError(errno.EIO, problem)
    raise OSError(errno.ENOENT, "no such name")

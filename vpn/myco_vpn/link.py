"""A session's side of the door: its control channel, and a SOCKS5 client for Python code.

`DoorLink` blocks for at most `ANSWER_S`, so that it may be asked from the Qt thread; a door that
does not answer counts as closed. `dial` is for asyncio code such as list updates and mail.
"""

from __future__ import annotations

import contextlib
import ipaddress
import itertools
import os
import select
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from myco_vpn.framing import FramingError, JsonObject, Message, MessageSocket
from myco_vpn.offers import LoopbackOffers, Offer

if TYPE_CHECKING:
    import asyncio

    from myco_vpn.dnswire import Service

ANSWER_S = 0.25
DIAL_S = 60.0
SERVICES_S = 20.0
_SUCCEEDED = 0


class DoorStatus(NamedTuple):
    """What the door says about itself and this session."""

    exit: str
    sealed: bool
    resolver: str


@dataclass(frozen=True, slots=True)
class FailureCause:
    """Why a connection failed: the control protocol's word and, for people, a detail."""

    cause: str
    detail: str


class CounterRow(NamedTuple):
    """What one client exchanged with one host; bytes of payload."""

    host: str
    client: str
    connections: int
    sent: int
    received: int


class ExitChanged(NamedTuple):
    """Pushed: everything open was cut, what follows takes this exit."""

    exit: str


class Attached(NamedTuple):
    """Pushed when a door begins to serve this session: at the start and after a door's crash."""

    exit: str
    sealed: bool


@dataclass(frozen=True, slots=True)
class DoorGone:
    """The channel is closed: nothing leaves any more."""


class DialQuestion(NamedTuple):
    """Pushed: may pages be connected to `host`, now that the door knows where it leads?

    To be answered with `DoorLink.answer_dial` within `screening.ANSWER_S`.
    """

    number: int
    host: str
    alias: str
    """The host's canonical name, or empty."""
    addresses: tuple[str, ...]


DoorEvent = ExitChanged | Attached | DoorGone | DialQuestion


class DialError(OSError):
    """The door did not connect us; `reply` is the SOCKS5 code (RFC 1928), or None."""

    def __init__(self, message: str, reply: int | None = None) -> None:
        super().__init__(message)
        self.reply = reply


class DoorLink:
    """Questions to the door and its news. Thread-safe.

    Grants are remembered here and given again to a door that was restarted. With `own_loopback`
    (see `engineproxy`) a granted local server is also offered on this session's own loopback.
    """

    def __init__(self, sock: socket.socket, own_loopback: bool = False) -> None:
        self._offers = LoopbackOffers() if own_loopback else None
        self._messages = MessageSocket(sock, ANSWER_S)
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._news: list[DoorEvent] = []
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._readable = select.epoll()
        self._readable.register(self._messages.fileno(), select.EPOLLIN)
        self._readable.register(self._wake, select.EPOLLIN)
        self._grants: set[tuple[str, int | None]] = set()
        self._told_gone = False
        self._late: dict[int, threading.Event] = {}  # who waits longer, by the question's number
        self._services: dict[int, object] = {}

    def fileno(self) -> int:
        """The descriptor to watch (QSocketNotifier); when it is readable call `drain()`."""
        return self._readable.fileno()

    def drain(self) -> list[DoorEvent]:
        """The door's news since the last call, without waiting."""
        with self._lock:
            with contextlib.suppress(OSError):  # nothing there, or closed
                os.eventfd_read(self._wake)
            for message in self._messages.drain():
                self._take(message)
            if self._messages.closed and not self._told_gone:
                self._told_gone = True
                self._news.append(DoorGone())
            news, self._news = self._news, []
        return news

    def grant_local(self, host: str, port: int | None) -> bool:
        """Let this session reach a local host, on one port or on all.

        On the session's own loopback only a certain port can be offered.
        """
        with self._lock:
            self._grants.add((host, port))
        answer = self._ask({"type": "grant-local", "host": host, "port": port})
        granted = answer is not None and answer.flag("ok")
        if not granted or port is None or self._offers is None:
            return granted
        with self._lock:
            added = self._offers.add(host, port)
            offered = self._offers.covers(host, port)
        return offered and self._forward(added)

    def revoke_local(self, host: str) -> bool:
        """Take all grants for `host` back."""
        with self._lock:
            self._grants = {grant for grant in self._grants if grant[0] != host}
        answer = self._ask({"type": "revoke-local", "host": host})
        if self._offers is not None:
            with self._lock:
                added = self._offers.remove(host, self._grants)
            self._forward(added)
        return answer is not None and answer.flag("ok")

    def answer_dial(self, question: DialQuestion, allowed: bool) -> None:
        """Tell the door whether it may make the connections that it asked about."""
        with self._lock:
            self._messages.send(
                {"type": "dial-verdict", "question": question.number, "ok": allowed}
            )

    def why(self, host: str, port: int) -> FailureCause:
        """Why the last connection to `host` failed; cause "none" if it did not, or unknown."""
        answer = self._ask({"type": "why", "host": host, "port": port})
        if answer is None:
            return FailureCause("none", "")
        return FailureCause(answer.text("cause", "none"), answer.text("detail"))

    def status(self) -> DoorStatus | None:
        """The door's state, or None when it does not answer."""
        answer = self._ask({"type": "status"})
        if answer is None:
            return None
        return DoorStatus(answer.text("exit"), answer.flag("sealed"), answer.text("resolver"))

    def counters(self) -> tuple[CounterRow, ...]:
        """What went through, the largest first (at most 1000 rows)."""
        answer = self._ask({"type": "counters"})
        rows = answer.body.get("rows") if answer is not None else None
        if not isinstance(rows, list):
            return ()
        return tuple(_counter_row(Message(row)) for row in rows if isinstance(row, dict))

    def services(self, name: str, seconds: float = SERVICES_S) -> tuple[Service, ...]:
        """Where the services of a name such as "_imaps._tcp.example.org" are (RFC 2782).

        Empty when there are none, or nobody answers. Waits longer than the others, so it is not
        for the Qt thread; whoever owns the link has to go on draining it meanwhile.
        """
        from myco_vpn.dnswire import services_of  # few ask for services

        answered = threading.Event()
        with self._lock:
            number = next(self._ids)
            self._late[number] = answered
            self._messages.send({"type": "services", "name": name, "id": number})
        answered.wait(seconds)
        with self._lock:
            del self._late[number]
            return services_of(self._services.pop(number, None))

    def close(self) -> None:
        """Close the channel."""
        self._readable.close()
        self._messages.close()
        if self._wake >= 0:
            os.close(self._wake)
            self._wake = -1
        if self._offers is not None:
            self._offers.close()

    def _forward(self, offers: Sequence[Offer]) -> bool:
        """Tell the door where offered listeners lead; whether it agreed to all."""
        answers = [
            self._ask(
                {"type": "forward", "host": offer.host, "port": offer.port},
                [offer.listener.fileno()],
            )
            for offer in offers
        ]
        return all(answer is not None and answer.flag("ok") for answer in answers)

    def _ask(self, request: JsonObject, fds: Sequence[int] = ()) -> Message | None:
        with self._lock:
            number = next(self._ids)
            if not self._messages.send({**request, "id": number}, fds):
                return None
            return self._await_answer(number)

    def _await_answer(self, number: int) -> Message | None:
        deadline = time.monotonic() + ANSWER_S
        while (left := deadline - time.monotonic()) > 0 and not self._messages.closed:
            if not _is_readable(self._messages.fileno(), left):
                return None
            try:
                message = self._messages.receive()
            except (FramingError, TimeoutError):
                return None
            if message is None:
                return None
            if message.number("id") == number:
                return message
            self._take(message)  # an answer that came too late, or news
            os.eventfd_write(self._wake, 1)
        return None

    def _take(self, message: Message) -> None:
        message.close_fds()
        match message.type:
            case "services":
                number = message.number("id") or 0
                if (answered := self._late.get(number)) is not None:
                    self._services[number] = message.body.get("services")
                    answered.set()
            case "exit-changed":
                self._news.append(ExitChanged(message.text("exit")))
            case "attached":
                self._news.append(Attached(message.text("exit"), message.flag("sealed")))
                for host, port in self._grants:
                    self._messages.send({"type": "grant-local", "host": host, "port": port})
                for offer in self._offers.all() if self._offers is not None else ():
                    body = {"type": "forward", "host": offer.host, "port": offer.port}
                    self._messages.send(body, [offer.listener.fileno()])
            case "may-dial":
                self._news.append(_question(message))
            case _:
                pass


def _question(message: Message) -> DialQuestion:
    addresses = message.body.get("addresses")
    return DialQuestion(
        message.number("question") or 0,
        message.text("host"),
        message.text("alias"),
        tuple(one for one in addresses if isinstance(one, str))
        if isinstance(addresses, list)
        else (),
    )


def _is_readable(fd: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


def _counter_row(row: Message) -> CounterRow:
    return CounterRow(
        row.text("host"),
        row.text("client"),
        row.number("connections") or 0,
        row.number("sent") or 0,
        row.number("received") or 0,
    )


async def dial(
    host: str, port: int, client: str, proxy: tuple[str, int] = ("127.0.0.1", 1080)
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect through the door as `client` (a word such as "lists"). Raises DialError.

    Waits at most `DIAL_S` seconds for the door's look-up and connecting.
    """
    import asyncio  # the window's thread does without it, and it takes long to load

    writer: asyncio.StreamWriter | None = None
    try:
        async with asyncio.timeout(DIAL_S):
            reader, writer = await asyncio.open_connection(*proxy)
            await _handshake(reader, writer, host, port, client)
            return reader, writer
    except BaseException as error:
        # Cancelled ones too: whoever stops waiting must not leave a connection behind.
        if writer is not None:
            writer.close()
        foreign = OSError | TimeoutError | asyncio.IncompleteReadError | UnicodeError
        if isinstance(error, foreign) and not isinstance(error, DialError):
            raise DialError(f"no connection through the door: {error!r}") from error
        raise


def dial_blocking(
    host: str, port: int, client: str, proxy: tuple[str, int], seconds: float = DIAL_S
) -> socket.socket:
    """The same for threads: a connected socket, blocking. Raises DialError."""
    try:
        sock = socket.create_connection(proxy, seconds)
    except OSError as error:
        raise DialError(f"no connection through the door: {error!r}") from error
    try:
        sock.sendall(_greeting(host, port, client))
        _check_answer(_receive_exactly(sock, 14), host, port)
    except (OSError, UnicodeError) as error:
        sock.close()
        if isinstance(error, DialError):
            raise
        raise DialError(f"no connection through the door: {error!r}") from error
    except BaseException:
        sock.close()
        raise
    sock.settimeout(None)
    return sock


def _receive_exactly(sock: socket.socket, count: int) -> bytes:
    received = b""
    while len(received) < count:
        more = sock.recv(count - len(received))
        if not more:
            # A refusal may be shorter: what matters of it is in its first bytes.
            break
        received += more
    return received


async def _handshake(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, port: int, client: str
) -> None:
    writer.write(_greeting(host, port, client))
    chosen = await reader.readexactly(4)
    _check_answer(chosen + await reader.readexactly(10), host, port)


def _greeting(host: str, port: int, client: str) -> bytes:
    name = client.encode("ascii")
    hello = b"\x05\x01\x02" + bytes((1, len(name))) + name + b"\x01-"
    return hello + b"\x05\x01\x00" + _address(host) + port.to_bytes(2, "big")


def _check_answer(answer: bytes, host: str, port: int) -> None:
    if answer[:4] != b"\x05\x02\x01\x00":
        raise DialError("the door does not speak SOCKS5")
    if len(answer) < 6 or answer[5] != _SUCCEEDED:
        reply = answer[5] if len(answer) > 5 else None
        raise DialError(f"the door refused {host}:{port}", reply)


def _address(host: str) -> bytes:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        name = host.encode("idna")
        return bytes((3, len(name))) + name
    return bytes((1 if address.version == 4 else 4,)) + address.packed

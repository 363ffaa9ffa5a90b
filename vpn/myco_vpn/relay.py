"""One client's way through the door: handshake, dialling, then bytes in both directions.

Nothing is buffered without bound: a side whose writer is full stops the other's reader, what comes
before the connection stands is limited, a handshake has a time limit. A half-close is passed on; a
connection that breaks is reset on the other side too, so that a cut-off transfer never looks like
a complete one.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable

from myco_vpn.exits import ProtocolFactory, Refused
from myco_vpn.ledger import Cause, Count
from myco_vpn.socks import Connect, Refuse, Reply, Send, SocksParser, reply

HANDSHAKE_S = 10.0
HALF_CLOSED_S = 1800.0
HIGH_WATER = 1 << 20
_EARLY_LIMIT = 64 * 1024
_RESET = struct.pack("ii", 1, 0)

Opener = Callable[[Connect, ProtocolFactory], Awaitable[tuple[asyncio.Transport, Count] | Refused]]
"""Opens the connection that a client asked for and says where to count its bytes."""

_REPLIES = {
    Cause.NAME_NOT_FOUND: Reply.HOST_UNREACHABLE,
    Cause.REFUSED: Reply.CONNECTION_REFUSED,
    Cause.TIMEOUT: Reply.TTL_EXPIRED,
    Cause.UNREACHABLE: Reply.NETWORK_UNREACHABLE,
    Cause.LOCAL_BLOCKED: Reply.NOT_ALLOWED,
    Cause.EXIT_BLOCKED: Reply.NOT_ALLOWED,
    Cause.RESOLVER: Reply.HOST_UNREACHABLE,
    Cause.FILTERED: Reply.NOT_ALLOWED,
}


class _Side(asyncio.Protocol):
    """One of the two connections, relaying to the other."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.other: _Side | None = None
        self.ended = False
        self._half_closed: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.set_write_buffer_limits(high=HIGH_WATER)
        sock = transport.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data: bytes) -> None:
        self.tally(len(data))
        if self.other is not None and self.other.transport is not None:
            self.other.transport.write(data)

    def tally(self, length: int) -> None:
        """Count bytes that this side received."""

    def eof_received(self) -> bool:
        self.ended = True
        other = self.other
        if other is None or other.transport is None:
            return False
        if other.ended:
            other.transport.close()
            return False
        if other.transport.can_write_eof() and not other.transport.is_closing():
            other.transport.write_eof()
        loop = asyncio.get_running_loop()
        self._half_closed = loop.call_later(HALF_CLOSED_S, other.close)
        return True

    def pause_writing(self) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._half_closed is not None:
            self._half_closed.cancel()
        other, self.other = self.other, None
        if other is None:
            return
        if exc is None:
            other.close()
        else:
            other.reset()

    def close(self) -> None:
        """Close after what is buffered has been written."""
        if self.transport is not None:
            self.transport.close()

    def reset(self) -> None:
        """Close at once, with a reset on the wire."""
        if self.transport is None or self.transport.get_extra_info("socket").fileno() < 0:
            return
        sock = self.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.transport.abort()


class _RemoteSide(_Side):
    """The connection that an exit opened."""

    def __init__(self, client: ClientSide) -> None:
        super().__init__()
        self._client = client
        self.count = Count()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        # At once, so that the client has its SOCKS reply before a server that speaks first.
        self._client.start_relaying(self)

    def tally(self, length: int) -> None:
        self.count.received += length

    def count_in(self, count: Count) -> None:
        """Count there from now on, and what came so far too."""
        count.sent += self.count.sent
        count.received += self.count.received
        self.count = count


class ClientSide(_Side):
    """A connection accepted from a session."""

    def __init__(
        self,
        opener: Opener,
        on_end: Callable[[ClientSide], None],
        fixed: Connect | None = None,
    ) -> None:
        """With `fixed` the client says no SOCKS: its listener leads to one place only."""
        super().__init__()
        self._opener = opener
        self._on_end = on_end
        self._fixed = fixed
        self._parser = SocksParser()
        self._early = bytearray()
        self._opening: asyncio.Task[None] | None = None
        self._relaying = False
        self._limit: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self._fixed is not None:
            self._parser.finished = True
            self._opening = asyncio.create_task(self._open(self._fixed))
            return
        self._limit = asyncio.get_running_loop().call_later(HANDSHAKE_S, self.reset)

    def data_received(self, data: bytes) -> None:
        if self._relaying:
            super().data_received(data)
        elif self._parser.finished:
            self._keep_early(data)
        else:
            self._handshake(data)

    def tally(self, length: int) -> None:
        if isinstance(self.other, _RemoteSide):
            self.other.count.sent += length

    def eof_received(self) -> bool:
        if self._relaying:
            return super().eof_received()
        if self._opening is not None:  # the client sent all it has; the answer is still wanted
            self.ended = True
            return True
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_limit()
        if self._opening is not None:
            self._opening.cancel()
        super().connection_lost(exc)
        self._on_end(self)

    def start_relaying(self, remote: _RemoteSide) -> None:
        """The connection stands: tell the client, and pass on what it sent already."""
        assert self.transport is not None
        assert remote.transport is not None
        if self.transport.is_closing():
            remote.reset()
            return
        self.other, remote.other = remote, self
        self._relaying = True
        if self._fixed is None:
            self.transport.write(reply(Reply.SUCCEEDED))
        early, self._early = bytes(self._early), bytearray()
        if early:
            self.data_received(early)
            self.transport.resume_reading()
        if self.ended:
            remote.transport.write_eof()

    def abort(self) -> None:
        """End both connections at once: the way out has changed."""
        if self._opening is not None:
            self._opening.cancel()
        if self.other is not None:
            self.other.reset()
        self.reset()

    def _handshake(self, data: bytes) -> None:
        assert self.transport is not None
        for event in self._parser.feed(data):
            match event:
                case Send(payload):
                    self.transport.write(payload)
                case Refuse(payload):
                    self.transport.write(payload)
                    self.transport.close()
                case Connect():
                    self._stop_limit()
                    self._keep_early(self._parser.take_rest())
                    self._opening = asyncio.create_task(self._open(event))

    def _keep_early(self, data: bytes) -> None:
        assert self.transport is not None
        self._early += data
        if len(self._early) > _EARLY_LIMIT:
            self.transport.pause_reading()

    async def _open(self, request: Connect) -> None:
        assert self.transport is not None
        remote = _RemoteSide(self)
        try:
            outcome = await self._opener(request, lambda: remote)
        except Exception:
            self.reset()
            raise
        finally:
            self._opening = None
        if not isinstance(outcome, Refused):
            remote.count_in(outcome[1])
        elif self._fixed is not None:
            self.reset()
        else:
            self.transport.write(reply(_REPLIES[outcome.cause]))
            self.transport.close()

    def _stop_limit(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None

"""A session as the door sees it: its listeners, its grants, its books, its connections.

Accepting can be stopped and taken up again without closing the listening sockets: while nobody
accepts, requests wait in the backlog, and another process that holds the same sockets can serve
them. That is how the way out is switched.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass

from myco_vpn.addresses import Grants, is_service_name
from myco_vpn.exits import Exit, ProtocolFactory, Refused
from myco_vpn.framing import JsonObject, Message
from myco_vpn.ledger import Count, Failure, Ledger
from myco_vpn.peers import UidLookup
from myco_vpn.relay import ClientSide
from myco_vpn.screening import SessionScreen, admit
from myco_vpn.socks import PAGE, Connect

_log = logging.getLogger(__name__)

_ACCEPTS_AT_ONCE = 64
_PAUSE_WHEN_FULL_S = 0.2
_SERVICES_AT_ONCE = 8
_SERVICES_S = 15.0
_FULL = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


@dataclass(frozen=True, slots=True)
class SessionName:
    """Who a session is."""

    name: str
    kind: str
    sealed: bool


class AttachedSession:
    """Accepts one session's clients and carries their connections through the current exit."""

    def __init__(
        self,
        identity: SessionName,
        listeners: list[socket.socket],
        current_exit: Callable[[], Exit],
        uid_lookup: UidLookup,
    ) -> None:
        self.identity = identity
        self.grants = Grants()
        self.ledger = Ledger()
        self.screen: SessionScreen | None = None
        """Whom to ask about pages' connections, if the session answers such questions."""
        self._listeners: dict[socket.socket, Connect | None] = dict.fromkeys(listeners)
        self._current_exit = current_exit
        self._uid_lookup = uid_lookup
        self._clients: set[ClientSide] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._asking: set[asyncio.Task[None]] = set()
        self._is_accepting = False
        self._loop = asyncio.get_running_loop()
        for listener in listeners:
            listener.setblocking(False)

    @property
    def endpoints(self) -> frozenset[tuple[str, int]]:
        """Where this session's clients connect to, if that is in the host's own network."""
        if self.identity.sealed:
            return frozenset()
        return frozenset(listener.getsockname()[:2] for listener in self._listeners)

    @property
    def open_connections(self) -> int:
        """How many clients there are."""
        return len(self._clients)

    def start_accepting(self) -> None:
        """Serve the listeners."""
        self._is_accepting = True
        for listener, fixed in self._listeners.items():
            self._loop.add_reader(listener.fileno(), self._accept, listener, fixed)

    def stop_accepting(self) -> None:
        """Leave new clients in the backlog."""
        self._is_accepting = False
        for listener in self._listeners:
            self._loop.remove_reader(listener.fileno())

    def add_forward(self, listener: socket.socket, to: Connect) -> None:
        """Carry whoever connects to `listener` to one place, without SOCKS."""
        listener.setblocking(False)
        self._listeners[listener] = to
        if self._is_accepting:
            self._loop.add_reader(listener.fileno(), self._accept, listener, to)

    def drop_forwards(self, host: str) -> None:
        """Close the listeners that lead to `host`."""
        for listener, to in list(self._listeners.items()):
            if to is not None and to.destination.host == host:
                self._loop.remove_reader(listener.fileno())
                del self._listeners[listener]
                listener.close()

    def find_services(self, request: Message, reply: Callable[[JsonObject], object]) -> None:
        """Answer a session's question for services (RFC 2782); empty where there are none.

        What the way out does not answer in time, or may not ask, is empty too.
        """
        body: JsonObject = {"type": "services", "id": request.body.get("id"), "services": []}
        name = request.text("name").lower()
        if not is_service_name(name) or len(self._asking) >= _SERVICES_AT_ONCE:
            reply(body)
            return

        async def ask() -> None:
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(_SERVICES_S):
                    body["services"] = await self._current_exit().services(name)
            reply(body)

        task = self._loop.create_task(ask())
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    def abort_connections(self) -> None:
        """End what is under way at once."""
        for client in list(self._clients):
            client.abort()

    def close(self) -> None:
        """End everything; the listeners live on in the launcher."""
        for task in self._asking:
            task.cancel()
        self.stop_accepting()
        self.abort_connections()
        for listener in self._listeners:
            listener.close()
        self._listeners.clear()

    def _accept(self, listener: socket.socket, fixed: Connect | None) -> None:
        for _ in range(_ACCEPTS_AT_ONCE):
            try:
                sock, peer = listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:
                if error.errno not in _FULL:
                    raise
                self._pause(listener, fixed)
                return
            if not self._is_ours(sock, peer):
                sock.close()
                continue
            task = self._loop.create_task(self._serve(sock, fixed))
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)

    def _pause(self, listener: socket.socket, fixed: Connect | None) -> None:
        """Out of descriptors: wait for some to be given back instead of spinning."""
        fd = listener.fileno()
        self._loop.remove_reader(fd)

        def again() -> None:
            if listener.fileno() == fd and self._is_accepting:
                self._loop.add_reader(fd, self._accept, listener, fixed)

        self._loop.call_later(_PAUSE_WHEN_FULL_S, again)

    def _is_ours(self, sock: socket.socket, peer: tuple[str, int]) -> bool:
        if self.identity.sealed:  # nobody else is in that network
            return True
        uid = self._uid_lookup(peer, sock.getsockname())
        # Nobody's: it gave up while it waited to be accepted.
        if uid is not None and uid != os.getuid():
            _log.info("refused a client of another user")
        return uid == os.getuid()

    async def _serve(self, sock: socket.socket, fixed: Connect | None) -> None:
        sock.setblocking(False)
        client = ClientSide(self._open, self._clients.discard, fixed)
        self._clients.add(client)
        try:
            await self._loop.connect_accepted_socket(lambda: client, sock)
        except OSError:
            self._clients.discard(client)
            sock.close()

    async def _open(
        self, request: Connect, factory: ProtocolFactory
    ) -> tuple[asyncio.Transport, Count] | Refused:
        target = request.destination
        is_page = request.client == PAGE
        screen = self.screen.judge if self.screen is not None and is_page else admit
        outcome = await self._current_exit().open(target, self.grants, factory, screen)
        if isinstance(outcome, Refused):
            failure = Failure(outcome.cause, outcome.detail)
            self.ledger.note_failure(target.host, target.port, failure)
            return outcome
        self.ledger.note_success(target.host, target.port)
        return outcome, self.ledger.open_count(target.host, request.client)

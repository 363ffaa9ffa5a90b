"""The tunnels that run, each shared by all who go the same way.

A gateway knows a key, not a program: two wireguard-go with one key would take the gateway's answers
from each other. So a route has one tunnel, whoever wants it holds a lease, and with the last lease
the tunnel ends. An exit that is in use by one route cannot be used by another one meanwhile.

A tunnel through another one holds a lease of that; its wireguard-go is started inside the outer
tunnel's namespace, where nothing but the outer tunnel leads out.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from myco_vpn.framing import message_pair
from myco_vpn.tunnel.endpoints import Lookup, UnavailableError, find_endpoints, system_lookup
from myco_vpn.tunnel.exit import TunnelLink
from myco_vpn.tunnel.process import SpareProcess, Spawn, WorkerProcess
from myco_vpn.tunnel.program import Program, find_program
from myco_vpn.tunnel.report import Traffic
from myco_vpn.tunnel.route import Route, parse_route
from myco_vpn.tunnel.states import Cause
from myco_vpn.wireguard.config import DEFAULT_MTU, Config, IpAddress, write

_log = logging.getLogger(__name__)

NESTED_OVERHEAD = 80
"""Bytes that a tunnel adds to a packet: IPv6 and UDP headers, WireGuard's own, its tag."""

LoadConfig = Callable[[str], Config]
"""The configuration of an exit, with its secrets. May block. Raises UnavailableError."""


class LeaseEvents(Protocol):
    """What the holder of a lease hears; nothing of it after the release."""

    def ready(self) -> None:
        """The tunnel carries."""

    def failed(self, cause: Cause, detail: str) -> None:
        """There is no tunnel, or no more; the lease is over."""

    def silence(self, is_silent: bool) -> None:
        """Whether the gateway answers."""

    def traffic(self, traffic: Traffic) -> None:
        """New figures."""


class Lease:
    """Somebody's part in a tunnel."""

    def __init__(self, shared: SharedTunnel, events: LeaseEvents) -> None:
        self._shared: SharedTunnel | None = shared
        self._events = events

    @property
    def events(self) -> LeaseEvents | None:
        """Whom to tell; None when it is over."""
        return self._events if self._shared is not None else None

    @property
    def tunnel(self) -> SharedTunnel | None:
        """The tunnel; None when it is over."""
        return self._shared

    def new_link(self) -> socket.socket | None:
        """A fresh socket for a door (`exit.TunnelLink`); None when the tunnel has ended."""
        return None if self._shared is None else self._shared.new_link()

    def measure(self) -> None:
        """Ask for the latency, which comes with the traffic."""
        if self._shared is not None:
            self._shared.measure()

    def release(self) -> None:
        """Want it no longer."""
        shared, self._shared = self._shared, None
        if shared is not None:
            shared.let_go(self)


class Pool:
    """All tunnels of one program, and a worker in reserve that has loaded all it needs."""

    def __init__(
        self,
        load: LoadConfig,
        spawn: Spawn,
        lookup: Lookup | None = None,
        program: str | None = None,
        log_level: str = "warning",
    ) -> None:
        self.load = load
        self.lookup = system_lookup if lookup is None else lookup
        self._spawn = spawn
        self._program_path = program
        self._program: Program | None = None
        self._log_level = log_level
        self._tunnels: dict[str, SharedTunnel] = {}
        self._spare: SpareProcess | None = None

    def lease(self, route: str, events: LeaseEvents) -> Lease:
        """Take part in the tunnel of a route, which is made if it is not there."""
        shared = self._tunnels.get(route)
        if shared is None:
            shared = self._tunnels[route] = SharedTunnel(self, parse_route(route))
        return shared.join(events)

    def prepare(self) -> None:
        """Have a worker ready, so that the next tunnel does not wait for Python to start."""
        if self._spare is None:
            try:
                self._spare = SpareProcess(self._spawn, self._log_level)
            except OSError as error:
                _log.warning("no worker in reserve: %s", error)

    def close(self) -> None:
        """End every tunnel and the worker in reserve."""
        for shared in list(self._tunnels.values()):
            shared.end()
        if self._spare is not None:
            self._spare.discard()
            self._spare = None

    def is_taken(self, route: Route) -> bool:
        """Whether the exit of a route is in use by another one."""
        others = (parse_route(other) for other in self._tunnels if other != str(route))
        return any(other.exit_id == route.exit_id for other in others)

    def forget(self, shared: SharedTunnel) -> None:
        """A tunnel has ended."""
        if self._tunnels.get(str(shared.route)) is shared:
            del self._tunnels[str(shared.route)]

    def take_process(self) -> SpareProcess:
        """The worker in reserve, or a new one. Raises OSError."""
        process, self._spare = self._spare, None
        if process is None or process.has_ended():
            process = SpareProcess(self._spawn, self._log_level)
        return process

    async def find_program(self) -> Program:
        """wireguard-go. Raises UnavailableError."""
        if self._program is None:
            self._program = await asyncio.to_thread(find_program, self._program_path)
        if self._program is None:
            raise UnavailableError(Cause.NO_PROGRAM)
        return self._program


class SharedTunnel:
    """One tunnel, from the first lease to the last."""

    def __init__(self, pool: Pool, route: Route) -> None:
        self.route = route
        self.mtu = DEFAULT_MTU
        self._pool = pool
        self._leases: list[Lease] = []
        self._worker: WorkerProcess | None = None
        self._outer: Lease | None = None
        self._spaces: asyncio.Future[list[int]] | None = None
        self._is_ready = False
        self._is_silent = False
        self._has_ended = False
        self._figures: Traffic | None = None
        self._starting = asyncio.create_task(self._start())

    def join(self, events: LeaseEvents) -> Lease:
        """One more wants it."""
        lease = Lease(self, events)
        self._leases.append(lease)
        if self._is_ready:
            # Later: who asks does not have the lease yet.
            asyncio.get_running_loop().call_soon(self._catch_up, lease)
        return lease

    def let_go(self, lease: Lease) -> None:
        """One wants it no longer; with the last it ends."""
        if lease in self._leases:
            self._leases.remove(lease)
        if not self._leases:
            self.end()

    def new_link(self) -> socket.socket | None:
        """See `Lease.new_link`."""
        if self._worker is None:
            return None
        ours, theirs = message_pair()
        with theirs:
            self._worker.send({"type": "dials"}, [theirs.fileno()])
        return ours

    def measure(self) -> None:
        """See `Lease.measure`."""
        if self._worker is not None:
            self._worker.send({"type": "measure"})

    async def find_spaces(self) -> list[int]:
        """Descriptors of the tunnel's user and network namespace. Raises UnavailableError."""
        if self._worker is None:
            raise UnavailableError(Cause.TUNNEL_ENDED)
        if self._spaces is None or self._spaces.done():
            self._spaces = asyncio.get_running_loop().create_future()
            self._worker.send({"type": "spaces"})
        return await self._spaces

    async def look_up(self, name: str) -> tuple[IpAddress, ...]:
        """What a name is by the tunnel's own name servers. Raises OSError, TimeoutError."""
        sock = self.new_link()
        if sock is None:
            return ()
        link = TunnelLink(sock, lambda: None)
        try:
            return (await link.resolve(name)).addresses
        finally:
            link.close()

    def end(self) -> None:
        """End it at once; nobody is told."""
        self._has_ended = True
        self._pool.forget(self)
        self._starting.cancel()
        if self._worker is not None:
            self._worker.kill()
            self._worker = None
        if self._spaces is not None and not self._spaces.done():
            self._spaces.cancel()
        outer, self._outer = self._outer, None
        if outer is not None:
            outer.release()

    # What the worker tells.

    def ready(self) -> None:
        """It carries."""
        self._is_ready = True
        self._tell(lambda events: events.ready())

    def failed(self, cause: Cause, detail: str) -> None:
        """It is over, for everybody."""
        if self._has_ended:
            return
        leases, self._leases = self._leases, []
        self.end()
        for lease in leases:
            if (events := lease.events) is not None:
                lease.release()
                events.failed(cause, detail)

    def silence(self, is_silent: bool) -> None:
        """Whether the gateway answers."""
        self._is_silent = is_silent
        self._tell(lambda events: events.silence(is_silent))

    def traffic(self, traffic: Traffic) -> None:
        """New figures."""
        self._figures = traffic
        self._tell(lambda events: events.traffic(traffic))

    def spaces(self, fds: list[int]) -> None:
        """The namespaces that were asked for."""
        if self._spaces is not None and not self._spaces.done():
            self._spaces.set_result(fds)
        else:
            _close(fds)

    def _tell(self, say: Callable[[LeaseEvents], None]) -> None:
        for lease in list(self._leases):
            if (events := lease.events) is not None:
                say(events)

    def _catch_up(self, lease: Lease) -> None:
        if (events := lease.events) is None or not self._is_ready:
            return
        events.ready()
        if self._is_silent:
            events.silence(True)
        if self._figures is not None:
            events.traffic(self._figures)

    async def _start(self) -> None:
        try:
            await self._make()
        except UnavailableError as error:
            self.failed(error.cause, error.detail)
        except OSError as error:
            self.failed(Cause.TUNNEL_ENDED, str(error))
        except Exception as error:
            # A tunnel that nobody speaks of any more would leave the user waiting for ever.
            _log.exception("a tunnel could not be started")
            self.failed(Cause.BAD_CONFIGURATION, repr(error))

    async def _make(self) -> None:
        if self._pool.is_taken(self.route):
            raise UnavailableError(Cause.IN_USE)
        config = await asyncio.to_thread(self._pool.load, self.route.exit_id)
        program = await self._pool.find_program()
        spaces: list[int] = []
        lookup = self._pool.lookup
        if self.route.through is not None:
            outer = await self._enter_outer(self.route.through)
            config = replace(config, mtu=nested_mtu(config, outer.mtu))
            spaces, lookup = await outer.find_spaces(), outer.look_up
        try:
            endpoints = await find_endpoints(config, lookup)
            self.mtu = config.mtu or DEFAULT_MTU
            self._worker = WorkerProcess(self._pool.take_process(), self)
            # Keys travel by this socket only.
            body: dict[str, object] = {
                "type": "start",
                "config": write(config),
                "endpoints": endpoints,
                "program": program.path,
                "offloads": program.takes_offloads,
            }
            self._worker.send(body, spaces)
        finally:
            _close(spaces)

    async def _enter_outer(self, through: str) -> SharedTunnel:
        if through == self.route.exit_id:
            raise UnavailableError(Cause.BAD_CONFIGURATION, "an exit cannot lead through itself")
        watch = _Outer(self)
        outer = self._outer = self._pool.lease(through, watch)
        await watch.stands
        if outer.tunnel is None:  # it ended just now
            raise UnavailableError(Cause.TUNNEL_ENDED)
        return outer.tunnel


class _Outer:
    """An inner tunnel's lease of the outer one: it waits for it, and fails with it."""

    def __init__(self, inner: SharedTunnel) -> None:
        self._inner = inner
        self.stands: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def ready(self) -> None:
        """The inner one can be made."""
        if not self.stands.done():
            self.stands.set_result(None)

    def failed(self, cause: Cause, detail: str) -> None:
        """Nothing leads out of the inner one any more."""
        if self.stands.done():
            self._inner.failed(cause, detail)
        else:
            self.stands.set_exception(UnavailableError(cause, detail))
            self.stands.exception()  # it is told even if nobody waits any more

    def silence(self, is_silent: bool) -> None:
        """The inner one finds out by itself."""

    def traffic(self, traffic: Traffic) -> None:
        """The inner one has figures of its own."""


def nested_mtu(config: Config, outer: int) -> int:
    """What fits into the outer tunnel; IPv6 needs 1280 whatever fits (packets are then cut up)."""
    return max(1280, min(config.mtu or DEFAULT_MTU, outer - NESTED_OVERHEAD))


def _close(fds: list[int]) -> None:
    while fds:
        with contextlib.suppress(OSError):
            os.close(fds.pop())

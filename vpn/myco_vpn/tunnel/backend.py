"""Making and ending tunnels: the processes behind the state machine's `Start` and `Stop`.

Before a tunnel can be, its gateway's name has to be looked up, outside of it and by the system's
resolver. That is done once for each start; the address that was found is used until the end.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import os
import select
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from myco_vpn.channel import Channel
from myco_vpn.framing import Message, message_pair
from myco_vpn.tunnel.program import Program, find_program
from myco_vpn.tunnel.report import Traffic
from myco_vpn.tunnel.states import Cause, Event, Heard, Silent, TunnelFailed, TunnelReady
from myco_vpn.wireguard.config import Config, Endpoint, IpAddress, write

_log = logging.getLogger(__name__)

WORKER_COMMAND = (sys.executable, "-P", "-m", "myco_vpn.tunnel.worker")
RESOLVE_S = 10.0

Spawn = Callable[[Sequence[str], Sequence[int]], int]
"""Starts a command with these descriptors open; its process id. Raises OSError."""
Lookup = Callable[[str], Awaitable[tuple[IpAddress, ...]]]
LoadConfig = Callable[[str], Config]
"""The configuration of an exit, with its secrets. May block. Raises UnavailableError."""


class UnavailableError(Exception):
    """An exit cannot be used now."""

    def __init__(self, cause: Cause, detail: str = "") -> None:
        super().__init__(detail)
        self.cause = cause
        self.detail = detail


class TunnelEvents(Protocol):
    """Who hears of tunnels."""

    def dispatch(self, event: Event) -> None:
        """Something happened to a tunnel."""

    def traffic(self, traffic: Traffic) -> None:
        """New figures of the tunnel that runs."""


class Tunnels:
    """At most one tunnel at a time, and a worker in reserve that has loaded all it needs."""

    def __init__(
        self,
        load: LoadConfig,
        spawn: Spawn,
        events: TunnelEvents,
        lookup: Lookup | None = None,
        program: str | None = None,
        log_level: str = "warning",
    ) -> None:
        self._load = load
        self._spawn = spawn
        self._events = events
        self._lookup = system_lookup if lookup is None else lookup
        self._program_path = program
        self._program: Program | None = None
        self._log_level = log_level
        self._starting: asyncio.Task[None] | None = None
        self._tunnel: _Tunnel | None = None
        self._spare: _Process | None = None

    def prepare(self) -> None:
        """Have a worker ready, so that the next tunnel does not wait for Python to start."""
        if self._spare is None:
            try:
                self._spare = _Process(self._spawn, self._log_level)
            except OSError as error:
                _log.warning("no worker in reserve: %s", error)

    def close(self) -> None:
        """End the tunnel and the worker in reserve."""
        self.stop()
        if self._spare is not None:
            self._spare.kill()
            self._spare.channel.close()
            self._spare = None

    def start(self, exit_id: str, run: int) -> None:
        """Begin to make a tunnel; what comes of it is told as events of this run."""
        self.stop()
        self._starting = asyncio.create_task(self._start(exit_id, run))

    def stop(self) -> None:
        """End whatever runs, at once."""
        if self._starting is not None:
            self._starting.cancel()
            self._starting = None
        if self._tunnel is not None:
            self._tunnel.kill()
            self._tunnel = None

    def new_link(self, run: int) -> socket.socket | None:
        """A fresh socket for a door (`exit.TunnelLink`); None when this run's tunnel has ended."""
        if self._tunnel is None or self._tunnel.run != run:
            return None
        ours, theirs = message_pair()
        with theirs:
            self._tunnel.send({"type": "dials"}, [theirs.fileno()])
        return ours

    def measure(self) -> None:
        """Ask for the latency, which comes with the traffic."""
        if self._tunnel is not None:
            self._tunnel.send({"type": "measure"})

    async def _start(self, exit_id: str, run: int) -> None:
        try:
            config = await asyncio.to_thread(self._load, exit_id)
            program = await self._find_program()
            endpoints = await self._find_endpoints(config)
            process, self._spare = self._spare, None
            if process is None or process.has_ended():
                process = _Process(self._spawn, self._log_level)
            self._tunnel = _Tunnel(run, process, self._events)
            self._tunnel.begin(config, endpoints, program)
        except UnavailableError as error:
            self._events.dispatch(TunnelFailed(run, error.cause, error.detail))
        except OSError as error:
            self._events.dispatch(TunnelFailed(run, Cause.TUNNEL_ENDED, str(error)))
        except Exception as error:
            # A tunnel that nobody speaks of any more would leave the user waiting for ever.
            _log.exception("a tunnel could not be started")
            self._events.dispatch(TunnelFailed(run, Cause.BAD_CONFIGURATION, repr(error)))

    async def _find_program(self) -> Program:
        if self._program is None:
            self._program = await asyncio.to_thread(find_program, self._program_path)
        if self._program is None:
            raise UnavailableError(Cause.NO_PROGRAM)
        return self._program

    async def _find_endpoints(self, config: Config) -> list[str]:
        """`key address port` of every peer that has an endpoint."""
        lines = []
        for peer in config.peers:
            if peer.endpoint is not None:
                address = await self._find_address(peer.endpoint)
                lines.append(f"{peer.public_key.text} {address} {peer.endpoint.port}")
        if not lines:
            raise UnavailableError(Cause.BAD_CONFIGURATION, "no peer has an endpoint")
        return lines

    async def _find_address(self, endpoint: Endpoint) -> IpAddress:
        if endpoint.address is not None:
            return endpoint.address
        try:
            async with asyncio.timeout(RESOLVE_S):
                found = await self._lookup(endpoint.host)
        except (OSError, TimeoutError):
            found = ()
        if not found:
            raise UnavailableError(Cause.NAME_NOT_FOUND, endpoint.host)
        return found[0]


async def system_lookup(name: str) -> tuple[IpAddress, ...]:
    """Ask the system's resolver, outside of any tunnel. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(
        name, None, type=socket.SOCK_DGRAM, flags=socket.AI_ADDRCONFIG
    )
    return tuple(ipaddress.ip_address(entry[4][0]) for entry in found)


class _Process:
    """A worker process, not yet told anything."""

    def __init__(self, spawn: Spawn, log_level: str) -> None:
        """Raises OSError."""
        ours, theirs = message_pair()
        with theirs:
            fd = str(theirs.fileno())
            arguments = ("--control-fd", fd, "--log-level", log_level)
            try:
                pid = spawn((*WORKER_COMMAND, *arguments), [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        # By a descriptor, since the number may be somebody else's by the time it is killed.
        self._pidfd = os.pidfd_open(pid)
        self.channel = ours

    def has_ended(self) -> bool:
        """Whether the process is gone."""
        return bool(select.select([self._pidfd], [], [], 0)[0])

    def kill(self) -> None:
        """End the process and what depends on it."""
        if self._pidfd >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            os.close(self._pidfd)
            self._pidfd = -1


class _Tunnel:
    """One worker at work."""

    def __init__(self, run: int, process: _Process, events: TunnelEvents) -> None:
        self.run = run
        self._events = events
        self._process = process
        self._traffic = Traffic()
        self._channel = Channel(process.channel, self._on_message, self._on_end)

    def begin(self, config: Config, endpoints: list[str], program: Program) -> None:
        """Hand over the configuration; keys travel by this socket only."""
        body = {
            "type": "start",
            "config": write(config),
            "endpoints": endpoints,
            "program": program.path,
            "offloads": program.takes_offloads,
        }
        self._channel.send(body)

    def send(self, body: dict[str, object], fds: Sequence[int] = ()) -> None:
        """Send a message."""
        self._channel.send(body, fds)

    def kill(self) -> None:
        """End the process and what depends on it; nothing is told any more."""
        self._channel.close()
        self._process.kill()

    def _on_message(self, message: Message) -> None:
        match message.type:
            case "ready":
                self._events.dispatch(TunnelReady(self.run))
            case "failed":
                cause = _cause(message.text("cause"))
                detail = message.text("detail")
                _log.info("tunnel %s failed: %s", self.run, detail)
                self._events.dispatch(TunnelFailed(self.run, cause, detail))
            case "silent":
                self._events.dispatch(Silent(self.run))
            case "heard":
                self._events.dispatch(Heard(self.run))
            case "status":
                self._tell(_traffic(message, self._traffic.latency_s))
            case "measured":
                seconds = message.body.get("seconds")
                latency = seconds if isinstance(seconds, float) else None
                before = self._traffic
                figures = (before.last_handshake, before.sent, before.received, before.endpoint)
                self._tell(Traffic(*figures, latency))
            case unknown:
                _log.warning("unknown message %r", unknown)

    def _tell(self, traffic: Traffic) -> None:
        self._traffic = traffic
        self._events.traffic(traffic)

    def _on_end(self) -> None:
        self.kill()
        detail = "the tunnel's process ended"
        self._events.dispatch(TunnelFailed(self.run, Cause.TUNNEL_ENDED, detail))


def _cause(word: str) -> Cause:
    try:
        return Cause(word)
    except ValueError:
        return Cause.TUNNEL_ENDED


def _traffic(message: Message, latency: float | None) -> Traffic:
    handshake = message.body.get("handshake")
    return Traffic(
        float(handshake) if isinstance(handshake, int | float) else 0.0,
        message.number("sent") or 0,
        message.number("received") or 0,
        message.text("endpoint"),
        latency,
    )

"""What is behind the state machine's `Start` and `Stop`: one lease of a tunnel at a time."""

from __future__ import annotations

import socket
from typing import Protocol

from myco_vpn.tunnel.pool import Lease, Pool
from myco_vpn.tunnel.report import Traffic
from myco_vpn.tunnel.states import Cause, Event, Heard, Silent, TunnelFailed, TunnelReady


class TunnelEvents(Protocol):
    """Who hears of tunnels."""

    def dispatch(self, event: Event) -> None:
        """Something happened to a tunnel."""

    def traffic(self, traffic: Traffic) -> None:
        """New figures of the tunnel that runs."""


class Tunnels:
    """At most one tunnel at a time for one session."""

    def __init__(self, pool: Pool, events: TunnelEvents) -> None:
        self._pool = pool
        self._events = events
        self._run: _Run | None = None
        self._lease: Lease | None = None

    def prepare(self) -> None:
        """Have a worker ready, so that the next tunnel does not wait for Python to start."""
        self._pool.prepare()

    def start(self, exit_id: str, run: int) -> None:
        """Begin to make a tunnel; what comes of it is told as events of this run."""
        self.stop()
        self._run = _Run(run, self._events)
        self._lease = self._pool.lease(exit_id, self._run)

    def stop(self) -> None:
        """Let go of what runs, at once."""
        lease, self._lease = self._lease, None
        if lease is not None:
            lease.release()

    def new_link(self, run: int) -> socket.socket | None:
        """A fresh socket for a door (`exit.TunnelLink`); None when this run's tunnel has ended."""
        if self._lease is None or self._run is None or self._run.number != run:
            return None
        return self._lease.new_link()

    def measure(self) -> None:
        """Ask for the latency, which comes with the traffic."""
        if self._lease is not None:
            self._lease.measure()


class _Run:
    """One lease's news as events of the machine."""

    def __init__(self, number: int, events: TunnelEvents) -> None:
        self.number = number
        self._events = events

    def ready(self) -> None:
        """The tunnel carries."""
        self._events.dispatch(TunnelReady(self.number))

    def failed(self, cause: Cause, detail: str) -> None:
        """There is none any more."""
        self._events.dispatch(TunnelFailed(self.number, cause, detail))

    def silence(self, is_silent: bool) -> None:
        """Whether the gateway answers."""
        self._events.dispatch(Silent(self.number) if is_silent else Heard(self.number))

    def traffic(self, traffic: Traffic) -> None:
        """New figures."""
        self._events.traffic(traffic)

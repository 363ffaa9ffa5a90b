"""A tunnel's worker process as its maker sees it: started, told, listened to, killed."""

from __future__ import annotations

import contextlib
import logging
import os
import select
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Protocol

from myco_vpn.channel import Channel
from myco_vpn.framing import JsonObject, Message, message_pair
from myco_vpn.tunnel.report import Traffic
from myco_vpn.tunnel.states import Cause

_log = logging.getLogger(__name__)

WORKER_COMMAND = (sys.executable, "-P", "-m", "myco_vpn.tunnel.worker")

Spawn = Callable[[Sequence[str], Sequence[int]], int]
"""Starts a command with these descriptors open; its process id. Raises OSError."""


class WorkerEvents(Protocol):
    """What a worker tells."""

    def ready(self) -> None:
        """The tunnel carries."""

    def failed(self, cause: Cause, detail: str) -> None:
        """It could not be made, or has ended."""

    def silence(self, is_silent: bool) -> None:
        """Whether the gateway answers."""

    def traffic(self, traffic: Traffic) -> None:
        """New figures."""

    def spaces(self, fds: list[int]) -> None:
        """Its user and network namespace, as was asked for; the descriptors are the listener's."""


class SpareProcess:
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

    def discard(self) -> None:
        """End one that was never used."""
        self.kill()
        self.channel.close()


class WorkerProcess:
    """One worker at work."""

    def __init__(self, process: SpareProcess, events: WorkerEvents) -> None:
        self._events = events
        self._process = process
        self._traffic = Traffic()
        self._channel = Channel(process.channel, self._on_message, self._on_end)

    def send(self, body: JsonObject, fds: Sequence[int] = ()) -> None:
        """Send a message."""
        self._channel.send(body, fds)

    def kill(self) -> None:
        """End the process and what depends on it; nothing is told any more."""
        self._channel.close()
        self._process.kill()

    def _on_message(self, message: Message) -> None:
        match message.type:
            case "ready":
                self._events.ready()
            case "failed":
                detail = message.text("detail")
                _log.info("a tunnel failed: %s", detail)
                self._events.failed(_cause(message.text("cause")), detail)
            case "silent":
                self._events.silence(True)
            case "heard":
                self._events.silence(False)
            case "status":
                self._tell(_traffic(message, self._traffic.latency_s))
            case "measured":
                seconds = message.body.get("seconds")
                latency = seconds if isinstance(seconds, float) else None
                before = self._traffic
                figures = (before.last_handshake, before.sent, before.received, before.endpoint)
                self._tell(Traffic(*figures, latency))
            case "spaces":
                fds, message.fds = list(message.fds), []
                self._events.spaces(fds)
            case unknown:
                _log.warning("unknown message %r", unknown)

    def _tell(self, traffic: Traffic) -> None:
        self._traffic = traffic
        self._events.traffic(traffic)

    def _on_end(self) -> None:
        self.kill()
        self._events.failed(Cause.TUNNEL_ENDED, "the tunnel's process ended")


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

"""The controller's way out, as messages to a door process."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence

from myco_vpn.exits import BlockedExit, DirectExit, WaitingExit
from myco_vpn.framing import JsonObject
from myco_vpn.tunnel.exit import TunnelExit

Send = Callable[[JsonObject, Sequence[int]], None]
"""Sends a message with descriptors to the door, if there is one."""


class DoorWayOut:
    """Everything that passes a door, or (with `session`) one session's part of it."""

    def __init__(self, send: Send, session: str | None = None) -> None:
        self._send = send
        self._session = session

    def block(self, holds: bool) -> None:
        """Let nothing leave."""
        self._use(WaitingExit.name if holds else BlockedExit.name)

    def use_direct(self) -> None:
        """Let everything leave directly."""
        self._use(DirectExit.name)

    def use_tunnel(self, link: socket.socket) -> None:
        """Let everything leave through a tunnel."""
        self._use(TunnelExit.name, [link.fileno()])

    def _use(self, name: str, fds: Sequence[int] = ()) -> None:
        self._send({"type": "exit", "exit": name, "session": self._session}, fds)

"""The launcher's way out before anybody has wanted a tunnel: direct, and light.

What makes tunnels (`tunnel`) is loaded when a wish was saved, or when a session asks for something;
most starts do without.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from myco_browser.launcher.spawning import LauncherSettings
from myco_vpn.framing import JsonObject, Message

if TYPE_CHECKING:
    from myco_browser.launcher.tunnel import TunnelService

WISH_FILE = "tunnel.json"

Send = Callable[[JsonObject, Sequence[int]], None]
Tell = Callable[[JsonObject], None]


class WayOut:
    """Tells the door which way leads out."""

    def __init__(self, settings: LauncherSettings, send: Send, tell_all: Tell) -> None:
        self._settings = settings
        self._send = send
        self._tell_all = tell_all
        self._service: TunnelService | None = None

    def door_started(self) -> None:
        """A door stands and waits to be told."""
        if self._service is not None:
            self._service.door_started()
        elif os.path.lexists(os.path.join(self._settings.profile, WISH_FILE)):
            self._load()
        else:
            self._send({"type": "exit", "exit": "direct"}, [])

    def request(self, message: Message, reply: Tell) -> None:
        """Do what a session's user wants."""
        if self._service is None and message.text("do") == "look":
            reply({"type": "tunnel", "state": "off", "exits": []})
            return
        (self._service or self._load()).request(message, reply)

    def secure(self) -> None:
        """A private session begins: whoever used a tunnel before wants it on."""
        if self._service is None and not os.path.lexists(
            os.path.join(self._settings.profile, WISH_FILE)
        ):
            return
        (self._service or self._load()).secure()

    def close(self) -> None:
        """End what was made."""
        if self._service is not None:
            self._service.close()

    def _load(self) -> TunnelService:
        from myco_browser.launcher.tunnel import TunnelService

        self._service = TunnelService(self._settings, self._send, self._tell_all)
        self._service.door_started()
        return self._service

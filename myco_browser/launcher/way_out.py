"""The launcher's way out before anybody has wanted a tunnel: direct, and light.

What makes tunnels (`tunnel`) is loaded when a wish was saved, or when a session asks for something;
most starts do without.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from myco_browser.launcher import preferences
from myco_browser.launcher.spawning import LauncherSettings, SessionName
from myco_vpn.framing import JsonObject, Message

if TYPE_CHECKING:
    from myco_browser.launcher.tunnel import TunnelService

WISH_FILE = "tunnel.json"

Send = Callable[[JsonObject, Sequence[int]], None]
Tell = Callable[[JsonObject], None]
TellOne = Callable[[SessionName, JsonObject], None]


class WayOut:
    """Tells the door which way leads out, for each session."""

    def __init__(self, settings: LauncherSettings, send: Send, tell: TellOne) -> None:
        self._settings = settings
        self._send = send
        self._tell = tell
        self._service: TunnelService | None = None
        self._sessions: list[SessionName] = []

    def door_started(self) -> None:
        """A door stands and waits to be told."""
        self.tell_resolver()
        if self._service is not None:
            self._service.door_started()
        elif self._is_wanted():
            self._load().door_started()
        else:
            self._send({"type": "exit", "exit": "direct"}, [])

    def tell_resolver(self) -> None:
        """Tell the door whom to ask for names; before anything is let out, and after a change."""
        url, addresses = preferences.read(self._settings.profile).resolver
        self._send({"type": "resolver", "url": url, "addresses": list(addresses)}, [])

    def session_started(self, name: SessionName, secures: bool = False) -> None:
        """A session begins, or goes on after a crash; see `TunnelService.session_started`."""
        if name not in self._sessions:
            self._sessions.append(name)
        if self._service is not None:
            self._service.session_started(name, secures)

    def session_attached(self, name: SessionName) -> None:
        """The door begins to serve a session."""
        if self._service is not None:
            self._service.session_attached(name)

    def session_ended(self, name: SessionName) -> None:
        """A session is over."""
        if name in self._sessions:
            self._sessions.remove(name)
        if self._service is not None:
            self._service.session_ended(name)

    def request(self, name: SessionName, message: Message, reply: Tell) -> None:
        """Do what a session's user wants."""
        if self._service is None:
            if message.text("do") == "look":
                reply({"type": "tunnel", "state": "off", "exits": []})
                return
            service = self._load()
            # First each session gets the direct way as its own, which changes nothing for it.
            for known in self._sessions:
                service.session_started(known, False)
            service.door_started()
        if self._service is not None:
            self._service.request(name, message, reply)

    def close(self) -> None:
        """End what was made."""
        if self._service is not None:
            self._service.close()

    def _is_wanted(self) -> bool:
        profile = self._settings.profile
        had_wish = os.path.lexists(os.path.join(profile, WISH_FILE))
        return had_wish or preferences.read(profile).tunnel_untrusted

    def _load(self) -> TunnelService:
        from myco_browser.launcher.tunnel import TunnelService

        self._service = TunnelService(self._settings, self._send, self._tell)
        return self._service

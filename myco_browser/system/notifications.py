"""The desktop's notifications (org.freedesktop.Notifications 1.2), over the session bus."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from html import escape
from typing import NamedTuple

from jeepney import DBusAddress, MatchRule, message_bus, new_method_call
from jeepney.io.asyncio import DBusRouter, Proxy, open_dbus_router

_SERVICE = DBusAddress(
    "/org/freedesktop/Notifications",
    bus_name="org.freedesktop.Notifications",
    interface="org.freedesktop.Notifications",
)
_PATIENCE_S = 3.0
_MAX_TEXT = 300


class Kind(NamedTuple):
    """The icon that the desktop's theme has, and the category of the specification."""

    picture: str
    category: str


MAIL = Kind("mail-unread", "email.arrived")
SITE = Kind("myco-browser", "im.received")

OnEvent = Callable[[int, bool], None]
"""Hears the number of a notification that went away, and whether it was clicked."""


class Notifications:
    """A connection to the bus, made at the first notification. One asyncio loop only."""

    def __init__(self, on_event: OnEvent) -> None:
        self._on_event = on_event
        self._opened: open_dbus_router | None = None
        self._router: DBusRouter | None = None
        self._listening: asyncio.Task[None] | None = None

    async def show(
        self, title: str, body: str, button: str, replaces: int, kind: Kind = MAIL
    ) -> int | None:
        """Shows a notification, in place of the one of that number; None: nobody shows any."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                router = await self._connected()
                # A body may hold markup, so what is meant as text is escaped.
                arguments = (
                    "Myco Browser", replaces, kind.picture, title[:_MAX_TEXT],
                    escape(body[:_MAX_TEXT]), ["default", button],
                    {"category": ("s", kind.category), "desktop-entry": ("s", "myco-browser")},
                    -1,
                )  # fmt: skip
                call = new_method_call(_SERVICE, "Notify", "susssasa{sv}i", arguments)
                reply = await router.send_and_get_reply(call)
        except Exception:  # no bus, no service, a foreign answer: all mean that nobody shows it
            await self.close()
            return None
        number = reply.body[0] if reply.body else None
        return number if isinstance(number, int) and number > 0 else None

    async def close(self) -> None:
        """Lets the bus go."""
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.cancel()
        router, self._router = self._router, None
        if router is not None and self._opened is not None:
            await self._opened.__aexit__(None, None, None)

    async def _connected(self) -> DBusRouter:
        if self._router is None:
            self._opened = open_dbus_router("SESSION")
            self._router = router = await self._opened.__aenter__()
            rule = MatchRule(type="signal", interface=_SERVICE.interface, path=_SERVICE.object_path)
            events: asyncio.Queue[object] = asyncio.Queue(64)
            router.filter(rule, queue=events)
            await Proxy(message_bus, router).AddMatch(rule)
            self._listening = asyncio.create_task(self._listen(events))
        return self._router

    async def _listen(self, events: asyncio.Queue[object]) -> None:
        while True:
            message = await events.get()
            body = getattr(message, "body", ())
            header = getattr(message, "header", None)
            fields = getattr(header, "fields", {})
            # 3 is MEMBER, the name of the signal.
            name = fields.get(3) if isinstance(fields, dict) else None
            if not isinstance(body, tuple) or not body or not isinstance(body[0], int):
                continue
            if name == "ActionInvoked":
                self._on_event(body[0], True)
            elif name == "NotificationClosed":
                self._on_event(body[0], False)

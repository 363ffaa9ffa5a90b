"""Asks NetworkManager whether the connection is paid by volume (D-Bus, property Metered)."""

from __future__ import annotations

import asyncio

from jeepney import DBusAddress, Properties
from jeepney.io.asyncio import open_dbus_router

_MANAGER = DBusAddress(
    "/org/freedesktop/NetworkManager",
    bus_name="org.freedesktop.NetworkManager",
    interface="org.freedesktop.NetworkManager",
)
# NMMetered: 0 unknown, 1 yes, 2 no, 3 guessed yes, 4 guessed no.
_PAID = frozenset({1, 3})
_FREE = frozenset({2, 4})
_PATIENCE_S = 2.0


class SystemConnection:
    """The connection of this machine, as far as the system bus tells."""

    async def is_metered(self) -> bool | None:
        """True, False, or None where nobody knows. Never raises."""
        try:
            async with asyncio.timeout(_PATIENCE_S), open_dbus_router("SYSTEM") as router:
                reply = await router.send_and_get_reply(Properties(_MANAGER).get("Metered"))
        except Exception:  # no bus, no manager, a foreign answer: all mean that nobody knows
            return None
        value = reply.body[0] if reply.body else None
        number = value[1] if isinstance(value, tuple) and len(value) > 1 else None
        return True if number in _PAID else False if number in _FREE else None

"""Networks that the user trusts, and what follows when this computer comes into another one.

Where the user wants a tunnel on networks that are not trusted, a change of the default route holds
everything back at once; then the network is found out, and only a trusted one lets go again. What
cannot be found out is not trusted. Nothing here ever turns a tunnel off.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable
from pathlib import Path

from myco_browser.system import networks
from myco_browser.system.networks import Network, Uplink
from myco_vpn.files import replace_file
from myco_vpn.framing import JsonObject
from myco_vpn.tunnel import netlink

_log = logging.getLogger(__name__)

_TRIES = 8
_AGAIN_S = 0.25
"""A router's hardware address is known when the first packet has gone to it."""


class TrustedNetworks:
    """The networks that the user marked, in a small file; none where it cannot be read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def holds(self, network: Network | None) -> bool:
        """Whether a network is trusted; one that is not known is not."""
        return network is not None and network.key in self._known()

    def mark(self, network: Network, on: bool) -> None:
        """Trust a network, or no longer. Raises OSError."""
        known = self._known()
        known.pop(network.key, None)
        if on:
            known[network.key] = network.name
        replace_file(self._path, json.dumps({"trusted": known}).encode("utf-8"))

    def _known(self) -> dict[str, str]:
        try:
            found = json.loads(self._path.read_bytes())["trusted"]
            return {str(key): str(name) for key, name in found.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return {}


class NetworkWatch:
    """Follows the default route.

    `hold` is called at once, `arrived` when it is known where we are; not while there is no route.
    """

    def __init__(
        self,
        hold: Callable[[], None],
        arrived: Callable[[Network | None], None],
        find: Callable[[], Uplink | None] = networks.find_uplink,
        identify: Callable[[Uplink], Network | None] = networks.identify,
    ) -> None:
        self._hold = hold
        self._arrived = arrived
        self._find = find
        self._identify = identify
        self._uplink: Uplink | None = None
        self._finding: asyncio.Task[None] | None = None
        self.network: Network | None = None
        """Where we are, as far as that is known."""
        self._changes = netlink.watch_changes()
        asyncio.get_running_loop().add_reader(self._changes.fileno(), self._on_change)

    def close(self) -> None:
        """Look no longer."""
        asyncio.get_running_loop().remove_reader(self._changes.fileno())
        self._changes.close()
        if self._finding is not None:
            self._finding.cancel()

    @property
    def is_looking(self) -> bool:
        """Whether it is not known yet where we are."""
        return self._finding is None or not self._finding.done() or self._uplink is None

    def look(self) -> None:
        """Find out where we are now, as after a change."""
        self._uplink = self._find()
        self._begin()

    def _on_change(self) -> None:
        with contextlib.suppress(OSError):
            while self._changes.recv(65536):
                pass
        # Routes are announced again and again; only another way out is another network.
        if self._find() != self._uplink:
            self._uplink = self._find()
            self._hold()
            self._begin()

    def _begin(self) -> None:
        self.network = None
        if self._finding is not None:
            self._finding.cancel()
        self._finding = asyncio.create_task(self._find_out())

    async def _find_out(self) -> None:
        uplink = self._uplink
        if uplink is None:
            return  # nothing leads out, and nothing is let go
        found: Network | None = None
        for _ in range(_TRIES):
            found = await asyncio.to_thread(self._identify, uplink)
            if found is not None:
                break
            await asyncio.sleep(_AGAIN_S)
        self.network = found
        _log.info("network: %s", "not known" if found is None else found.name)
        self._arrived(found)


def network_news(network: Network | None, trusted: TrustedNetworks) -> JsonObject:
    """What a session is told."""
    return {
        "name": "" if network is None else network.name,
        "trusted": trusted.holds(network),
    }

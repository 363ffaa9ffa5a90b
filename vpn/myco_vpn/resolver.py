"""Names to addresses, at the door: the system's resolver in a few threads, with a short cache.

The engine never resolves a name itself. The cache is shorter than any sensible TTL, because
getaddrinfo does not tell the real one; it serves the burst of connections that one page makes.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from myco_vpn.addresses import IpAddress

Lookup = Callable[[str], tuple[IpAddress, ...]]
"""Blocking: the addresses of a name, in the order to try them. Raises OSError."""

_KEEP_FOUND_S = 30.0
_KEEP_MISSING_S = 2.0
_MAX_CACHED = 1024
_THREADS = 12


@dataclass(frozen=True, slots=True)
class _Answer:
    addresses: tuple[IpAddress, ...]
    until: float


class Resolver:
    """Looks names up; equal questions that overlap are asked once."""

    def __init__(self, lookup: Lookup | None = None) -> None:
        self._lookup = system_lookup if lookup is None else lookup
        self._threads = ThreadPoolExecutor(_THREADS, "myco-resolver")
        self._cache: dict[str, _Answer] = {}
        self._running: dict[str, asyncio.Future[tuple[IpAddress, ...]]] = {}

    async def resolve(self, name: str) -> tuple[IpAddress, ...]:
        """The addresses of `name`; none when there is no such name or no answer."""
        if name.endswith(".localhost"):  # RFC 6761: never asked of anyone
            name = "localhost"
        answer = self._cache.get(name)
        if answer is not None and answer.until > time.monotonic():
            return answer.addresses
        running = self._running.get(name)
        if running is None:
            running = asyncio.ensure_future(self._ask(name))
            self._running[name] = running
            running.add_done_callback(lambda _: self._running.pop(name, None))
        # One impatient client must not end the question of the others.
        return await asyncio.shield(running)

    def forget(self) -> None:
        """Drop all answers: the network, or the way out, has changed."""
        self._cache.clear()

    def close(self) -> None:
        """Start no further look-up; running ones end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _ask(self, name: str) -> tuple[IpAddress, ...]:
        loop = asyncio.get_running_loop()
        try:
            addresses = await loop.run_in_executor(self._threads, self._lookup, name)
        except (OSError, UnicodeError):
            addresses = ()
        keep = _KEEP_FOUND_S if addresses else _KEEP_MISSING_S
        if len(self._cache) >= _MAX_CACHED:
            self._cache.pop(next(iter(self._cache)))
        self._cache[name] = _Answer(addresses, time.monotonic() + keep)
        return addresses


def system_lookup(name: str) -> tuple[IpAddress, ...]:
    """Ask the system's resolver. Raises OSError."""
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    addresses = (ipaddress.ip_address(entry[4][0]) for entry in found)
    return tuple(dict.fromkeys(addresses))

"""Names to addresses, at the door: the system's resolver in a few threads, with a short cache.

The engine never resolves a name itself. The cache is shorter than any sensible TTL, because
getaddrinfo does not tell the real one; it serves the burst of connections that one page makes.

The canonical name comes with the addresses, from the same answer: no further question leaves the
machine. getaddrinfo gives the last name of a chain of aliases only, not those in between.
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
from myco_vpn.dnswire import Service

_KEEP_FOUND_S = 30.0
_KEEP_MISSING_S = 2.0
_MAX_CACHED = 1024
_THREADS = 12


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a name was found to be."""

    addresses: tuple[IpAddress, ...]
    """In the order to try them."""
    canonical: str = ""
    """The name that it is an alias of (RFC 1034, 3.6.2), in lower case; empty when it is none."""


class ResolverError(OSError):
    """The chosen resolver did not answer; nobody else is asked in its place."""


Lookup = Callable[[str], Resolved]
"""Blocking: looks a name up. Raises OSError."""
ServiceLookup = Callable[[str], tuple[Service, ...]]
"""Blocking: looks services up by a name such as "_imaps._tcp.example.org". Raises OSError."""


@dataclass(frozen=True, slots=True)
class _Answer:
    found: Resolved
    until: float


class Resolver:
    """Looks names up; equal questions that overlap are asked once."""

    def __init__(self, lookup: Lookup | None = None) -> None:
        self._lookup = system_lookup if lookup is None else lookup
        self._service_lookup: ServiceLookup = system_services
        self._threads = ThreadPoolExecutor(_THREADS, "myco-resolver")
        self._cache: dict[str, _Answer] = {}
        self._running: dict[str, asyncio.Future[Resolved]] = {}
        self._generation = 0

    async def resolve(self, name: str) -> Resolved:
        """What `name` is; without addresses when there is no such name or no answer.

        Raises ResolverError when the chosen resolver fails.
        """
        if name.endswith(".localhost"):  # RFC 6761: never asked of anyone
            name = "localhost"
        answer = self._cache.get(name)
        if answer is not None and answer.until > time.monotonic():
            return answer.found
        running = self._running.get(name)
        if running is None:
            running = asyncio.ensure_future(self._ask(name))
            self._running[name] = running
            running.add_done_callback(lambda done: self._let_go(name, done))
        # One impatient client must not end the question of the others.
        return await asyncio.shield(running)

    def _let_go(self, name: str, done: asyncio.Future[Resolved]) -> None:
        if self._running.get(name) is done:
            del self._running[name]
        if not done.cancelled():
            done.exception()  # who asked may have gone meanwhile

    def forget(self) -> None:
        """Drop all answers: the network, or the way out, has changed."""
        self._generation += 1
        self._cache.clear()
        self._running.clear()

    def use(self, lookup: Lookup | None, services: ServiceLookup | None = None) -> None:
        """Look names up that way from now on; None for the system's."""
        self.forget()
        self._lookup = system_lookup if lookup is None else lookup
        self._service_lookup = system_services if services is None else services

    async def services(self, name: str) -> tuple[Service, ...]:
        """The services of that name; not kept, as this is asked once. Raises OSError."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._service_lookup, name)

    def close(self) -> None:
        """Start no further look-up; running ones end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _ask(self, name: str) -> Resolved:
        began = self._generation
        try:
            found = await self._find(name)
        except ResolverError:
            raise
        except (OSError, UnicodeError):
            found = Resolved(())
        if began != self._generation:  # the answer belongs to another way out
            return found
        keep = _KEEP_FOUND_S if found.addresses else _KEEP_MISSING_S
        if len(self._cache) >= _MAX_CACHED:
            self._cache.pop(next(iter(self._cache)))
        self._cache[name] = _Answer(found, time.monotonic() + keep)
        return found

    async def _find(self, name: str) -> Resolved:
        """Look a name up. Raises OSError, UnicodeError."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._lookup, name)


def system_lookup(name: str) -> Resolved:
    """Ask the system's resolver. Raises OSError."""
    flags = socket.AI_ADDRCONFIG | socket.AI_CANONNAME
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM, flags=flags)
    addresses = (ipaddress.ip_address(entry[4][0]) for entry in found)
    # The first entry alone has it; a name that is no alias is its own canonical name.
    canonical = next((entry[3] for entry in found if entry[3]), "").lower().rstrip(".")
    return Resolved(tuple(dict.fromkeys(addresses)), "" if canonical == name else canonical)


def system_services(name: str) -> tuple[Service, ...]:
    """Ask the system's name servers for services. Raises OSError."""
    from myco_vpn.systemquery import services  # few ask for services

    return services(name)

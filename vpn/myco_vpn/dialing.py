"""Connecting to the first of several addresses that answers (RFC 8305, "happy eyeballs").

Families take turns, a new attempt starts every `STAGGER_S` or as soon as one fails, and the first
connection made wins.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest

from myco_vpn.addresses import IpAddress

STAGGER_S = 0.25
MAX_ATTEMPTS = 12
"""A name may have hundreds of addresses; nobody waits for them all."""


def interleave(addresses: Iterable[IpAddress]) -> list[IpAddress]:
    """The same addresses with the families taking turns, the first one's family first."""
    ordered = list(addresses)
    if not ordered:
        return []
    first = [a for a in ordered if a.version == ordered[0].version]
    other = [a for a in ordered if a.version != ordered[0].version]
    turns = chain.from_iterable(zip_longest(first, other))
    return [address for address in turns if address is not None]


async def connect_first(addresses: Sequence[IpAddress], port: int) -> socket.socket:
    """A connected non-blocking socket. Raises OSError: the most telling of the failures."""
    queue = interleave(addresses)[:MAX_ATTEMPTS]
    running: set[asyncio.Task[socket.socket]] = set()
    errors: list[OSError] = []
    try:
        while queue or running:
            if queue:
                running.add(asyncio.create_task(_connect(queue.pop(0), port)))
            done, running = await asyncio.wait(
                running,
                timeout=STAGGER_S if queue else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
            winner = _take_winner(done, errors)
            if winner is not None:
                return winner
        raise most_telling(errors)
    finally:
        await _discard(running)


def most_telling(errors: Sequence[OSError]) -> OSError:
    """Of several failures the one to show: somebody's answer rather than a missing route."""
    for error in errors:
        if isinstance(error, ConnectionRefusedError):
            return error
    return errors[-1] if errors else OSError(errno.EHOSTUNREACH, "no address to dial")


async def _connect(address: IpAddress, port: int) -> socket.socket:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, (str(address), port))
    except BaseException:
        sock.close()
        raise
    return sock


def _take_winner(
    done: Iterable[asyncio.Task[socket.socket]], errors: list[OSError]
) -> socket.socket | None:
    winner: socket.socket | None = None
    for task in done:
        error = task.exception()
        if isinstance(error, OSError):
            errors.append(error)
        elif error is not None:
            raise error
        elif winner is None:
            winner = task.result()
        else:
            task.result().close()
    return winner


async def _discard(running: Iterable[asyncio.Task[socket.socket]]) -> None:
    for task in running:
        task.cancel()
    for outcome in await asyncio.gather(*running, return_exceptions=True):
        if isinstance(outcome, socket.socket):
            outcome.close()

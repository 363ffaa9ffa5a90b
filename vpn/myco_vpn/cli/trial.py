"""`myco-vpn test`: a tunnel is made, looked at and ended; nothing is carried."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import signal
import socket
from collections.abc import Callable, Sequence

from myco_vpn.cli.codes import Code
from myco_vpn.cli.holder import describe, spawn
from myco_vpn.tunnel.controller import Controller, MemoryWishes
from myco_vpn.tunnel.pool import Pool
from myco_vpn.tunnel.states import Blocked, Cause, Protected, TurnOn, Wish
from myco_vpn.tunnel.wish import SavedWish
from myco_vpn.wireguard.config import Config, Endpoint, Peer
from myco_vpn.wireguard.keys import new_private_key

_TRIAL_S = 20.0
_LATENCY_S = 5.0


class _NoWayOut:
    """Nothing is to be carried."""

    def block(self, holds: bool) -> None:
        """Nothing leaves anyway."""

    def use_direct(self) -> None:
        """Nothing is led out."""

    def use_tunnel(self, link: socket.socket) -> None:
        """Nothing is led in."""


def try_exit(
    load: Callable[[str], Config], exit_id: str, seconds: float = _TRIAL_S
) -> dict[str, object]:
    """How a tunnel by that exit fares (docs/vpn.md)."""
    return asyncio.run(_try(load, exit_id, seconds))


def try_machine() -> dict[str, object]:
    """Whether this machine lets an ordinary user make a tunnel.

    A tunnel to nobody is made on loopback: that it gets no answer is the good outcome.
    """
    peer = Peer(new_private_key().public(), None, Endpoint("127.0.0.1", 9))
    addresses = (ipaddress.ip_interface("10.255.255.1/32"),)
    config = Config(new_private_key(), addresses, (peer,))
    body = asyncio.run(_try(lambda _: config, "machine", 1.0))
    if body.get("cause") in (Cause.NOT_POSSIBLE.value, Cause.NO_PROGRAM.value):
        return body
    return {"state": "possible", "code": int(Code.OK), "sentence": "Tunnels work on this machine."}


async def _try(load: Callable[[str], Config], exit_id: str, seconds: float) -> dict[str, object]:
    changed = asyncio.Event()
    children: list[int] = []

    def start(command: Sequence[str], fds: Sequence[int]) -> int:
        children.append(spawn(command, fds))
        return children[-1]

    wishes = MemoryWishes(SavedWish(Wish.SECURED, None))
    pool = Pool(load, start)
    controller = Controller(_NoWayOut(), wishes, pool, changed.set)
    controller.door_started()
    controller.dispatch(TurnOn(exit_id))
    try:
        async with asyncio.timeout(seconds):
            while not isinstance(controller.state, Protected | Blocked):
                changed.clear()
                await changed.wait()
        if isinstance(controller.state, Protected):
            await _measure(controller, changed)
    except TimeoutError:
        pass
    body = describe(controller)
    controller.close()
    pool.close()
    for pid in children:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)  # noqa: ASYNC222 - it is dead already
    return body


async def _measure(controller: Controller, changed: asyncio.Event) -> None:
    controller.measure()
    async with asyncio.timeout(_LATENCY_S):
        while controller.figures is None or controller.figures.latency_s is None:
            changed.clear()
            await changed.wait()

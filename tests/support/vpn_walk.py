"""Random transitions of a tunnel in a lab, with requests all the time."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
from collections.abc import Sequence
from pathlib import Path

from support.vpn_client import Client, is_settled
from support.vpn_lab import CLIENT_V4, SERVER_V4, Lab

from myco_vpn.tunnel.states import BlockAll, Blocked, Event, Off, Protected, TurnOff, TurnOn


async def random_walk(
    lab_: Lab, client_: Client, hosts: Sequence[str], steps: int, seed: int
) -> dict[str, object]:
    """Random transitions with requests in between; with the tunnel wanted nothing else leaves."""
    chance = random.Random(seed)
    wrong: list[str] = []
    protected = 0
    done = 0
    while done < steps:
        done += 1
        if chance.random() < 0.02:
            await _walk_off(lab_, client_, wrong)
            continue
        # Some come faster than anything can follow from them.
        burst = [_random_event(chance) for _ in range(chance.choice((1, 1, 2, 4, 6)))]
        done += len(burst) - 1
        event = burst[-1]
        for one in burst:
            client_.controller.dispatch(one)
        if chance.random() < 0.15:
            _kill_something(client_, chance)
        if chance.random() < 0.35:
            with contextlib.suppress(TimeoutError):
                await client_.wait(lambda s: isinstance(s, Protected | Blocked), 5.0)
        patience = 1.0 if is_settled(client_.controller.state) else 0.02
        requests = [client_.fetch(host, seconds=patience) for host in chance.sample(hosts, 2)]
        answers = await asyncio.gather(*requests)
        if any(answer in (CLIENT_V4, "2001:db8:1::2") for answer in answers):
            wrong.append(f"answered directly after {event}")
        protected += any(answers)
    lab_.tap.settle()
    wrong += lab_.tap.take().others
    return {"steps": done, "protected": protected, "wrong": wrong[:20]}


async def _walk_off(lab_: Lab, client_: Client, wrong: list[str]) -> None:
    lab_.tap.settle()
    wrong += lab_.tap.take().others
    await client_.send(TurnOff(), lambda state: isinstance(state, Off))
    if await client_.fetch(SERVER_V4) != CLIENT_V4:
        wrong.append("off, and no answer")
    await client_.send(BlockAll())
    await asyncio.to_thread(client_.link.status)  # the door has heard of it
    lab_.tap.settle()
    lab_.tap.take()


def _random_event(chance: random.Random) -> Event:
    if chance.random() < 0.15:
        return BlockAll()
    return TurnOn(chance.choice(["a", "b"]))


def _kill_something(client_: Client, chance: random.Random) -> None:
    kind = chance.randrange(3)
    if kind == 0:
        client_.kill_door()
        client_.start_door()
    else:
        with contextlib.suppress(OSError, IndexError, AssertionError):
            pid = client_.worker_pid()
            os.kill(pid if kind == 1 else child_of(pid), signal.SIGKILL)


def child_of(pid: int) -> int:
    """The first child of a process."""
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])

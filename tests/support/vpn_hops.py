"""Two gateways in a lab: tunnels through tunnels, and sessions with exits of their own; JSON.

python vpn_hops.py [STAGE...]
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from support.vpn_client import Client, client, is_settled, while_busy
from support.vpn_lab import FAR_GATEWAY_NAME, SERVER_V4, SERVER_V6, Lab, lab
from support.vpn_second import SECOND_NAME, SECOND_V4, SecondGateway
from support.vpn_tap import GATEWAY_V4, WG_PORT
from support.vpn_walk import child_of

from myco_vpn.framing import message_pair
from myco_vpn.link import DialError, dial
from myco_vpn.tunnel.controller import Controller, MemoryWishes
from myco_vpn.tunnel.states import BlockAll, Blocked, Off, Protected, State, TurnOff, TurnOn, Wish
from myco_vpn.tunnel.wayout import DoorWayOut
from myco_vpn.tunnel.wish import SavedWish
from myco_vpn.wireguard.config import Config, Endpoint

Stage = Callable[[Lab, Client], Awaitable[dict[str, object]]]


class OtherSession:
    """One more session at the same door, with a wish of its own."""

    def __init__(self, name: str, client_: Client, saved: SavedWish) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._changed = asyncio.Event()
        self.controller = Controller(
            DoorWayOut(client_._send, name), MemoryWishes(saved), client_.pool, self._changed.set
        )
        self._news, door_end = message_pair()
        with door_end:
            body = {"type": "attach", "session": name, "kind": "private", "sealed": False}
            client_._send(body, [door_end.fileno(), self.listener.fileno()])
        self.controller.door_started()

    async def wait(self, until: Callable[[State], bool] = is_settled) -> State:
        async with asyncio.timeout(30):
            while not until(self.controller.state):
                self._changed.clear()
                await self._changed.wait()
        return self.controller.state

    async def fetch(self, host: str = SERVER_V4, seconds: float = 10.0) -> str:
        try:
            async with asyncio.timeout(seconds):
                reader, writer = await dial(host, 80, "page", self.listener.getsockname())
                with contextlib.closing(writer):
                    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    answer = await reader.read()
        except (DialError, OSError, TimeoutError):
            return ""
        return answer.partition(b"\r\n\r\n")[2].decode()

    def close(self) -> None:
        self.controller.close()
        self._news.close()
        self.listener.close()


async def off(lab_: Lab, client_: Client) -> dict[str, object]:
    """The positive control."""
    return {"direct": await client_.fetch(SERVER_V4)}


async def two_hops(lab_: Lab, client_: Client) -> dict[str, object]:
    """Only packets to the first gateway are on the wire; the second one's address is seen."""
    await client_.send(BlockAll())  # what was open directly until now is cut
    await asyncio.to_thread(client_.link.status)
    lab_.tap.settle()
    lab_.tap.take()
    state = await client_.send(TurnOn("far~a"))
    hosts = (SERVER_V4, SECOND_NAME, SERVER_V6, "inside.example")
    return {
        "state": repr(state),
        "answers": [await client_.fetch(host, seconds=5.0) for host in hosts],
        "large": await _large(client_),
        "report": client_.controller.describe()["through"],
    }


async def two_hops_by_name(lab_: Lab, client_: Client) -> dict[str, object]:
    """The second gateway's name is looked up inside the first tunnel."""
    await client_.send(TurnOn("named~a"))
    return {"answer": await client_.fetch(SERVER_V4)}


async def outer_killed(lab_: Lab, client_: Client) -> dict[str, object]:
    """The outer wireguard-go, then the outer worker."""
    await client_.send(TurnOn("far~a"))
    return {
        "program": await _after_kill(client_, child_of(_worker(client_, "a"))),
        "worker": await _after_kill(client_, _worker(client_, "a")),
    }


async def inner_killed(lab_: Lab, client_: Client) -> dict[str, object]:
    """The inner wireguard-go, then the inner worker."""
    return {
        "program": await _after_kill(client_, child_of(_worker(client_, "far~a"))),
        "worker": await _after_kill(client_, _worker(client_, "far~a")),
    }


async def first_gateway_dead(lab_: Lab, client_: Client) -> dict[str, object]:
    """Without the first gateway nothing goes anywhere."""
    lab_.stop_gateway()
    without = await client_.fetch(SERVER_V4, seconds=2.0)
    lab_.start_gateway()
    back = ""
    async with asyncio.timeout(30):
        while not back:
            back = await client_.fetch(SERVER_V4, seconds=3.0)
    return {"without": without, "back": back}


async def hops_switched(lab_: Lab, client_: Client) -> dict[str, object]:
    """One hop, two hops, by another first one, while requests run."""

    async def switch() -> None:
        for route in ("a", "far~a", "far~b", "b"):
            await client_.send(TurnOn(route), lambda state: isinstance(state, Protected))
            await client_.fetch(SERVER_V4)

    answered = await while_busy(client_, (SERVER_V4, SECOND_NAME), switch())
    return {"answered": answered}


async def through_itself(lab_: Lab, client_: Client) -> dict[str, object]:
    """A route that makes no sense is told."""
    state = await client_.send(TurnOn("a~a"))
    assert isinstance(state, Blocked)
    return {"cause": state.cause.value}


async def sessions(lab_: Lab, client_: Client) -> dict[str, object]:
    """Three sessions at one door, each by the exit of its own; one of them directly."""
    lab_.tap.gateways = (GATEWAY_V4, SECOND_V4)
    await client_.send(TurnOn("a"))
    async with _other("private-1", client_, SavedWish(Wish.SECURED, "far")) as first:
        async with _other("private-2", client_, client_.controller.wish()) as second:
            await first.wait(lambda state: isinstance(state, Protected))
            await second.wait(lambda state: isinstance(state, Protected))
            each = await asyncio.gather(
                client_.fetch(SERVER_V4), first.fetch(), second.fetch(), client_.fetch(SERVER_V4)
            )
            reader, writer = await client_.open_stream(SERVER_V4)
            first.controller.dispatch(TurnOn("b"))
            await first.wait(lambda state: isinstance(state, Protected))
            changed = [await first.fetch(), await client_.fetch(SERVER_V4)]
            first.controller.dispatch(TurnOn("far~a"))
            await first.wait(lambda state: isinstance(state, Protected))
            shared = [await first.fetch(), await second.fetch()]
            second.controller.dispatch(TurnOn("far"))
            state = await second.wait()
            refused = await second.fetch()
            goes_on = bool(await asyncio.wait_for(reader.read(1), 10))
            writer.close()
        after = [await first.fetch(), await client_.fetch(SERVER_V4)]
    return {
        "each": each,
        "changed": changed,
        "shared": shared,
        "in_use": state.cause.value if isinstance(state, Blocked) else repr(state),
        "refused": refused,
        "goes_on": goes_on,
        "after": after,
        "left": sorted(client_.pool._tunnels),
    }


async def one_session_off(lab_: Lab, client_: Client) -> dict[str, object]:
    """One session is off: it goes directly, the other one does not."""
    lab_.tap.gateways = (GATEWAY_V4,)
    async with _other("private-3", client_, SavedWish(Wish.SECURED, "b")) as private:
        await private.wait(lambda state: isinstance(state, Protected))
        await client_.send(TurnOff(), lambda state: isinstance(state, Off))
        found = [await private.fetch(), await client_.fetch(SERVER_V4)]
        client_.kill_door()
        client_.start_door()
        again = await client_.fetch(SERVER_V4)
    return {"found": found, "again": again}


@contextlib.asynccontextmanager
async def _other(name: str, client_: Client, saved: SavedWish) -> AsyncIterator[OtherSession]:
    made = OtherSession(name, client_, saved)
    try:
        yield made
    finally:
        made.close()


async def _after_kill(client_: Client, pid: int) -> list[str]:
    os.kill(pid, signal.SIGKILL)
    state = await client_.wait(lambda state: isinstance(state, Blocked))
    assert isinstance(state, Blocked)
    refused = await client_.fetch(SERVER_V4)
    await client_.wait(lambda state: isinstance(state, Protected))
    return [state.cause.value, refused, await client_.fetch(SERVER_V4)]


async def _large(client_: Client) -> int:
    """Bytes of an answer that fills many packets: what does not fit would never arrive."""
    reader, writer = await dial(SERVER_V4, 80, "page", client_.proxy)
    with contextlib.closing(writer):
        writer.write(b"GET /bytes/300000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        async with asyncio.timeout(15):
            return len((await reader.read()).partition(b"\r\n\r\n")[2])


def _worker(client_: Client, route: str) -> int:
    worker = client_.pool._tunnels[route]._worker
    assert worker is not None
    info = Path(f"/proc/self/fdinfo/{worker._process._pidfd}").read_text()
    return int(next(line.split()[1] for line in info.splitlines() if line.startswith("Pid:")))


STAGES: tuple[Stage, ...] = (
    off,
    two_hops,
    two_hops_by_name,
    outer_killed,
    inner_killed,
    first_gateway_dead,
    hops_switched,
    through_itself,
    sessions,
    one_session_off,
)


async def _run(lab_: Lab, second: SecondGateway, names: list[str]) -> dict[str, object]:
    far = second.config()
    (peer,) = second.config(1).peers
    by_name = dataclasses.replace(peer, endpoint=Endpoint(FAR_GATEWAY_NAME, WG_PORT))
    configs: dict[str, Config] = {
        "a": lab_.config(0),
        "b": lab_.config(1),
        "far": far,
        "named": dataclasses.replace(second.config(1), peers=(by_name,)),
    }
    found: dict[str, object] = {}
    async with client(configs.__getitem__, lab_.folder / "wish.json") as client_:
        for stage in STAGES:
            if names and stage.__name__ not in names:
                continue
            lab_.tap.take()
            print(stage.__name__, file=sys.stderr)
            seen = await stage(lab_, client_)
            lab_.tap.settle()
            found[stage.__name__] = {**seen, "others": lab_.tap.take().others}
    return found


def main() -> None:
    """Run the stages named, or all."""
    with lab() as lab_:
        second = SecondGateway(lab_)
        try:
            print(json.dumps(asyncio.run(_run(lab_, second, sys.argv[1:]))))
        finally:
            second.close()


if __name__ == "__main__":
    main()

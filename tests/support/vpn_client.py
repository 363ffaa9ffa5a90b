"""The client of a lab: a real door process, and the controller that switches it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

from myco_vpn.channel import Channel
from myco_vpn.framing import JsonObject, message_pair
from myco_vpn.link import DialError, DoorLink, dial
from myco_vpn.tunnel.controller import Controller, FileWishes
from myco_vpn.tunnel.pool import Pool
from myco_vpn.tunnel.states import Blocked, Event, Off, Protected, State
from myco_vpn.tunnel.wayout import DoorWayOut
from myco_vpn.wireguard.config import Config

Until = Callable[[State], bool]


class Client:
    """Opens pages, so to speak, through a door that a controller switches."""

    def __init__(
        self, load: Callable[[str], Config], wish: Path, program: str | None = None
    ) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.proxy: tuple[str, int] = self.listener.getsockname()
        self.pids: list[int] = []
        """Of the tunnels' workers, the latest last."""
        self.door_pid = 0
        self.states: list[State] = []
        self._changed = asyncio.Event()
        self._control: Channel | None = None
        self.pool = Pool(load, self._spawn, program=program)
        self.controller = Controller(
            DoorWayOut(self._send),
            FileWishes(wish),
            self.pool,
            self._on_change,
        )

    def worker_pid(self) -> int:
        """The worker of the tunnel that runs; others are in reserve, or gone."""
        for pid in reversed(self.pids):
            with contextlib.suppress(OSError):
                if Path(f"/proc/{pid}/task/{pid}/children").read_text().strip():
                    return pid
        raise AssertionError("no tunnel runs")

    def start_door(self) -> None:
        """Start a door, the first one or one in the place of another, as the launcher does."""
        ours, theirs = message_pair()
        with theirs:
            fd = theirs.fileno()
            command = (sys.executable, "-P", "-m", "myco_vpn.door", "--control-fd", str(fd))
            self.door_pid = _spawn((*command, "--exit", "blocked"), [fd])
        self._control = Channel(ours, lambda _: None, lambda: None)
        self.controller.door_started()
        session_end, door_end = message_pair()
        with door_end:
            body: JsonObject = {"type": "attach", "session": "s", "kind": "k", "sealed": False}
            self._control.send(body, [door_end.fileno(), self.listener.fileno()])
        self.link = DoorLink(session_end)

    def kill_door(self) -> None:
        """Kill the door, and nothing else."""
        os.kill(self.door_pid, signal.SIGKILL)
        os.waitpid(self.door_pid, 0)

    async def send(self, event: Event, until: Until | None = None, seconds: float = 30.0) -> State:
        """Dispatch an event and wait for a state (by default one that stays)."""
        self.controller.dispatch(event)
        return await self.wait(until or is_settled, seconds)

    async def wait(self, until: Until, seconds: float = 30.0) -> State:
        """Until the state is such."""
        async with asyncio.timeout(seconds):
            while not until(self.controller.state):
                self._changed.clear()
                await self._changed.wait()
        return self.controller.state

    async def fetch(self, host: str, port: int = 80, seconds: float = 10.0) -> str:
        """The address that the server was asked from; "" when there was no answer."""
        try:
            async with asyncio.timeout(seconds):
                reader, writer = await dial(host, port, "page", self.proxy)
                with contextlib.closing(writer):
                    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    answer = await reader.read()
        except (DialError, OSError, TimeoutError):
            return ""
        return answer.partition(b"\r\n\r\n")[2].decode()

    async def open_stream(self, host: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A response that does not end."""
        reader, writer = await dial(host, 80, "page", self.proxy)
        writer.write(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        return reader, writer

    def close(self) -> None:
        """End everything."""
        self.controller.close()
        self.pool.close()
        if self._control is not None:
            self._control.close()
        for pid in (self.door_pid, *self.pids):
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        self.link.close()
        self.listener.close()

    def _send(self, body: JsonObject, fds: Sequence[int]) -> None:
        if self._control is not None:
            self._control.send(body, fds)

    def _spawn(self, command: Sequence[str], fds: Sequence[int]) -> int:
        self.pids.append(_spawn(command, fds))
        return self.pids[-1]

    def _on_change(self) -> None:
        self.states.append(self.controller.state)
        self._changed.set()


def is_settled(state: State) -> bool:
    """Whether nothing more happens by itself, soon."""
    return isinstance(state, Off | Protected | Blocked)


def _spawn(command: Sequence[str], fds: Sequence[int]) -> int:
    for fd in fds:
        os.set_inheritable(fd, True)
    try:
        return os.posix_spawn(command[0], tuple(command), os.environ)
    finally:
        for fd in fds:
            os.set_inheritable(fd, False)


@contextlib.asynccontextmanager
async def client(
    load: Callable[[str], Config], wish: Path, program: str | None = None
) -> AsyncIterator[Client]:
    """A client with its door."""
    made = Client(load, wish, program)
    made.start_door()
    try:
        yield made
    finally:
        made.close()


async def while_busy(client_: Client, hosts: Sequence[str], work: Awaitable[object]) -> int:
    """Does `work` while requests go on all the time; how many of them were answered."""
    ended = asyncio.Event()

    async def ask(host: str) -> int:
        answered = 0
        while not ended.is_set():
            answered += bool(await client_.fetch(host, seconds=1.0))
            await asyncio.sleep(0.01)
        return answered

    tasks = [asyncio.create_task(ask(host)) for host in hosts]
    await work
    ended.set()
    return sum(await asyncio.gather(*tasks))

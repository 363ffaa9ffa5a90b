"""The process behind `myco-vpn up`: a tunnel, and a SOCKS5 proxy on loopback that leads into it.

It is the same door and the same controller as the browser's. Off means that the proxy is gone, not
that it leads out directly: what was told to use it then has no way at all. It answers on a socket
that only its own user can reach.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import struct
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from myco_vpn.book.exits import Book, BookError, NoSuchExitError
from myco_vpn.book.keepers import KeeperError, LockedError
from myco_vpn.channel import Channel
from myco_vpn.cli.codes import code_of, sentence
from myco_vpn.framing import JsonObject, message_pair
from myco_vpn.seal import forbid_core_files
from myco_vpn.tunnel.controller import Controller, MemoryWishes
from myco_vpn.tunnel.endpoints import UnavailableError
from myco_vpn.tunnel.pool import Pool
from myco_vpn.tunnel.states import Cause, Connecting, TurnOn, Wish
from myco_vpn.tunnel.wayout import DoorWayOut
from myco_vpn.tunnel.wish import SavedWish
from myco_vpn.wireguard.config import Config

_log = logging.getLogger(__name__)

DOOR_COMMAND = (sys.executable, "-P", "-m", "myco_vpn.door")
_SESSION = "proxy"


class Loader:
    """Reads exits from the book, and says in the machine's words why it cannot."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def __call__(self, exit_id: str) -> Config:
        """The whole configuration. Raises UnavailableError."""
        try:
            return self._book.with_keys(exit_id)
        except NoSuchExitError as error:
            raise UnavailableError(Cause.NO_EXIT, str(error)) from error
        except LockedError as error:
            raise UnavailableError(Cause.LOCKED, str(error)) from error
        except (BookError, KeeperError) as error:
            raise UnavailableError(Cause.BAD_CONFIGURATION, str(error)) from error


class Holder:
    """Keeps one tunnel and one door until it is told to end."""

    def __init__(self, book: Book, listener: socket.socket) -> None:
        self._book = book
        self._listener = listener
        self._ended = asyncio.Event()
        self._changed = asyncio.Event()
        self._control: Channel | None = None
        self._is_leaving = False
        # Whoever asks for a tunnel here wants nothing to leave without it.
        wishes = MemoryWishes(SavedWish(Wish.SECURED, None))
        way_out = DoorWayOut(self._send)
        self._pool = Pool(Loader(book), spawn)
        self._controller = Controller(way_out, wishes, self._pool, self._on_change)

    async def run(self, requests: socket.socket, exit_id: str) -> None:
        """Until somebody says down, or a signal does."""
        loop = asyncio.get_running_loop()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, self._ended.set)
        self._start_door()
        self._controller.dispatch(TurnOn(exit_id))
        server = await asyncio.start_unix_server(self._serve, sock=requests)
        try:
            await self._ended.wait()
        finally:
            server.close()
            self._controller.close()
            self._pool.close()
            if self._control is not None:
                self._control.close()

    def _start_door(self) -> None:
        ours, theirs = message_pair()
        with theirs:
            fd = theirs.fileno()
            spawn((*DOOR_COMMAND, "--control-fd", str(fd), "--exit", "blocked"), [fd])
        # Without a door there is no proxy: that is the safe side of its end.
        self._control = Channel(ours, lambda _: None, self._ended.set)
        self._controller.door_started()
        session, door_end = message_pair()
        self._news = Channel(session, lambda _: None, lambda: None)  # nobody asks; it is emptied
        with door_end:
            body: JsonObject = {"type": "attach", "session": _SESSION, "kind": "proxy"}
            self._send(body, [door_end.fileno(), self._listener.fileno()])

    def _send(self, body: JsonObject, fds: Sequence[int]) -> None:
        if self._control is not None:
            self._control.send(body, fds)

    def _on_change(self) -> None:
        self._changed.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if peer_uid(writer.get_extra_info("socket")) != os.geteuid():
                return
            request = json.loads(await reader.readuntil(b"\n"))
            writer.write(json.dumps(await self._answer(request)).encode() + b"\n")
            await writer.drain()
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            _log.warning("a request broke off")
        finally:
            writer.close()
        if self._is_leaving:
            self._ended.set()

    async def _answer(self, request: dict[str, object]) -> JsonObject:
        match request.get("do"):
            case "up":
                self._controller.dispatch(TurnOn(str(request.get("exit"))))
            case "down":
                self._is_leaving = True
            case "wait":
                seconds = request.get("seconds")
                limit = float(seconds) if isinstance(seconds, int | float) else 0.0
                await self._wait(time.monotonic() + limit)
            case _:
                pass
        return self._describe()

    async def _wait(self, deadline: float) -> None:
        while isinstance(self._controller.state, Connecting) and time.monotonic() < deadline:
            self._changed.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
                    await self._changed.wait()

    def _describe(self) -> JsonObject:
        host, port = self._listener.getsockname()[:2]
        return {**describe(self._controller), "proxy": f"socks5h://{host}:{port}"}


def describe(controller: Controller) -> JsonObject:
    """The state as JSON (docs/vpn.md)."""
    state = controller.state
    return {
        **controller.describe(),
        "sentence": sentence(state),
        "code": int(code_of(state)),
    }


def peer_uid(sock: socket.socket) -> int:
    """The user at the other end (SO_PEERCRED)."""
    credentials = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", credentials)[1])


def serve(book: Book, listener: socket.socket, requests: socket.socket, exit_id: str) -> None:
    """Run a holder in this process until it ends."""
    forbid_core_files()

    async def run() -> None:
        await Holder(book, listener).run(requests, exit_id)

    asyncio.run(run())


def spawn(command: Sequence[str], fds: Sequence[int]) -> int:
    """Start one of our own modules; it ends with this process."""
    environ = dict(os.environ)
    folders = [str(Path(__file__).resolve().parents[2])]
    environ["PYTHONPATH"] = os.pathsep.join(folders)
    for fd in fds:
        os.set_inheritable(fd, True)
    try:
        return os.posix_spawn(command[0], tuple(command), environ, setsid=True)
    finally:
        for fd in fds:
            os.set_inheritable(fd, False)

"""The self-test's servers, on this machine only: they answer, and write down what they see."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from myco_browser.selftest.evidence import Evidence, Request, Seen
from myco_browser.selftest.pages import (
    KINDS,
    NAMES,
    UPGRADE,
    Answer,
    Pages,
    Places,
)

_HOST = "127.0.0.1"
_LONGEST_HEAD = 64 * 1024
_LONGEST_BODY = 1 << 20
_LONGEST_HELLO = 4096
_TLS_HANDSHAKE = 0x16


@dataclass(slots=True)
class Servers:
    """What runs, and what it saw so far."""

    seen: Seen
    port: int
    tls_port: int
    stranger_port: int
    news: asyncio.Event

    def is_done(self, kind: str) -> bool:
        """Whether that session has made its whole way."""
        return self.seen.of(kind).hello_first is not None

    def host_map(self) -> str:
        """What the door of the browser under test knows: these names, and nothing else."""
        lines = [f"{name} {_HOST}:{self.port}" for name in NAMES]
        for name in UPGRADE.values():
            lines += [f"{name}:443 {_HOST}:{self.tls_port}", f"{name}:80 {_HOST}:{self.port}"]
        return "\n".join([*lines, f"otherwise {_HOST}:{self.stranger_port}", ""])


@contextlib.asynccontextmanager
async def running() -> AsyncIterator[Servers]:
    """The servers, until the context ends. Raises OSError where there is no loopback."""
    seen = Seen()
    async with contextlib.AsyncExitStack() as stack:
        traps: dict[str, int] = {}
        datagrams: dict[str, int] = {}
        for kind in KINDS:
            evidence = seen.of(kind)
            traps[kind] = await _listen(stack, _trap(evidence))
            datagrams[kind] = _hear_datagrams(stack, evidence)
        site = _Site(seen)
        port = await _listen(stack, site.serve)
        tls_port = await _listen(stack, site.hear_hello)
        stranger_port = await _listen(stack, _note_strangers(seen))
        site.pages = {
            kind: Pages(kind, Places(port, datagrams[kind], traps[kind])) for kind in KINDS
        }
        yield Servers(seen, port, tls_port, stranger_port, site.news)


async def _listen(stack: contextlib.AsyncExitStack, serve: Any) -> int:
    server = await asyncio.start_server(serve, _HOST, 0, limit=_LONGEST_HEAD)
    stack.push_async_callback(_close, server)
    return int(server.sockets[0].getsockname()[1])


async def _close(server: asyncio.Server) -> None:
    server.close()


def _trap(evidence: Evidence) -> Any:
    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        evidence.trapped += 1
        writer.close()

    return serve


def _note_strangers(seen: Seen) -> Any:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(TimeoutError, OSError):
            async with asyncio.timeout(1.0):
                start = await reader.read(_LONGEST_HELLO)
                seen.strangers.append(_name_in(start))
        writer.close()

    return serve


def _hear_datagrams(stack: contextlib.AsyncExitStack, evidence: Evidence) -> int:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    stack.callback(sock.close)
    sock.bind((_HOST, 0))
    sock.setblocking(False)
    loop = asyncio.get_running_loop()

    def readable() -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                sock.recv(2048)
                evidence.datagrams += 1

    loop.add_reader(sock, readable)
    stack.callback(loop.remove_reader, sock)
    return int(sock.getsockname()[1])


class _Site:
    """Serves the pages and takes what they tell."""

    def __init__(self, seen: Seen) -> None:
        self.pages: Mapping[str, Pages] = {}
        self.news = asyncio.Event()
        self._seen = seen
        self._connections = itertools.count(1)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, which may carry many requests."""
        number = next(self._connections)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, ValueError, EOFError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                method, path, headers = _read_head(head)
                length = min(int(headers.get("content-length", "0")), _LONGEST_BODY)
                body = await reader.readexactly(length)
                answer = self._answer(method, path, headers, number, body)
                writer.write(_written(answer))
                await writer.drain()
        writer.close()

    async def hear_hello(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A page was asked for by encrypted connection: noted, and never answered."""
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(2.0):
                start = await reader.read(_LONGEST_HELLO)
            for kind, name in UPGRADE.items():
                if start[:1] == bytes([_TLS_HANDSHAKE]) and name.encode() in start:
                    self._finish(self._seen.of(kind), hello_first=True)
        writer.close()

    def _answer(
        self, method: str, path: str, headers: Mapping[str, str], number: int, body: bytes
    ) -> Answer:
        host = headers.get("host", "").partition(":")[0]
        kind = path.split("/")[1] if path.startswith("/") else ""
        if kind not in self.pages:
            return Answer(b"", "text/plain", 404)
        evidence = self._seen.of(kind)
        evidence.requests.append(Request(host, path, headers, number))
        if method == "POST" and path.endswith("/tell"):
            _hear(evidence, body)
            return Answer(b"", "text/plain", headers=(("Access-Control-Allow-Origin", "*"),))
        if path.endswith("/heard"):
            return Answer(json.dumps(list(evidence.realms)).encode(), "application/json")
        if host in UPGRADE.values():
            self._finish(evidence, hello_first=False)
        return self.pages[kind].answer(host, path)

    def _finish(self, evidence: Evidence, *, hello_first: bool) -> None:
        if evidence.hello_first is None:
            evidence.hello_first = hello_first
        self.news.set()


def _name_in(start: bytes) -> str:
    """What names the place that a connection was meant for: a word with a dot, as far as any is."""
    found = re.findall(rb"[a-z0-9][a-z0-9.-]{1,251}\.[a-z]{2,24}", start)
    return found[0].decode("ascii") if found else start[:20].hex()


def _read_head(head: bytes) -> tuple[str, str, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _version = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines if line)
    return method, path, {name.lower(): value.strip() for name, _, value in pairs}


def _written(answer: Answer) -> bytes:
    reason = "OK" if answer.status == 200 else "Not Found"
    lines = [
        f"HTTP/1.1 {answer.status} {reason}",
        f"Content-Type: {answer.kind}",
        f"Content-Length: {len(answer.body)}",
        *(f"{name}: {value}" for name, value in answer.headers),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + answer.body


def _hear(evidence: Evidence, body: bytes) -> None:
    """Takes what a page told; what is no such thing is left out."""
    told = json.loads(body)
    match told:
        case {"realm": "window", "found": dict() as found} if "scale" in found:
            evidence.window = found
        case {"realm": str() as realm, "found": dict() as found}:
            evidence.realms[realm] = found
        case {"third": dict() as found, "number": int() as number}:
            evidence.third[number] = found
        case {"windowName": str() as name, "number": int() as number}:
            evidence.window_names[number] = name
        case {"leaks": dict() as found}:
            evidence.leaks = found
        case {"reached": list() as found}:
            evidence.reached = tuple(map(str, found))
        case {"serviceWorker": bool() as registered}:
            evidence.service_worker = registered
        case _:
            raise ValueError("a page told something else")

"""The browser's tunnel against wg-quick: same run, same gateway, same wireguard-go, taking turns.

    python benchmarks/vpn.py [--rounds 10] [--megabytes 100]

As an ordinary user, in the lab of the tests (tests/support/vpn_lab): no root, no network. Client,
gateway and server share this machine's cores, so that throughput compares and is not absolute.
First byte: from the wish (or from the start of `wg-quick up`) to the first byte of an answer; the
door runs already, and a worker is in reserve, as in the browser.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from support.vpn_client import Client, client
from support.vpn_lab import SERVER_V4, Lab, lab

from myco_vpn.link import dial
from myco_vpn.tunnel.program import find_program
from myco_vpn.tunnel.states import Protected, TurnOff, TurnOn
from myco_vpn.wireguard.config import write

_STREAMS = 400


class Times:
    """Milliseconds or Mbit/s by name."""

    def __init__(self) -> None:
        self._found: dict[str, list[float]] = {}

    def note(self, name: str, value: float) -> None:
        """Add one figure."""
        self._found.setdefault(name, []).append(value)

    def summary(self) -> dict[str, dict[str, float]]:
        """Median, least and most of each."""
        return {
            name: {
                "p50": round(statistics.median(values), 1),
                "min": round(min(values), 1),
                "max": round(max(values), 1),
            }
            for name, values in self._found.items()
        }


async def _first_byte(made: Client) -> None:
    reader, writer = await dial(SERVER_V4, 80, "page", made.proxy)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    await reader.readexactly(1)
    writer.close()


async def _download(made: Client, count: int) -> float:
    reader, writer = await dial(SERVER_V4, 80, "page", made.proxy)
    writer.write(f"GET /bytes/{count} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    begun, got = time.monotonic(), 0
    while got < count:
        part = await reader.read(1 << 20)
        if not part:
            break
        got += len(part)
    writer.close()
    return got * 8 / (time.monotonic() - begun) / 1e6


async def _streams(made: Client) -> int:
    """How many of many endless responses give bytes at once."""

    async def one() -> bool:
        async with asyncio.timeout(30):
            reader, _writer = await dial(SERVER_V4, 80, "page", made.proxy)
            kept.append(_writer)
            _writer.write(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
            await reader.readuntil(b"\n203.0.113.1\n")
            return True

    kept: list[asyncio.StreamWriter] = []
    answers = await asyncio.gather(*(one() for _ in range(_STREAMS)), return_exceptions=True)
    for writer in kept:
        writer.close()
    return sum(answer is True for answer in answers)


def _memory(pids: list[int]) -> dict[str, int]:
    """PSS in KiB, by the processes' names."""
    found = {}
    for pid in pids:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        name = next((w.decode() for w in words if b"myco_vpn" in w), Path(words[0].decode()).name)
        found[name] = int(next(line.split()[1] for line in lines if line.startswith("Pss:")))
    return found


def _memory_of_tunnel(worker: int, pids: list[int]) -> dict[str, int]:
    inner = int(Path(f"/proc/{worker}/task/{worker}/children").read_text().split()[0])
    found = _memory([worker, inner])
    spare = [pid for pid in pids if pid > worker and Path(f"/proc/{pid}/smaps_rollup").exists()]
    return {**found, "in reserve": sum(_memory(spare[-1:]).values())}


def _ask_directly() -> None:
    with socket.create_connection((SERVER_V4, 80), 10) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        sock.recv(1)


def _download_directly(count: int) -> float:
    with socket.create_connection((SERVER_V4, 80), 10) as sock:
        sock.sendall(f"GET /bytes/{count} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        begun, got = time.monotonic(), 0
        while got < count and (part := sock.recv(1 << 20)):
            got += len(part)
        return got * 8 / (time.monotonic() - begun) / 1e6


def _wg_quick(lab_: Lab, word: str) -> None:
    path = lab_.folder / "bench0.conf"
    text = "\n".join(line for line in write(lab_.config(1)).splitlines() if "DNS" not in line)
    path.write_text(text)
    path.chmod(0o600)
    command = ["wg-quick", word, str(path)]
    environ = {**os.environ, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    subprocess.run(command, env=environ, check=True, capture_output=True)


async def _ours(made: Client, times: Times, count: int, run: Callable[[], str]) -> None:
    made.controller.prepare()
    await asyncio.sleep(1.0)  # the worker in reserve has loaded by then
    begun = time.monotonic()
    made.controller.dispatch(TurnOn("a"))
    await _first_byte(made)
    times.note("first byte ms, Myco", (time.monotonic() - begun) * 1000)
    made.controller.prepare()
    await asyncio.sleep(1.0)
    begun = time.monotonic()
    made.controller.dispatch(TurnOn(run()))
    await _first_byte(made)
    times.note("switch ms, Myco", (time.monotonic() - begun) * 1000)
    times.note("Mbit/s, Myco", await _download(made, count))
    begun = time.monotonic()
    await made.send(TurnOff())
    await _first_byte(made)
    times.note("off ms, Myco", (time.monotonic() - begun) * 1000)


async def _theirs(lab_: Lab, times: Times, count: int) -> None:
    begun = time.monotonic()
    await asyncio.to_thread(_wg_quick, lab_, "up")
    await asyncio.to_thread(_ask_directly)
    times.note("first byte ms, wg-quick", (time.monotonic() - begun) * 1000)
    times.note("Mbit/s, wg-quick", await asyncio.to_thread(_download_directly, count))
    await asyncio.to_thread(_wg_quick, lab_, "down")


async def _run(lab_: Lab, rounds: int, count: int, path: str | None) -> dict[str, object]:
    configs = {"a": lab_.config(0), "b": lab_.config(0)}
    times = Times()
    async with client(configs.__getitem__, lab_.folder / "wish.json", path) as made:
        for _ in range(rounds):
            await _ours(made, times, count, lambda: "b")
            await _theirs(lab_, times, count)
        await made.send(TurnOn("a"), lambda state: isinstance(state, Protected))
        streams = await _streams(made)
        worker = made.worker_pid()
        made.controller.prepare()
        await asyncio.sleep(1.0)
        memory = await asyncio.to_thread(_memory_of_tunnel, worker, made.pids)
    program = find_program(path)
    return {
        "wireguard-go": program.version if program is not None else "",
        "offloads": program is not None and program.takes_offloads,
        "rounds": rounds,
        "megabytes": count // 1_000_000,
        **times.summary(),
        f"streams of {_STREAMS}": streams,
        "PSS KiB": memory,
    }


def main() -> None:
    """Measure, and print JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--program", help="another wireguard-go, for wg-quick too")
    options = parser.parse_args()
    if options.program:
        os.environ["WG_QUICK_USERSPACE_IMPLEMENTATION"] = options.program
    with lab(as_root=True) as lab_:
        count = options.megabytes * 1_000_000
        print(json.dumps(asyncio.run(_run(lab_, options.rounds, count, options.program)), indent=1))


if __name__ == "__main__":
    main()

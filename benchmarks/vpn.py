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
                "p50": round(statistics.median(values), 2),
                "min": round(min(values), 2),
                "max": round(max(values), 2),
            }
            for name, values in self._found.items()
        }


def _connect(proxy: tuple[str, int] | None) -> socket.socket:
    """A connection to the server: through a door (RFC 1928), or directly."""
    sock = socket.create_connection(proxy or (SERVER_V4, 80), 10)
    if proxy is not None:
        sock.sendall(b"\5\1\0")
        assert sock.recv(2) == b"\5\0"
        sock.sendall(b"\5\1\0\1" + socket.inet_aton(SERVER_V4) + b"\0\x50")
        assert sock.recv(10)[1:2] == b"\0"
    return sock


def _first_byte(proxy: tuple[str, int] | None) -> None:
    with _connect(proxy) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        sock.recv(1)


def _download(proxy: tuple[str, int] | None, count: int) -> float:
    """Mbit/s of one stream; who reads it is the same on both ways."""
    place = memoryview(bytearray(1 << 20))
    with _connect(proxy) as sock:
        sock.sendall(f"GET /bytes/{count} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        begun, got = time.monotonic(), 0
        while got < count and (length := sock.recv_into(place)):
            got += length
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


def _wg_quick(lab_: Lab, word: str) -> None:
    path = lab_.folder / "bench0.conf"
    text = "\n".join(line for line in write(lab_.config(1)).splitlines() if "DNS" not in line)
    path.write_text(text)
    path.chmod(0o600)
    command = ["wg-quick", word, str(path)]
    environ = {**os.environ, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    subprocess.run(command, env=environ, check=True, capture_output=True)


async def _ours(made: Client, times: Times, count: int) -> float:
    made.controller.prepare()
    await asyncio.sleep(1.0)  # the worker in reserve has loaded by then
    begun = time.monotonic()
    made.controller.dispatch(TurnOn("a"))
    await asyncio.to_thread(_first_byte, made.proxy)
    times.note("first byte ms, Myco", (time.monotonic() - begun) * 1000)
    made.controller.prepare()
    await asyncio.sleep(1.0)
    begun = time.monotonic()
    made.controller.dispatch(TurnOn("b"))
    await asyncio.to_thread(_first_byte, made.proxy)
    times.note("switch ms, Myco", (time.monotonic() - begun) * 1000)
    made.controller.prepare()
    await asyncio.sleep(1.0)
    speed = await asyncio.to_thread(_download, made.proxy, count)
    times.note("Mbit/s, Myco", speed)
    begun = time.monotonic()
    await made.send(TurnOff())
    await asyncio.to_thread(_first_byte, made.proxy)
    times.note("off ms, Myco", (time.monotonic() - begun) * 1000)
    return speed


async def _theirs(lab_: Lab, times: Times, count: int) -> float:
    begun = time.monotonic()
    await asyncio.to_thread(_wg_quick, lab_, "up")
    await asyncio.to_thread(_first_byte, None)
    times.note("first byte ms, wg-quick", (time.monotonic() - begun) * 1000)
    await asyncio.sleep(1.0)
    speed = await asyncio.to_thread(_download, None, count)
    times.note("Mbit/s, wg-quick", speed)
    await asyncio.to_thread(_wg_quick, lab_, "down")
    return speed


async def _run(lab_: Lab, rounds: int, count: int, path: str | None) -> dict[str, object]:
    configs = {"a": lab_.config(0), "b": lab_.config(0)}
    times = Times()
    async with client(configs.__getitem__, lab_.folder / "wish.json", path) as made:
        await made.send(TurnOff())
        for number in range(rounds):
            # Who goes first takes turns, too: the machine's other work comes and goes.
            if number % 2:
                theirs, ours = await _theirs(lab_, times, count), await _ours(made, times, count)
            else:
                ours, theirs = await _ours(made, times, count), await _theirs(lab_, times, count)
            times.note("one stream, times wg-quick's", ours / theirs)
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
        lab_.tap.close()  # it reads each packet in Python, in this very process
        count = options.megabytes * 1_000_000
        print(json.dumps(asyncio.run(_run(lab_, options.rounds, count, options.program)), indent=1))


if __name__ == "__main__":
    main()

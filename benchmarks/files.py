"""Files against Apache's mod_dav on loopback: up and down, and curl with the same server.

    python -m benchmarks.files [--rounds N] [--megabytes N] [--large N]

Rounds are interleaved: curl, Myco, curl, Myco. Ours ends with an fsync and curl's does not. The
large file is sent and fetched by a process of its own, whose memory is looked at afterwards.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / part) for part in (".", "filters", "vpn", "resources", "tests")]

from support.dav_servers import (  # noqa: E402 - needs the path
    CREDENTIALS,
    PASSWORD,
    USER,
    DavServer,
    address_of,
    apache_server,
    direct_way,
)

from myco_browser.files.arrivals import Place, discard, fetch, settle  # noqa: E402
from myco_browser.files.transfers import Errand, Mark, upload  # noqa: E402
from myco_browser.files.webdav import WebDav  # noqa: E402

_BLOCK = os.urandom(1 << 20)


def main() -> None:
    """Measures, and prints one line for each figure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--megabytes", type=int, default=256)
    parser.add_argument("--large", type=int, default=2048, help="in megabytes; 0 leaves it out")
    parser.add_argument("--carry", nargs=3, metavar=("PORT", "FILE", "FOLDER"))
    wishes = parser.parse_args()
    if wishes.carry:
        _carry(int(wishes.carry[0]), Path(wishes.carry[1]), Path(wishes.carry[2]))
        return
    with tempfile.TemporaryDirectory(prefix="myco-bench-") as folder:
        base = Path(folder)
        with apache_server(base) as server:
            compare(server, base, wishes.rounds, wishes.megabytes)
            if wishes.large:
                measure_memory(server, base, wishes.large)


def compare(server: DavServer, base: Path, rounds: int, megabytes: int) -> None:
    """Up and down, by turns."""
    source, saved = _file(base / "source.bin", megabytes), base / "saved.bin"
    url = f"{server.root.url}curl.bin"
    curl = ["curl", "-sS", "--fail", "-u", f"{USER}:{PASSWORD}"]
    dav = WebDav(direct_way(), server.root, CREDENTIALS)
    spans: dict[str, list[float]] = {}

    def take(name: str, act: Callable[[], object]) -> None:
        begin = time.perf_counter()
        act()
        spans.setdefault(name, []).append(megabytes / (time.perf_counter() - begin))

    for _round in range(rounds):
        take("up, curl", lambda: _run([*curl, "-T", str(source), url]))
        take("up, Myco", lambda: _up(dav, source, "myco.bin"))
        take("down, curl", lambda: _run([*curl, "-o", str(saved), url]))
        take("down, Myco", lambda: _down(dav, "myco.bin", base))
        for name in ("curl.bin", "myco.bin"):
            dav.delete(name)
    dav.line.close()
    for name, speeds in spans.items():
        middle, least, most = statistics.median(speeds), min(speeds), max(speeds)
        print(f"{name}: {middle:.0f} MB/s ({least:.0f} to {most:.0f}), {megabytes} MB")


def measure_memory(server: DavServer, base: Path, megabytes: int) -> None:
    """What a process needs more for a large file than for none."""
    source = _file(base / "large.bin", megabytes)
    port = str(server.root.port)
    command = [sys.executable, str(Path(__file__)), "--carry", port, str(source), str(base)]
    print(subprocess.run(command, check=True, capture_output=True, text=True).stdout, end="")


def _carry(port: int, source: Path, folder: Path) -> None:
    dav = WebDav(direct_way(), address_of(port), CREDENTIALS)
    dav.check()
    before = _peak()
    acts: dict[str, Callable[[], None]] = {
        "up": lambda: _up(dav, source, "large.bin"),
        "down": lambda: _down(dav, "large.bin", folder),
    }
    for name, act in acts.items():
        begin = time.perf_counter()
        act()
        span, size = time.perf_counter() - begin, source.stat().st_size / 1e6
        print(f"{size:.0f} MB {name}: {size / span:.0f} MB/s, {_peak() - before:.1f} MB more")
    dav.line.close()


def _peak() -> float:
    """The most memory that this process had, in MB; a parent's does not count, as in ru_maxrss."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _up(dav: WebDav, source: Path, name: str) -> None:
    upload(dav, dav.root, Errand(source, name, Mark.new()), lambda _done, _size: None)


def _down(dav: WebDav, name: str, folder: Path) -> None:
    entry = dav.find(name)
    assert entry is not None
    place = Place.of(entry, folder, "bench")
    discard(place)
    fetch(dav, entry, place, lambda _done, _size: None)
    settle(place, lambda _name: None).unlink()


def _file(path: Path, megabytes: int) -> Path:
    with path.open("wb") as file:
        for _block in range(megabytes):
            file.write(_BLOCK)
    return path


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()

"""Our engine, pure and compiled, beside others: all in one run, taking turns round by round.

    python -m benchmarks.filters.peers --peers FOLDER [--set default] [--rounds 7]

FOLDER holds the others: a Python environment ``py`` and node modules in ``node``
(benchmarks/README.md says how to make it; none is a dependency of the project). What is not there
is left out, and said. Each engine runs in a process of its own. Of the times that a request took
in the rounds the least counts, because a busy machine adds to all others. Printed are mean and
percentiles of these, the ratio to the first engine, agreement with the expected verdicts (all
requests, and those from http and https pages), and time and memory that reading the lists took.
adblockparser is asked a sample only: it needs half a second for each request.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.filters.engine_speed import LISTS, ROOT, shared_data, stored_requests

SUFFIXES = Path("/usr/share/publicsuffix/public_suffix_list.dat")
SAMPLE = 8
HERE = Path(__file__).parent


@dataclass
class Peer:
    """One engine in its process."""

    name: str
    process: subprocess.Popen[str]
    count: int
    load: float = 0.0
    memory: float = 0.0
    rounds: list[list[int]] = field(default_factory=list)
    verdicts: list[int] = field(default_factory=list)

    @property
    def least(self) -> list[float]:
        """Of each request the least time, in microseconds."""
        return [min(times) / 1e3 for times in zip(*self.rounds, strict=True)]

    def told(self) -> object:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise EOFError(self.name)
        return json.loads(line)

    def ask(self, word: str) -> list[int]:
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        found = self.told()
        assert isinstance(found, list)
        return found


def started(name: str, command: list[str], path: str, count: int) -> Peer | None:
    environment = {**os.environ, "PYTHONPATH": path}
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, env=environment
    )
    peer = Peer(name, process, count)
    try:
        facts = peer.told()
    except EOFError:
        print(f"left out: {name}")
        return None
    assert isinstance(facts, dict)
    peer.load, peer.memory = facts["load"], facts["memory"]
    return peer


def commands(folder: Path, lists: Path, every: Path, few: Path) -> list[tuple[str, list[str], str]]:
    """(name, command, PYTHONPATH) of each engine."""
    theirs = str(folder / "py" / "bin" / "python")
    peer, node = str(HERE / "peer.py"), str(HERE / "peers.mjs")
    asked, modules = [str(lists), str(every)], str(folder / "node" / "node_modules")
    compiled = os.environ.get("MYCO_FILTERS_PATH", "")
    found = [("myco_filters", [sys.executable, peer, "myco", *asked], str(ROOT / "filters"))]
    if compiled:
        found.append(("… compiled", [sys.executable, peer, "myco", *asked], compiled))
    found += [(name, [theirs, peer, name, *asked], "") for name in ("adblock", "braveblock")]
    script = ["node", "--expose-gc", node]
    found += [
        ("@gorhill/ubo-core", [*script, "ubo", *asked, str(SUFFIXES), modules], ""),
        ("@ghostery/adblocker", [*script, "ghostery", *asked, str(SUFFIXES), modules], ""),
        ("adblockparser", [theirs, peer, "adblockparser", str(lists), str(few)], ""),
    ]
    return found


def summary(peer: Peer, first: float, expected: list[bool], from_web: list[bool]) -> str:
    times = sorted(peer.least)
    count = peer.count
    same = [bool(told) is right for told, right in zip(peer.verdicts, expected, strict=False)]
    on_web = [one for one, web in zip(same, from_web, strict=False) if web]
    mean = statistics.fmean(times)
    return (
        f"{peer.name:20} {mean:10.1f} {times[len(times) // 2]:9.1f}"
        f" {times[len(times) * 99 // 100]:9.1f} {mean / first:8.2f}"
        f" {100 * sum(same) / count:9.3f} {100 * sum(on_web) / len(on_web):9.3f}"
        f" {peer.load:7.2f} {peer.memory / 1024:6.0f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", type=Path, required=True)
    parser.add_argument("--set", choices=LISTS, default="default")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--without", nargs="*", default=[], help="engines to leave out")
    options = parser.parse_args()
    stored = stored_requests()
    asked = [(one["url"], one["source"], one["type"]) for one in stored]
    expected = [one[options.set]["verdict"] == "block" for one in stored]
    from_web = [one["source"].startswith("http") for one in stored]
    lists = shared_data() / "lists" / LISTS[options.set]
    with tempfile.TemporaryDirectory() as folder:
        every, few = Path(folder) / "every.json", Path(folder) / "few.json"
        every.write_text(json.dumps(asked))
        few.write_text(json.dumps(asked[:SAMPLE]))
        found = commands(options.peers, lists, every, few)
        peers = []
        for name, command, path in found:
            count = SAMPLE if name == "adblockparser" else len(asked)
            peer = None if name in options.without else started(name, command, path, count)
            if peer is not None:
                peers.append(peer)
        for peer in peers:
            peer.verdicts = peer.ask("verdicts")  # and warms it up
        for _ in range(options.rounds):
            for peer in peers:
                peer.rounds.append(peer.ask("round"))
    first = statistics.fmean(peers[0].least)
    print(
        f"{'engine':20} {'mean µs':>10} {'p50':>9} {'p99':>9} {'ratio':>8} {'agree %':>9} "
        f"{'web %':>9} {'load s':>7} {'+MiB':>6}"
    )
    for peer in peers:
        print(summary(peer, first, expected, from_web))
        peer.process.stdin.close() if peer.process.stdin else None
        peer.process.wait()


if __name__ == "__main__":
    main()

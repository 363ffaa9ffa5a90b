"""Time the engine on recorded requests, interleaved with the PyPI package ``adblock`` (Rust).

    python benchmarks/filters/engine_speed.py [--set default|easylist_easyprivacy] [--rounds N]

Needs the recorded requests (environment variable MYCO_SHARED_DATA, or ../shared/data beside the
checkout). ``adblock`` is used when it is installed; put it into a throw-away environment together
with publicsuffixlist, it is no dependency of the project. Each round runs every engine once over
all requests, from the strings url, source and type to the verdict; the medians of the rounds are
printed, and the memory that an engine adds to a fresh process.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import multiprocessing
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, perf_counter_ns
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, os.environ.get("MYCO_FILTERS_PATH") or str(ROOT / "filters"))

LISTS = {
    "default": "combined-default.txt",
    "easylist_easyprivacy": "combined-easylist-easyprivacy.txt",
}
Asked = tuple[str, str, str]


def shared_data() -> Path:
    return Path(os.environ.get("MYCO_SHARED_DATA") or ROOT.parent / "shared" / "data")


def stored_requests() -> list[dict[str, Any]]:
    """The recorded requests, with their expected verdicts."""
    path = shared_data() / "requests" / "requests.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def requests() -> list[Asked]:
    return [(one["url"], one["source"], one["type"]) for one in stored_requests()]


def resident() -> int:
    """Resident memory of this process in KiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4


def ours(text: str) -> Callable[[Asked], object]:
    from myco_filters.engine import Engine
    from myco_filters.request import Kind, Request
    from myco_filters.syntax.lists import FilterList

    engine = Engine.compile([FilterList("bench", "bench", text)])
    make, named, match = Request.make, Kind.named, engine.match
    return lambda asked: match(make(asked[0], asked[1], named(asked[2])))


def rust(text: str) -> Callable[[Asked], object] | None:
    try:
        import adblock  # type: ignore[import-not-found]
    except ImportError:
        return None
    filters = adblock.FilterSet()
    filters.add_filter_list(text)
    engine = adblock.Engine(filters)
    check = engine.check_network_urls
    return lambda asked: check(asked[0], asked[1], asked[2])


def timed(ask: Callable[[Asked], object], asked: list[Asked]) -> list[int]:
    times = []
    for one in asked:
        started = perf_counter_ns()
        ask(one)
        times.append(perf_counter_ns() - started)
    return times


def summary(rounds: list[list[int]]) -> str:
    def middle(pick: Callable[[list[int]], float]) -> float:
        return statistics.median(pick(sorted(times)) for times in rounds) / 1e3

    return (
        f"mean {middle(statistics.fmean):6.1f}  p50 {middle(lambda t: t[len(t) // 2]):6.1f}  "
        f"p99 {middle(lambda t: t[len(t) * 99 // 100]):6.1f}  "
        f"max {middle(lambda t: t[-1]):7.1f} µs"
    )


def memory_from_cache(path: str, queue: multiprocessing.Queue[tuple[float, int, int]]) -> None:
    from myco_filters.engine import Engine
    from myco_filters.hosts import registrable
    from myco_filters.request import Kind, Request

    registrable("example.com")
    gc.collect()
    before = resident()
    started = perf_counter()
    engine = Engine.load(Path(path))
    took = perf_counter() - started
    loaded = resident() - before
    for url, source, kind in requests():
        engine.match(Request.make(url, source, Kind.named(kind)))
    queue.put((took, loaded, resident() - before))


def load_times(text: str) -> None:
    from myco_filters.engine import Engine
    from myco_filters.syntax.lists import FilterList

    parsed = []
    lists = [FilterList("bench", "bench", text)]
    engine = Engine.compile(lists)
    for _ in range(3):
        started = perf_counter()
        engine = Engine.compile(lists)
        parsed.append(perf_counter() - started)
    print(f"parse {statistics.median(parsed):.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cache"
        engine.save(path)
        context = multiprocessing.get_context("spawn")
        queue: multiprocessing.Queue[tuple[float, int, int]] = context.Queue()
        found = []
        for _ in range(3):
            child = context.Process(target=memory_from_cache, args=(str(path), queue))
            child.start()
            found.append(queue.get())
            child.join()
        took, loaded, used = (statistics.median(values) for values in zip(*found, strict=True))
        print(
            f"cache {path.stat().st_size / 1e6:.1f} MB, loaded in {took * 1e3:.0f} ms; "
            f"memory +{loaded / 1024:.0f} MiB loaded, +{used / 1024:.0f} MiB after all requests"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--set", choices=LISTS, default="default")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    text = (shared_data() / "lists" / LISTS[options.set]).read_text(encoding="utf-8")
    asked = requests()
    engines: dict[str, Callable[[Asked], object]] = {"myco_filters": ours(text)}
    other = rust(text)
    if other is not None:
        engines["adblock (Rust)"] = other
    gc.collect()
    gc.freeze()
    rounds: dict[str, list[list[int]]] = {name: [] for name in engines}
    for name, ask in engines.items():
        cold = timed(ask, asked)
        print(f"{name:16} first pass  {summary([cold])}")
    for _ in range(options.rounds):
        for name, ask in engines.items():
            rounds[name].append(timed(ask, asked))
    for name, times in rounds.items():
        print(f"{name:16} steady      {summary(times)}")
    load_times(text)


if __name__ == "__main__":
    main()

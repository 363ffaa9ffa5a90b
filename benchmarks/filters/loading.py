"""What a start of the browser pays for the filters, and what other threads feel of it.

    python -m benchmarks.filters.loading [--runs N]

Prints processor time of importing the engine and of reading the lists (in fresh processes), the
time to load a compiled file, the longest wait of another thread for the interpreter while it is
loaded (beside the same without loading, because a busy machine lets threads wait, too), the steps
of ``Engine.warm``, and the first look after it at the host that most filters name.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.filters.engine_speed import LISTS, ROOT, shared_data
from myco_filters.compile import compile_to_cache
from myco_filters.engine import Engine
from myco_filters.request import Kind, Request
from myco_filters.syntax.lists import FilterList

# What the browser has imported anyway is not counted.
BEFORE = "collections.abc, dataclasses, enum, functools, hashlib, ipaddress, json, logging, pathlib"
CODE = f"""
import gc, re, time, typing, urllib.parse, {BEFORE}
gc.disable()
started = time.process_time()
import myco_filters.engine
print((time.process_time() - started) * 1e3)
"""
READING = """
import gc, sys, time
from pathlib import Path
from myco_filters.engine import Engine
from myco_filters.syntax import lists
text = Path(sys.argv[1]).read_text(encoding="utf-8")
gc.disable()
started = time.process_time()
Engine.compile([lists.FilterList("bench", "bench", text)])
print((time.process_time() - started) * 1e3)
"""


def in_fresh_processes(runs: int, code: str, *arguments: str) -> list[float]:
    found = []
    for _ in range(runs + 1):
        told = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            check=True,
            capture_output=True,
            text=True,
            env={"PYTHONPATH": str(ROOT / "filters")},
        )
        found.append(float(told.stdout))
    return found[1:]  # the first one compiled the modules


def waits(work: threading.Thread) -> list[float]:
    """By how many milliseconds a thread that sleeps 0.2 ms wakes up too late, while work runs."""
    found = []
    work.start()
    while work.is_alive():
        before = time.perf_counter()
        time.sleep(0.0002)  # how late it ends is what is measured
        found.append((time.perf_counter() - before) * 1e3 - 0.2)
    work.join()
    return found


def first_look(engine: Engine, kind: Kind) -> float:
    """Milliseconds of the first request to the host that most filters name."""
    hosts = engine._tables.realms["block"].hosts.items()
    host = max(hosts, key=lambda item: len(item[1]))[0]
    started = time.thread_time()
    engine.match(Request.make(f"https://{host}/a/path.js", "https://b.test/", kind))
    return (time.thread_time() - started) * 1e3


def told(name: str, values: list[float]) -> None:
    ordered = sorted(values)
    print(
        f"{name:46} min {ordered[0]:6.2f}  median {statistics.median(ordered):6.2f}  "
        f"p99 {ordered[len(ordered) * 99 // 100]:6.2f}  max {ordered[-1]:6.2f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    told("import, processor time", in_fresh_processes(runs, CODE))
    lists = shared_data() / "lists" / LISTS["default"]
    told("lists read, processor time", in_fresh_processes(runs, READING, str(lists)))
    text = lists.read_text(encoding="utf-8")
    gc.disable()  # the browser keeps the collector out of such work, too
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cache"
        compile_to_cache([FilterList("bench", "bench", text)], path)
        loads, idle, plain, paused, longest, firsts = [], [], [], [], [], []
        for _ in range(runs):
            started = time.perf_counter()
            engine = Engine.load(path)
            loads.append((time.perf_counter() - started) * 1e3)
            idle += waits(threading.Thread(target=time.sleep, args=(loads[-1] / 1e3,)))
            plain.append(max(waits(threading.Thread(target=Engine.load, args=(path,)))))
            polite = threading.Thread(target=Engine.load, args=(path, lambda: time.sleep(0)))
            paused.append(max(waits(polite)))
            steps = engine.warm()
            while True:
                started = time.thread_time()
                if next(steps, steps) is steps:
                    break
                longest.append((time.thread_time() - started) * 1e3)
            firsts += [first_look(engine, kind) for kind in (Kind.MAIN_FRAME, Kind.SCRIPT)]
        told("load from the compiled file", loads)
        told("wait of another thread, nothing loaded", idle)
        told("longest wait while loading, without pauses", plain)
        told("longest wait while loading, with pauses", paused)
        told(f"a step of warming ({len(longest) // runs} steps)", longest)
        told("first look at the host most filters name", firsts)


if __name__ == "__main__":
    main()

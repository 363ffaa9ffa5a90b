"""Proportional set size of the whole process tree, in turns with Debian's Chromium.

    python -m benchmarks.memory [--runs N] [--tabs 1 10]

Run as an ordinary user with a display (Xvfb will do). Each tab has the same page from a host of
its own. A tree is read (smaps_rollup) when all pages are loaded and the browser was left alone for
some seconds. Printed: medians in MiB with quartiles, and the ratios.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.browsers import Browser, browsers, serve, tree
from benchmarks.startup import quartiles

# Part of what is measured: memory some seconds after the last page, the same for each browser.
_REST_S = 6.0


def pss_mib(pid: int) -> float:
    """Of a process and its descendants; one that cannot be read is an error."""
    total = 0
    for member in tree(pid):
        try:
            text = Path(f"/proc/{member}/smaps_rollup").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended meanwhile
        total += next(int(line.split()[1]) for line in text.splitlines() if line[:4] == "Pss:")
    return total / 1024


def measure(browser: Browser, run: int, tabs: int) -> float:
    """One start with that many tabs."""
    hosts = [f"{browser.name}{run}-{tabs}-{number}.test" for number in range(tabs)]
    browser.start(hosts[0])
    browser.server.wait_for(hosts[0], "/painted")
    for host in hosts[1:]:
        browser.open(host)
    time.sleep(_REST_S)
    assert browser.process is not None
    size = pss_mib(browser.process.pid)
    browser.stop()
    print(f"{browser.name} {tabs} {size:.0f}", file=sys.stderr, flush=True)
    return size


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--tabs", type=int, nargs="+", default=[1, 10])
    options = parser.parse_args()
    sizes: dict[tuple[int, str], list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="myco-") as folder, serve() as server:
        contestants = browsers(Path(folder), server)
        for run in range(options.runs):
            turns = [(browser, tabs) for browser in contestants for tabs in options.tabs]
            for browser, tabs in random.sample(turns, len(turns)):
                size = measure(browser, run, tabs)
                sizes.setdefault((tabs, browser.name), []).append(size)
    for (tabs, name), values in sorted(sizes.items()):
        print(f"{name:9} {tabs:3} tabs, MiB: {quartiles(values)}")
    for tabs in options.tabs if len(contestants) == 2 else ():
        ours, theirs = (statistics.median(sizes[tabs, name]) for name in ("myco", "chromium"))
        print(f"{tabs} tabs, myco / chromium: {ours / theirs:.2f}")


if __name__ == "__main__":
    main()

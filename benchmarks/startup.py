"""From the start of the program to the first painted page, in turns with Debian's Chromium.

    python -m benchmarks.startup [--runs N]

Run as an ordinary user with a display (Xvfb will do). Each browser starts on a page of a local
server, warm, in random order; the page asks for /painted after two animation frames. Printed per
browser: median and quartiles of the milliseconds until the page was asked for and until it was
painted, and the ratio of the medians.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
from pathlib import Path

from benchmarks.browsers import browsers, serve


def quartiles(values: list[float]) -> str:
    """Median and interquartile range in words."""
    several = values if len(values) > 1 else values * 2
    low, middle, high = statistics.quantiles(several, n=4, method="inclusive")
    return f"median {middle:7.0f}  IQR {low:.0f} to {high:.0f}  (n = {len(values)})"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=12)
    runs = parser.parse_args().runs
    painted: dict[str, list[float]] = {}
    asked: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="myco-") as folder, serve() as server:
        contestants = browsers(Path(folder), server)
        for run in range(runs):
            for browser in random.sample(contestants, len(contestants)):
                host = f"{browser.name}{run}.test"
                began = browser.start(host)
                at = server.wait_for(host, "/painted")
                painted.setdefault(browser.name, []).append((at - began) * 1000)
                requested = server.wait_for(host, "/") - began
                asked.setdefault(browser.name, []).append(requested * 1000)
                browser.stop()
    for name, values in painted.items():
        print(f"{name:9} page asked for, ms: {quartiles(asked[name])}")
        print(f"{name:9} page painted,   ms: {quartiles(values)}")
    if len(painted) == 2:
        ratio = statistics.median(painted["myco"]) / statistics.median(painted["chromium"])
        print(f"painted, myco / chromium: {ratio:.2f}")


if __name__ == "__main__":
    main()

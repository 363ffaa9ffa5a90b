"""From the start of the program to the page in front, with many tabs brought back.

    python -m benchmarks.many_tabs [--tabs 1000] [--runs 5]

Run as an ordinary user with a display (Xvfb will do). The profile holds a session of that many tabs
of local sites; the one in front asks its server for /painted after two animation frames. Printed:
median and quartiles of the milliseconds until then, the memory of all processes (PSS, MiB), and
how many pages were asked for: one.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from support.browser_rig import browser_rig
from support.site import Answer, Site, serve

from benchmarks.startup import quartiles
from myco_browser.domain.session_state import SessionState, TabState, WindowState
from myco_browser.services.session_store import SessionStore

_PAGE = (
    "<title>tab</title><h1>page</h1><script>requestAnimationFrame(() => requestAnimationFrame("
    "() => fetch('/painted')))</script>"
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tabs", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    wishes = parser.parse_args()
    times: list[float] = []
    memory: list[float] = []
    pages = 0
    for _run in range(wishes.runs):
        milliseconds, mib, asked = _start(wishes.tabs)
        times.append(milliseconds)
        memory.append(mib)
        pages = max(pages, asked)
    print(f"{wishes.tabs} tabs, page painted, ms: {quartiles(times)}")
    print(f"memory, MiB: median {statistics.median(memory):.0f}; pages asked for at most: {pages}")


def _start(count: int) -> tuple[float, float, int]:
    with tempfile.TemporaryDirectory(prefix="myco-") as folder, serve() as site:
        painted = threading.Event()
        site.pages[f"tab{count // 2}.example/painted"] = lambda: _noted(painted)
        for number in range(count):
            site.page(f"tab{number}.example/", _PAGE)
        with browser_rig(Path(folder)) as rig:
            _write_session(rig.profile, count)
            began = time.monotonic()
            process = rig.launch(hosts=site.host_map())
            while not painted.wait(1.0):
                if process.poll() is not None:
                    raise RuntimeError(rig.log())
            taken = (time.monotonic() - began) * 1000
            rig.session()
            return taken, _memory(process.pid), _asked(site)


def _noted(painted: threading.Event) -> Answer:
    painted.set()
    return Answer(b"")


def _write_session(profile: Path, count: int) -> None:
    tabs = tuple(
        TabState(f"http://tab{number}.example/", f"Tab {number}") for number in range(count)
    )
    profile.mkdir(mode=0o700, exist_ok=True)
    store = SessionStore(profile)
    store.submit(SessionState((WindowState(1, tabs, count // 2),)))
    store.close()


def _memory(pid: int) -> float:
    root = psutil.Process(pid)
    every = [root, *root.children(recursive=True)]
    return sum(one.memory_full_info().pss for one in every) / 2**20


def _asked(site: Site) -> int:
    return len({place for place in site.arrived if place.endswith(".example/")})


if __name__ == "__main__":
    main()

"""What the identity costs, and what private sessions leave.

    python -m benchmarks.sessions [--runs N] [--tabs N] [--rounds N] [--turns N]
        [--only starts|tabs|scripts] | --closes N | --isolation

Run as an ordinary user with a display (Xvfb will do). Printed: the time until a private window is
there, until a new identity is there, until the inspection bridge to a new tab stands; the memory of
a private session with its tabs, with and without their bridges; what the identity costs scripts
(`script_cost`). `--closes N` closes N private sessions full of traces, half of
them by SIGKILL first, and searches disk and memory for what is left after each. `--isolation`
measures the memory that a process for each site costs.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.browsers import PARTS
from benchmarks.memory import pss_mib
from benchmarks.script_cost import measure_scripts, serve_scripts
from benchmarks.startup import quartiles

assert PARTS  # puts the sources and the tests' support on the path

from support.browser_rig import BrowserRig, LedSession, browser_rig  # noqa: E402
from support.site import Site, serve  # noqa: E402
from support.traces import files_with, memory_with, new_words, serve_words  # noqa: E402
from support.trusted_site import serve_trusted  # noqa: E402

from myco_browser.system.processes import all_processes, descendants  # noqa: E402

_HOST = "bench.example"
_FRAMES = 4
# Part of what is measured: memory some seconds after the last change, the same for each.
_REST_S = 5.0
_ISOLATION = "--site-per-process"


def _private(rig: BrowserRig, everyday: LedSession) -> LedSession:
    everyday.do("session._context.launcher.open_private([])")
    private = rig.session()
    private.wait_for("window.isVisible()")
    return private


def _renew(rig: BrowserRig, private: LedSession) -> LedSession:
    private.do("from myco_browser.ui.new_identity import new_identity\n"
               "new_identity(window, session._manager)")  # fmt: skip
    renewed = rig.session()
    renewed.wait_for("window.isVisible()")
    return renewed


def measure_starts(rig: BrowserRig, everyday: LedSession, runs: int) -> LedSession:
    """Times until windows are there; one more session stays open."""
    ready: list[float] = []
    renewed: list[float] = []
    for _ in range(runs):
        began = time.monotonic()
        private = _private(rig, everyday)
        ready.append(1000 * (time.monotonic() - began))
        began = time.monotonic()
        fresh = _renew(rig, private)
        renewed.append(1000 * (time.monotonic() - began))
        fresh.do("window.close()")
    if runs:
        print(f"private window there, ms     {quartiles(ready)}")
        print(f"new identity there, ms       {quartiles(renewed)}")
    return _private(rig, everyday)


def measure_bridge(private: LedSession, tabs: int) -> None:
    """The time until a new tab's bridge stands, and what the bridges of all tabs weigh."""
    times: list[float] = []
    for number in range(tabs):
        private.do(
            "import time\n"
            "session.began, session.armed = time.monotonic(), []\n"
            "made = window.add_tab()\n"
            "made.page.gate.inspection.armed.connect("
            "lambda: session.armed.append(time.monotonic() - session.began))"
        )
        private.wait_for("session.armed")
        times.append(1000 * float(private.value("session.armed[0]")))
        private.open(f"http://{number}.{_HOST}/")
    print(f"bridge to a new tab, ms      {quartiles(times)}")
    time.sleep(_REST_S)
    with_bridges = pss_mib(private.pid)
    private.do("for one in window.tabs:\n    one.page.gate.inspection.release()")
    time.sleep(_REST_S)
    without = pss_mib(private.pid)
    print(f"private session, {tabs + 1} tabs      {with_bridges:.0f} MiB, "
          f"{without:.0f} MiB without bridges")  # fmt: skip


def measure_tabs(session: LedSession, runs: int) -> None:
    """The time until an address opened in a new tab is there, waiting for its bridge and not."""
    found: dict[str, list[float]] = {"with": [], "without": []}
    # One tab of the site stays: else the site would be forgotten during some of the runs.
    session.open(f"http://{_HOST}/tab")
    for _run in range(runs):
        for name, waits in random.sample([("with", True), ("without", False)], 2):
            time.sleep(2)  # a user does not open tabs faster, and a spare bridge is made meanwhile
            session.do(
                "import time\n"
                "from PyQt6.QtCore import QUrl\n"
                f"session._context.inspections.waits = {waits}\n"
                "session.began, session.there = time.monotonic(), []\n"
                f"made = window.add_tab(QUrl('http://{_HOST}/tab'))\n"
                "made.page.loadFinished.connect("
                "lambda ok: session.there.append(time.monotonic() - session.began))"
            )
            session.wait_for("session.there")
            found[name].append(1000 * float(session.value("session.there[0]")))
            session.do("session._context.inspections.waits = True; tab.ask_to_close()")
    for name, times in found.items():
        print(f"{session.name}, new tab {name:7} a bridge, ms  {quartiles(times)}")
    difference = statistics.median(found["with"]) - statistics.median(found["without"])
    print(f"{session.name}, new tab: {difference:+.0f} ms with the bridge")


def measure_isolation(site: Site) -> None:
    """The memory of an everyday session whose pages have frames of other sites, in turns with and
    without a process for each site."""
    frames = "".join(f"<iframe src=http://frame{n}.example/></iframe>" for n in range(_FRAMES))
    for number in range(_FRAMES):
        site.page(f"frame{number}.example/", "<p>frame")
        site.page(f"page{number}.example/", f"<title>page</title>{frames}")
    for name, argument in (("with", ""), ("without", f"!{_ISOLATION}")):
        with (
            tempfile.TemporaryDirectory(prefix="myco-") as folder,
            browser_rig(Path(folder)) as rig,
        ):
            rig.environ["MYCO_TEST_ENGINE_ARGUMENTS"] = argument
            session = rig.start(hosts=site.host_map())
            for number in range(_FRAMES):
                session.do("window.add_tab()")
                session.open(f"http://page{number}.example/")
            time.sleep(_REST_S)
            print(f"{_FRAMES} tabs with {_FRAMES} frames of other sites each, {name} isolation: "
                  f"{pss_mib(session.pid):.0f} MiB")  # fmt: skip


def close_many(rig: BrowserRig, everyday: LedSession, site: Site, closes: int) -> None:
    """Closes sessions full of traces and counts those that left one."""
    left: list[str] = []
    for number in range(closes):
        private = _private(rig, everyday)
        words = new_words()
        private.open(f"https://{_HOST}{serve_words(site, _HOST, words)}")
        private.wait_for_script("window.isDone === true", True)
        if number % 2:
            os.kill(private.pid, signal.SIGKILL)
            private = rig.session()
            private.wait_for("tab is not None")
        private.do("window.close()")
        while Path(f"/proc/{private.pid}").exists():
            time.sleep(0.05)  # what is watched is no child of ours
        launcher = rig.started[0].pid
        alive = {launcher, *(one.pid for one in descendants(launcher, all_processes()))}
        left += files_with(words, rig.folder, Path("/dev/shm"))
        left += [place for pid in alive for place in memory_with(words, pid)]
        if number % 20 == 19:
            print(f"{number + 1} closed, {len(left)} traces", flush=True)
    print(f"{closes} private sessions closed, {closes // 2} of them killed: {len(left)} traces")
    for place in left[:50]:
        print(f"  {place}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=8)
    parser.add_argument("--tabs", type=int, default=6)
    parser.add_argument("--closes", type=int, default=0)
    parser.add_argument("--isolation", action="store_true")
    parser.add_argument("--only", choices=("starts", "tabs", "scripts"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--turns", type=int, default=15)
    options = parser.parse_args()
    if options.isolation:
        with serve() as site:
            measure_isolation(site)
        return
    with tempfile.TemporaryDirectory(prefix="myco-") as name, browser_rig(Path(name)) as rig:
        if options.closes:
            with serve_trusted(rig.folder / "home", _HOST) as site:
                everyday = rig.start(hosts=site.host_map())
                close_many(rig, everyday, site, options.closes)
            return
        with serve() as site:
            serve_scripts(site)
            site.page(f"{_HOST}/tab", "<title>tab</title><p>text")
            for number in range(options.tabs):
                site.page(f"{number}.{_HOST}/", f"<title>{number}</title><p>text")
            everyday = rig.start(hosts=site.host_map())
            starts = 0 if options.only == "tabs" else options.runs
            private = measure_starts(rig, everyday, starts)
            if options.only == "starts":
                return
            if options.only != "scripts":
                for session in (everyday, private):
                    measure_tabs(session, options.runs)
            if options.only == "tabs":
                return
            if options.only is None:
                measure_bridge(private, options.tabs)
            measure_scripts(private, options.rounds, options.turns)


if __name__ == "__main__":
    main()

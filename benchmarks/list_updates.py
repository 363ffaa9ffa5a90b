"""What the window's thread feels while filter lists are compiled, loaded and swapped in.

    MYCO_SHARED_DATA=… python -m benchmarks.list_updates [--swaps 8]

A real browser with the real lists; one is switched off and on, so that each time all are compiled
anew (in a child process), loaded (in a thread), taken into use and warmed. Meanwhile a timer of the
Qt thread beats every millisecond. A beat that comes late was held by something: by work of the
thread itself (its processor time is told), by a thread that kept the interpreter, or by the machine
(what the kernel says that the thread waited for a processor, `schedstat`, is told apart). What a
virtual machine is not given at all shows while nothing happens, too. As an ordinary user, with a
display.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.filters.engine_speed import ROOT

sys.path.insert(0, str(ROOT / "tests"))

from support.browser_rig import LedSession, browser_rig
from support.site import serve
from support.stored_lists import store_lists

HEART = """
import threading
from time import perf_counter, thread_time
from PyQt6.QtCore import QTimer, Qt
schedule = open(f"/proc/self/task/{threading.get_native_id()}/schedstat")
session.beats = []
def waited():
    schedule.seek(0)
    return int(schedule.read().split()[1]) / 1e6
state = [perf_counter() * 1e3, waited(), thread_time()]
def beat():
    now, delay, worked = perf_counter() * 1e3, waited(), thread_time()
    late = now - state[0] - 1.0
    session.beats.append((late, delay - state[1], (worked - state[2]) * 1e3, phase[0]))
    state[:] = perf_counter() * 1e3, waited(), thread_time()
phase = session.phase = ["idle"]
session.heart = QTimer()
session.heart.setTimerType(Qt.TimerType.PreciseTimer)
session.heart.timeout.connect(beat)
session.heart.start(1)
policy = session._context.policy
set_engine = policy.set_engine
session.swaps = 0
def swapped(engine):
    session.swaps += 1
    phase[0] = "warming"
    set_engine(engine)
object.__setattr__(policy, "set_engine", swapped)
import myco_browser.services.filter_lists as places
loading = places.Engine.load
def load(*words):
    phase[0] = "loading"
    return loading(*words)
from types import SimpleNamespace
places.Engine = SimpleNamespace(load=load, compile=places.Engine.compile)
"""

# An event loop of its own: what waits by turns (QTest.qWait) lets events wait, too.
WAIT = """
from PyQt6.QtCore import QEventLoop, QTimer
def wait(milliseconds):
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
"""


def swap(session: LedSession, on: bool) -> None:
    """Switches a list, and waits until the new engine is used and warm."""
    # In one go, because each question is work of the Qt thread, too.
    session.run(
        f"{WAIT}"
        "before = session.swaps\n"
        "session.phase[0] = 'switching'\n"
        f"session._lists.switch('peter-lowe', {on})\n"
        "wait(20)\n"
        "session.phase[0] = 'compiling'\n"
        "while session.swaps == before or session._warming.is_busy:\n"
        "    wait(200)\n"
        "session.phase[0] = 'idle'"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--swaps", type=int, default=8)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="myco-") as folder,
        browser_rig(Path(folder)) as rig,
        serve() as site,
    ):
        print(f"{store_lists(rig.profile)} real lists")
        site.page("news.example/", "<!doctype html><title>News</title><p>text")
        session = rig.start(hosts=site.host_map())
        session.open("http://news.example/")
        session.wait_for("session._lists._lists.in_use is not None", 120)
        session.wait_for("not session._warming.is_busy", 120)
        session.do(HEART)
        session.run(f"{WAIT}wait(4000)")
        for number in range(options.swaps):
            swap(session, number % 2 == 1)
        beats = session.value("session.beats")
    print("ms: a beat late, p99 and longest; the same without waits for a core; work of the thread")
    for phase in ("idle", "switching", "compiling", "loading", "warming"):
        rows = [row for row in beats if row[3] == phase]
        if rows:
            late, work = sorted(row[0] for row in rows), sorted(row[2] for row in rows)
            held = sorted(max(0.0, row[0] - row[1]) for row in rows)
            most = len(rows) * 99 // 100
            columns = "   ".join(f"{one[most]:6.2f} {one[-1]:6.2f}" for one in (late, held, work))
            print(f"{phase:10} {len(rows):6} beats  {columns}")


if __name__ == "__main__":
    main()

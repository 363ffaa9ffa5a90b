"""What the identity costs scripts: the same work in pages with it and without, in turns.

Each round makes hidden pages in one session: one with the page script and the bridge, two without,
whose difference from each other tells what is noise, and one with all that private tabs have
besides (filters, passwords …). Their processes are tied to one processor and do one part of the
work after the other, in an order that turns. What counts is the time that a page's process ran, by
the scheduler's own count.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.browsers import PARTS

assert PARTS  # puts the sources and the tests' support on the path

from support.browser_rig import LedSession  # noqa: E402
from support.site import Site  # noqa: E402

_WARM_UP = 4
_ONES = ("with", "without", "again", "all")
# What the identity is there for: it prepares each frame, and answers in the engine's place.
_ANSWERED = ("frames", "asking")
_TOGETHER = "the others"
_WORK = {
    "numbers": """let sum = 0;
      for (let n = 0; n < 2e7; n++) sum = (sum * 31 + n) % 65521;
      return sum;""",
    "elements": """let sum = 0;
      for (let round = 0; round < 4; round++) {
        for (let n = 0; n < 2000; n++) {
          const item = document.createElement('li');
          item.textContent = 'row ' + n;
          list.append(item);
        }
        for (let n = 0; n < 300; n++) sum += list.children[n * 5].offsetTop;
        list.replaceChildren();
      }
      return sum;""",
    "drawing": """for (let n = 0; n < 20000; n++) pen.fillRect(n % 300, n % 150, 5, 5);
      return pen.getImageData(0, 0, 300, 150).data[7];""",
    "data": """const rows = Array.from({length: 20000}, (_, n) => ({n, text: 'x'.repeat(n % 40)}));
      return JSON.parse(JSON.stringify(rows)).length;""",
    "events": """let sum = 0;
      const hear = event => { sum += event.clientX; };
      list.addEventListener('click', hear);
      for (let n = 0; n < 8000; n++) list.dispatchEvent(new MouseEvent('click', {clientX: n}));
      list.removeEventListener('click', hear);
      return sum;""",
    "frames": """for (let n = 0; n < 12; n++) {
        const frame = document.createElement('iframe');
        document.body.append(frame);
        frame.contentDocument.body.textContent = 'frame';
        frame.remove();
      }
      return 0;""",
    "asking": """let sum = 0;
      for (let n = 0; n < 20000; n++) sum += screen.colorDepth + outerWidth + screenX
        + navigator.hardwareConcurrency + navigator.maxTouchPoints;
      return sum;""",
}
_PAGE = (
    "<title>scripts</title><canvas id=c width=300 height=150></canvas><ul id=l></ul><script>"
    "const list = document.getElementById('l');"
    "const pen = document.getElementById('c').getContext('2d');"
    + "".join(f"window.{name} = () => {{ {work} }};" for name, work in _WORK.items())
    + "</script>"
)
_MAKE = """
from PyQt6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
from PyQt6.QtCore import QUrl
from myco_browser.web.inspection import first_script, identity_source
if not hasattr(session, 'plain_profile'):
    session.plain_profile = QWebEngineProfile()
    session.told_profile = QWebEngineProfile()
    source = identity_source(session._context.identity.script_values())
    session.told_profile.scripts().insert(first_script('identity', source))
    session.profiles = {{'with': session.told_profile, 'all': session._context.profile}}
session.cost = {{}}
session.loaded = []
for name in {names!r}:
    profile = session.profiles.get(name, session.plain_profile)
    page = session.cost[name] = QWebEnginePage(profile)
    page.loadFinished.connect(session.loaded.append)
session.bridges = []
for name, page in session.cost.items():
    def load(name=name, page=page):
        page.load(QUrl('http://%s.example/' % name))
    if name in session.profiles:
        bridge = session._context.inspections.bridge(page)
        session.bridges.append(bridge)
        bridge.armed.connect(load)
        bridge.build()
    else:
        load()
"""
_END = """
for bridge in session.bridges:
    bridge.release()
for page in session.cost.values():
    page.deleteLater()
"""


class _Part(NamedTuple):
    """One part of the work in one round."""

    milliseconds: float
    """Of the first plain page."""
    ratios: dict[str, float]
    """To that, by page."""


def serve_scripts(site: Site) -> None:
    """Serves the page that does the work, on a site for each."""
    for name in _ONES:
        site.page(f"{name}.example/", _PAGE)


def measure_scripts(session: LedSession, rounds: int, turns: int) -> None:
    """Prints for each part of the work how much longer it takes with the identity, and the noise.

    A round's figure is the median of its turns; that of all rounds is the median of theirs.
    """
    found: list[dict[str, _Part]] = [_round_of(session, turns) for _round in range(rounds)]
    print(
        f"scripts, {rounds} rounds of {turns} turns: how much longer than without (lowest, highest)"
    )
    print(f"  {'':10} {'without':>9} {'with the identity':>26} {'noise':>26} {'and all else':>26}")
    for part in found[0]:
        plain = statistics.median(one[part].milliseconds for one in found)
        columns = (
            _percent([one[part].ratios[name] for one in found]) for name in ("with", "again", "all")
        )
        print(f"  {part:10} {plain:6.1f} ms", *columns)


def _percent(ratios: list[float]) -> str:
    """The median, and the smallest and largest of the rounds."""
    first, middle, last = (
        100 * (one - 1) for one in (min(ratios), statistics.median(ratios), max(ratios))
    )
    return f"{f'{middle:+.1f} % ({first:+.1f}, {last:+.1f})':>26}"


def _round_of(session: LedSession, turns: int) -> dict[str, _Part]:
    """For each part, and for all together, a page's time against that of the first plain one."""
    session.do(_MAKE.format(names=_ONES))
    session.wait_for(f"len(session.loaded) == {len(_ONES)}")
    pids = {
        name: int(session.value(f"session.cost[{name!r}].renderProcessPid()")) for name in _ONES
    }
    assert len(set(pids.values())) == len(_ONES), "a process each"
    for pid in pids.values():
        _tie(pid)
    times: dict[str, dict[str, list[float]]] = {
        part: {name: [] for name in _ONES} for part in (*_WORK, _TOGETHER)
    }
    for turn in range(_WARM_UP + turns):
        first = turn % len(_ONES)
        order = _ONES[first:] + _ONES[:first]
        ran = {name: dict.fromkeys(_WORK, 0.0) for name in _ONES}
        for part in _WORK:
            for name in order:
                ran[name][part] = _turn(session, name, part, pids[name])
        if turn >= _WARM_UP:  # the compiler has seen it all by then
            for name in _ONES:
                for part, milliseconds in ran[name].items():
                    times[part][name].append(milliseconds)
                usual = (ran[name][part] for part in _WORK if part not in _ANSWERED)
                times[_TOGETHER][name].append(sum(usual))
    session.do(_END)
    return {part: _part_of(took) for part, took in times.items()}


def _part_of(took: dict[str, list[float]]) -> _Part:
    plain = took["without"]
    ratios = {
        name: statistics.median(one / other for one, other in zip(ones, plain, strict=True))
        for name, ones in took.items()
    }
    return _Part(statistics.median(plain), ratios)


def _turn(session: LedSession, name: str, part: str, pid: int) -> float:
    before = _ran_ms(pid)
    session.do(
        "session.took = []\n"
        f"session.cost[{name!r}].runJavaScript('window.{part}()', 0, session.took.append)"
    )
    session.wait_for("session.took")
    return _ran_ms(pid) - before


def _tie(pid: int) -> None:
    """All threads of a process to the last processor that this one may use."""
    last = max(os.sched_getaffinity(0))
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(ProcessLookupError):
            os.sched_setaffinity(int(task.name), {last})
    time.sleep(0.2)  # what the page still does after it was loaded is none of its work


def _ran_ms(pid: int) -> float:
    """How long the threads of a process have run."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6

"""What the interceptor costs, measured in a running session, and a page of 2,000 pictures.

    MYCO_SHARED_DATA=… python -m benchmarks.interceptor [--rounds 6] [--pictures 2000]

A real browser with the default lists loads the same page of pictures from a server on loopback in
turns with blocking on and off; each picture has an address of its own, and none is blocked, so that
both load the same. A wrapper takes the processor time of each call of the interceptor. As an
ordinary user, with a display.
"""

from __future__ import annotations

import argparse
import base64
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.filters.engine_speed import LISTS, ROOT, shared_data
from myco_filters.compile import compile_to_cache
from myco_filters.syntax.lists import FilterList

sys.path.insert(0, str(ROOT / "tests"))

from support.browser_rig import LedSession, browser_rig
from support.site import Answer, Site, serve

PAGE = """<!doctype html><title>Pictures</title><body><script>
for (let n = 0; n < {count}; n++) {{
  const one = new Image(8, 8);
  one.src = 'http://cdn' + n % 6 + '.example/photos/2026/11/' + n + '-{round}.png?w=640&v=' + n;
  document.body.append(one);
}}
</script></body>"""
WRAP = """
import time
from myco_filters.engine import Engine
from pathlib import Path
session._context.policy.set_engine(Engine.load(Path({path!r})))
kind = type(session._interceptor)
plain = kind.interceptRequest
session.took = []
def timed(self, info):
    started = time.thread_time_ns()
    plain(self, info)
    session.took.append(time.thread_time_ns() - started)
kind.interceptRequest = timed
"""
# A true picture: the engine makes a small page of its own for each SVG, and slows down with them.
PICTURE = Answer(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    ),
    "image/png",
)
LOADED = "Math.round(performance.timing.loadEventEnd - performance.timing.navigationStart)"


def load(session: LedSession, site: Site, name: str, count: int, blocking: bool) -> tuple[int, str]:
    """Milliseconds until everything was loaded, and the calls' times in microseconds, as text."""
    site.page("news.example/" + name, PAGE.format(count=count, round=name))
    for n in range(count):
        site.pages[f"cdn{n % 6}.example/photos/2026/11/{n}-{name}.png?w=640&v={n}"] = PICTURE
    session.do(f"session._context.policy.set_blocking({blocking})\nsession.took.clear()")
    url = f"http://news.example/{name}"
    session.do(f"window.open_text({url!r})")
    session.wait_for(f"tab.urlstr == {url!r} and tab.title == 'Pictures'")
    session.wait_for("tab.progress == 100 and not tab.loading", 300)
    took = sorted(one / 1e3 for one in session.value("session.took"))
    middle, most = took[len(took) // 2], took[len(took) * 99 // 100]
    told = f"{len(took)} calls, p50 {middle:.0f} µs, p99 {most:.0f} µs, max {took[-1]:.0f} µs"
    return int(session.script(LOADED)), told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--pictures", type=int, default=2000)
    options = parser.parse_args()
    text = (shared_data() / "lists" / LISTS["default"]).read_text(encoding="utf-8")
    times: dict[bool, list[int]] = {True: [], False: []}
    with (
        tempfile.TemporaryDirectory(prefix="myco-") as folder,
        browser_rig(Path(folder)) as rig,
        serve() as site,
    ):
        path = Path(folder) / "cache"
        compile_to_cache([FilterList("default", "Default", text)], path)
        session = rig.start(hosts=site.host_map("*.example"))
        session.open("http://news.example/warm")
        session.do(WRAP.format(path=str(path)))
        for number in range(options.rounds):
            for blocking in (True, False) if number % 2 else (False, True):
                name = f"{number}-{'on' if blocking else 'off'}"
                took, told = load(session, site, name, options.pictures, blocking)
                times[blocking].append(took)
                print(f"{name:6} {took:6} ms  {told}", flush=True)
    for blocking, found in times.items():
        quartiles = statistics.quantiles(found, n=4)
        print(
            f"blocking {'on ' if blocking else 'off'}: median {statistics.median(found):.0f} ms, "
            f"quartiles {quartiles[0]:.0f} to {quartiles[2]:.0f}"
        )


if __name__ == "__main__":
    main()

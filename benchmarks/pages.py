"""What blocking saves on news pages: bytes, requests and time of 20 pages made for this benchmark.

    MYCO_SHARED_DATA=… python -m benchmarks.pages [--rounds 3]

Each page has its article, six pictures, and from none to 60 scripts of other hosts; two of three of
these are hosts of advertisers and trackers. A server on loopback plays all of them, and lets each
host answer after 20 to 200 ms of its own. Myco with its default lists, the same with blocking off,
and Debian's Chromium load the 20 pages one after the other, in turns. The page tells the time until
its load event; the server counts. As an ordinary user, with a display.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from benchmarks.browsers import CHROMIUM_FLAGS, PATIENCE_S, Chromium, Myco, Server
from myco_browser.domain.settings import BLOCKING, HTTPS_FIRST
from myco_browser.domain.settings_snapshot import Change
from myco_browser.services.settings_store import SettingsStore

PAGES = 20
MOST_SCRIPTS = 60
TRACKERS = (
    *("securepubads.g.doubleclick.net", "www.google-analytics.com", "connect.facebook.net"),
    *("static.criteo.net", "cdn.taboola.com", "widgets.outbrain.com", "sb.scorecardresearch.com"),
    *("ib.adnxs.com", "cdn.krxd.net", "js-sec.indexww.com", "ads.pubmatic.com", "bat.bing.com"),
    *("static.chartbeat.com", "secure.quantserve.com", "c.amazon-adsystem.com", "x.bidswitch.net"),
)
HARMLESS = tuple(f"static{number}.test" for number in range(8))
_PARAGRAPH = "<p>The council met for three hours and agreed on a new line for the tram.</p>" * 80


def page(number: int) -> bytes:
    """The page: the same in every run."""
    chance = random.Random(number)
    scripts = "".join(
        f'<script async src="http://{chance.choice(TRACKERS if one % 3 else HARMLESS)}'
        f'/lib/{number}-{one}.js"></script>'
        for one in range(MOST_SCRIPTS * number // (PAGES - 1))
    )
    pictures = "".join(f'<img width=80 height=60 src="/photo/{one}.svg">' for one in range(6))
    return f"""<!doctype html><meta charset=utf-8><title>News {number}</title>
<link rel=icon href=data:,>{scripts}<h1>News</h1>{pictures}{_PARAGRAPH}<script>
addEventListener('load', () => setTimeout(() => {{
  const took = performance.timing.loadEventStart - performance.timing.navigationStart;
  fetch('/timed?page={number}&took=' + took).then(() => {{
    if ({number} < {PAGES - 1}) location = 'http://news{number + 1}.test/';
  }});
}}));
</script>""".encode()


@dataclass
class Tally:
    """What one browser loaded in one round."""

    requests: int = 0
    sent: int = 0
    took: list[float] = field(default_factory=list)


class NewsServer(Server):
    """All hosts of all pages."""

    def __init__(self) -> None:
        super().__init__()
        self.tally = Tally()

    def answer(self, host: str, path: str) -> tuple[bytes, str]:
        """The body and its type, after the host's own latency."""
        if path.startswith("/timed"):
            self.tally.took.append(float(parse_qs(urlsplit(path).query)["took"][0]))
            return b"", "text/plain"
        chance = random.Random(host)
        if host in TRACKERS or host in HARMLESS:
            time.sleep(chance.uniform(0.02, 0.2))  # the latency that this host plays
            size = random.Random(path).randrange(5_000, 80_000)
            return b"window.n = (window.n || 0) + 1;" + b"/" * 2 + b" " * size, "text/javascript"
        if path.endswith(".svg"):
            picture = b'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="60"/>'
            return picture + b" " * 20_000, "image/svg+xml"
        number = host.removeprefix("news").removesuffix(".test")
        return page(int(number)) if number.isdecimal() else b"", "text/html"


@contextlib.contextmanager
def serve() -> Iterator[NewsServer]:
    """The server on loopback."""
    news = NewsServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host = (self.headers["Host"] or "").partition(":")[0]
            tally = news.tally
            body, kind = news.answer(host, self.path)
            with news.news:
                tally.requests += not self.path.startswith("/timed")
                tally.sent += len(body)
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            news.note(host, urlsplit(self.path).path)

        do_POST = do_GET  # noqa: N815 - the name that the base class looks for

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Threads(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 256

        def handle_error(self, request: object, client_address: object) -> None:
            """A browser that hangs up is no error."""

    server = Threads(("127.0.0.1", 0), Handler)
    news.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield news
    finally:
        server.shutdown()


class NewsMyco(Myco):
    """Myco with its default lists."""

    name = "myco"
    blocking = True

    def command(self, url: str) -> list[str]:
        found = super().command(url)
        names = ("*.test", *TRACKERS)
        lines = "".join(f"{name} 127.0.0.1:{self.server.port}\n" for name in names)
        (self.folder / "hosts").write_text(lines)
        return found

    def warm_up(self) -> None:
        from support.stored_lists import store_lists

        store_lists(self.model)
        (self.model / "welcome-shown").touch()
        settings = SettingsStore(self.model / "settings.json")
        settings.change(Change(HTTPS_FIRST, False))  # the pages' server has no encryption
        settings.change(Change(BLOCKING, self.blocking))
        self.start("warm.test", renew=False)
        self.server.wait_for("warm.test", "/")
        self.settle()
        self.stop()


class NewsMycoOff(NewsMyco):
    """The same with blocking switched off."""

    name = "myco, blocking off"
    blocking = False


class NewsChromium(Chromium):
    """Chromium, with every name led to the server."""

    def command(self, url: str) -> list[str]:
        rules = f"MAP * 127.0.0.1:{self.server.port}"
        profile = f"--user-data-dir={self.profile}"
        return ["chromium", *CHROMIUM_FLAGS, profile, f"--host-resolver-rules={rules}", url]

    def warm_up(self) -> None:
        self.model.mkdir()
        self.start("warm.test", renew=False)
        self.server.wait_for("warm.test", "/")
        self.settle()
        self.stop()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    found: dict[str, list[Tally]] = {}
    with tempfile.TemporaryDirectory(prefix="myco-") as folder, serve() as server:
        every = [kind(Path(folder), server) for kind in (NewsMyco, NewsMycoOff, NewsChromium)]
        for browser in every:
            browser.warm_up()
        for _ in range(rounds):
            for browser in random.sample(every, len(every)):
                server.tally = tally = Tally()
                server.arrivals.clear()
                browser.start("news0.test")
                with server.news:
                    server.news.wait_for(lambda: len(server.tally.took) == PAGES, 5 * PATIENCE_S)
                browser.stop()
                found.setdefault(browser.name, []).append(tally)
                print(f"{browser.name}: {len(tally.took)} pages", file=sys.stderr, flush=True)
    print(f"{'':20} {'requests':>9} {'MB':>7} {'load of a page, median ms':>26} {'all 20, s':>10}")
    for name, tallies in found.items():
        whole = [one for one in tallies if len(one.took) == PAGES]
        each = statistics.median(statistics.median(one.took) for one in whole)
        print(
            f"{name:20} {statistics.median(one.requests for one in whole):9.0f} "
            f"{statistics.median(one.sent for one in whole) / 1e6:7.2f} {each:26.0f} "
            f"{statistics.median(sum(one.took) for one in whole) / 1e3:10.1f}"
        )


if __name__ == "__main__":
    main()

"""Does the engine's limit of 32 connections per proxy cost pages time?

A page with some resources from each of sixty hosts, served with latency on loopback, is loaded by
a fresh engine process each time: without a proxy, through one door port, and through a PAC script
that spreads hosts over four and eight ports. Variants take turns. Run as an ordinary user:

    python benchmarks/proxy_sockets.py --rounds 10 --latency-ms 50 --connect-ms 100 --kind style

`--connect-ms` delays the first answer on each connection, as TCP and TLS handshakes would. Images
are held back by the engine itself (ten at a time from HTTP/1 servers); style sheets are not, and
stand for what HTTP/2 servers are asked for.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from myco_vpn.framing import message_pair, send_message

HOSTS = 60
PAGE = "http://page.test/"
_PIXEL = base64.b64decode("R0lGODlhAQABAAAAACwAAAAAAQABAAA=")
_LOADED = {
    "image": "[...document.images].filter(image => image.naturalWidth).length",
    "style": "[...document.styleSheets].length",
}
_TAGS = {
    "image": '<img src="http://h{host}.test/{number}.gif" width=4 height=4>',
    "style": '<link rel=stylesheet href="http://h{host}.test/{number}.css">',
}


def _load_time(kind: str, number: int) -> str:
    """JavaScript: milliseconds until the load event ended, 0 before, or if anything is missing."""
    return (
        f"{_LOADED[kind]} === {HOSTS * number}"
        " ? performance.timing.loadEventEnd - performance.timing.navigationStart : 0"
    )


def _page(kind: str, count: int) -> bytes:
    tags = (
        _TAGS[kind].format(host=host, number=number)
        for host in range(HOSTS)
        for number in range(count)
    )
    return b"<!doctype html><title>bench</title>" + "".join(tags).encode()


def _content(head: bytes) -> tuple[bytes, str]:
    """What a request gets, by its path."""
    path = head.split(b" ", 2)[1]
    if path.endswith(b".gif"):
        return _PIXEL, "image/gif"
    if path.endswith(b".css"):
        return b"p{}", "text/css"
    kind, count = path.decode().rsplit("/", 2)[-2:] if path.count(b"/") == 2 else ("image", "0")
    return _page(kind, int(count)), "text/html"


async def _answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, latency: float, connect: float
) -> None:
    wait = latency + connect
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            await asyncio.sleep(wait)
            wait = latency
            body, kind = _content(head)
            writer.write(
                f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nCache-Control: no-store\r\n"
                f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
    except (OSError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


def serve(latency: float, connect: float) -> int:
    """Serve the page in a thread; the port."""
    started = threading.Event()
    ports: list[int] = []

    async def run() -> None:
        server = await asyncio.start_server(
            lambda r, w: _answer(r, w, latency, connect), "127.0.0.1", 0, backlog=1024
        )
        ports.append(server.sockets[0].getsockname()[1])
        started.set()
        await server.serve_forever()

    threading.Thread(target=lambda: asyncio.run(run()), daemon=True).start()
    started.wait()
    return ports[0]


def start_door(
    port: int, count: int
) -> tuple[subprocess.Popen[bytes], list[socket.socket], list[int]]:
    """A door that maps *.test to the server, with `count` listeners; it lives with the sockets."""
    hosts = Path(tempfile.mkdtemp()) / "hosts"
    hosts.write_text(f"*.test 127.0.0.1:{port}\n")
    ours, theirs = message_pair()
    fd = theirs.fileno()
    door = subprocess.Popen(
        [sys.executable, "-m", "myco_vpn.door", "--control-fd", str(fd), "--host-map", str(hosts)],
        pass_fds=[fd],
    )
    listeners = [socket.create_server(("127.0.0.1", 0), backlog=1024) for _ in range(count)]
    session_end, door_end = message_pair()
    body = {"type": "attach", "session": "bench", "kind": "everyday", "sealed": False}
    send_message(ours, body, [door_end.fileno(), *(entry.fileno() for entry in listeners)])
    return door, [ours, session_end], [entry.getsockname()[1] for entry in listeners]


def flags(variant: str, port: int, ports: list[int]) -> list[str]:
    """Chromium flags for a variant."""
    nothing_resolves = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
    if variant == "direct":
        return ["--no-proxy-server", f"--host-resolver-rules=MAP *:80 127.0.0.1:{port}"]
    count = int(variant.removeprefix("pac")) if variant.startswith("pac") else 1
    if variant == "one port":
        proxy = f"--proxy-server=socks5://127.0.0.1:{ports[0]}"
        return [proxy, "--proxy-bypass-list=<-loopback>", nothing_resolves]
    script = (
        "function FindProxyForURL(u,h){var n=0;for(var i=0;i<h.length;i++)"
        f"n=(n*31+h.charCodeAt(i))%65521;return 'SOCKS5 127.0.0.1:'+{ports[:count]}[n%{count}];}}"
    )
    encoded = base64.b64encode(script.encode()).decode()
    url = f"data:application/x-ns-proxy-autoconfig;base64,{encoded}"
    return [f"--proxy-pac-url={url}", nothing_resolves]


def load(kind: str, number: int, arguments: list[str]) -> float:
    """Load the page in a new engine process; milliseconds until its load event ended."""
    words = ["--kind", kind, "--per-host", str(number), "--engine", json.dumps(arguments)]
    done = subprocess.run(
        [sys.executable, __file__, *words],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
        timeout=120,
    )
    return float(done.stdout)


def engine(kind: str, number: int, arguments: list[str]) -> int:
    """The engine process."""
    from PyQt6.QtCore import QTimer, QUrl
    from PyQt6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
    from PyQt6.QtWebEngineWidgets import QWebEngineView
    from PyQt6.QtWidgets import QApplication

    application = QApplication([sys.argv[0], "--webEngineArgs", *arguments])
    profile = QWebEngineProfile()
    page = QWebEnginePage(profile)
    view = QWebEngineView()  # the engine slows down pages that nobody sees
    view.setPage(page)
    view.show()

    def report(value: object) -> None:
        if isinstance(value, float | int) and value > 0:
            print(value, flush=True)
            os._exit(0)
        QTimer.singleShot(20, ask)

    def ask() -> None:
        page.runJavaScript(_load_time(kind, number), report)

    page.loadFinished.connect(lambda _: ask())
    page.load(QUrl(f"{PAGE}{kind}/{number}"))
    return application.exec()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--latency-ms", type=float, default=50)
    parser.add_argument("--connect-ms", type=float, default=0)
    parser.add_argument("--kind", choices=sorted(_TAGS), default="image")
    parser.add_argument("--per-host", type=int, default=4)
    parser.add_argument("--engine", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.engine is not None:
        return engine(options.kind, options.per_host, json.loads(options.engine))
    port = serve(options.latency_ms / 1000, options.connect_ms / 1000)
    door, sockets, ports = start_door(port, 8)
    times: dict[str, list[float]] = {"direct": [], "one port": [], "pac4": [], "pac8": []}
    for _ in range(options.rounds):
        for variant, taken in times.items():
            taken.append(load(options.kind, options.per_host, flags(variant, port, ports)))
    for sock in sockets:
        sock.close()
    door.wait()
    for variant, taken in times.items():
        ordered = sorted(taken)
        print(
            f"{variant:9} median {statistics.median(ordered):6.0f} ms"
            f"  (min {ordered[0]:.0f}, max {ordered[-1]:.0f}, n={len(ordered)})"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())

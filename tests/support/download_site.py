"""A server of large files for the tests: by ranges, held back or cut off where a test wants it."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_CHUNK = 65_536


@dataclass
class Offered:
    """One file. `hold_at` and `cut_at` count bytes of the whole file; a held answer waits for
    `DownloadSite.go`."""

    body: bytes
    etag: str = ""
    last_modified: str = ""
    ranges: bool = True
    hold_at: int | None = None
    cut_at: int | None = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Asked:
    """One request, as it arrived."""

    method: str
    place: str
    headers: dict[str, str]


@dataclass
class DownloadSite:
    """The server; `asked` holds every request in order."""

    port: int = 0
    files: dict[str, Offered] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    go: threading.Event = field(default_factory=threading.Event)

    def host_map(self, *names: str) -> str:
        """Lines for the door: these names are this server."""
        return "".join(f"{name} 127.0.0.1:{self.port}\n" for name in names or ("*.example",))

    def asked_for(self, place: str, method: str = "GET") -> list[Asked]:
        """The requests of one file."""
        return [one for one in self.asked if one.place == place and one.method == method]


@contextlib.contextmanager
def serve_downloads() -> Iterator[DownloadSite]:
    """A server on loopback until the context ends."""
    site = DownloadSite()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host = (self.headers["Host"] or "").partition(":")[0]
            place = f"{host}{self.path}"
            headers = {name.lower(): value for name, value in self.headers.items()}
            site.asked.append(Asked(self.command, place, headers))
            offered = site.files.get(place)
            if offered is None:
                self._begin(404, 0, ())
                return
            start = _start(offered, headers)
            if start and start >= len(offered.body):
                self._begin(416, 0, (("Content-Range", f"bytes */{len(offered.body)}"),))
                return
            self._answer(offered, start)

        do_HEAD = do_GET  # noqa: N815 - the name that the base class looks for

        def _answer(self, offered: Offered, start: int | None) -> None:
            whole = len(offered.body)
            more = [*offered.headers]
            more += [("ETag", offered.etag)] if offered.etag else []
            more += [("Last-Modified", offered.last_modified)] if offered.last_modified else []
            more += [("Accept-Ranges", "bytes")] if offered.ranges else []
            if start is not None:
                more.append(("Content-Range", f"bytes {start}-{whole - 1}/{whole}"))
            status = offered.status if start is None else 206
            self._begin(status, whole - (start or 0), tuple(more))
            if self.command == "GET":
                self._send(offered, start or 0)

        def _begin(self, status: int, length: int, more: tuple[tuple[str, str], ...]) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(length))
            self.send_header("Connection", "close")
            if not any(name == "Content-Type" for name, _value in more):
                self.send_header("Content-Type", "application/octet-stream")
            for name, value in more:
                self.send_header(name, value)
            self.end_headers()

        def _send(self, offered: Offered, at: int) -> None:
            stops = [stop for stop in (offered.hold_at, offered.cut_at) if stop is not None]
            while at < len(offered.body):
                if at == offered.cut_at:
                    self.close_connection = True
                    return
                if at == offered.hold_at:
                    self.wfile.flush()
                    site.go.wait(60)
                nearest = min([stop for stop in stops if stop > at], default=len(offered.body))
                upto = min(at + _CHUNK, nearest)
                self.wfile.write(offered.body[at:upto])
                at = upto

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A browser that hangs up is no error."""

    server = Server(("127.0.0.1", 0), Handler)
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        site.go.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _start(offered: Offered, headers: dict[str, str]) -> int | None:
    """Where a range begins; None when the whole file is to be sent."""
    found = re.fullmatch(r"bytes=(\d+)-", headers.get("range", ""))
    if not offered.ranges or found is None:
        return None
    condition = headers.get("if-range")
    if condition is not None and condition not in (offered.etag, offered.last_modified):
        return None
    return int(found[1])

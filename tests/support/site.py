"""Web sites on loopback for the tests: pages by host and path, and a record of what arrived."""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIXEL = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
    b'<rect width="40" height="40" fill="%s"/></svg>'
)


@dataclass(frozen=True)
class Answer:
    """What a page answers."""

    body: bytes
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


Page = Callable[[], Answer] | Answer


@dataclass
class Site:
    """The server. `arrived` holds "host/path" of every request, in order."""

    port: int = 0
    arrived: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    connections: list[int] = field(default_factory=list)
    """The other end's port of every request: requests of one connection have the same."""
    resumed: list[bool] = field(default_factory=list)
    """Whether each request's TLS connection went on from an earlier one (a ticket, or an ID)."""
    pages: dict[str, Page] = field(default_factory=dict)
    _mine: threading.local = field(default_factory=threading.local)

    @property
    def asking(self) -> dict[str, str]:
        """The headers of the request that this thread answers; others may be on their way."""
        found: dict[str, str] = self._mine.headers
        return found

    def note(self, headers: dict[str, str]) -> None:
        """A request came in this thread."""
        self._mine.headers = headers
        self.headers.append(headers)

    def page(self, place: str, html: str, **more: object) -> None:
        """Serves `html` at "host/path"."""
        self.pages[place] = Answer(html.encode(), **more)  # type: ignore[arg-type]

    def host_map(self, *names: str) -> str:
        """Lines for the door: these names are this server."""
        return "".join(f"{name} 127.0.0.1:{self.port}\n" for name in names or ("*.example",))

    def find(self, place: str) -> Answer:
        """What is served at "host/path"; pictures and scripts exist everywhere."""
        page = self.pages.get(place)
        if page is not None:
            return page() if callable(page) else page
        path = place.partition("?")[0]
        if path.endswith((".png", ".svg", ".gif", ".ico")):
            return Answer(PIXEL % b"#2a9d8f", "image/svg+xml")
        if path.endswith(".js"):
            return Answer(b"window.loaded = (window.loaded || 0) + 1", "text/javascript")
        if path.endswith(".css"):
            return Answer(b"", "text/css")
        return Answer(b"not found", "text/plain", 404)


ECHO = Answer(b"", "text/plain")
"""A page that answers with what was sent to it."""


@contextlib.contextmanager
def serve(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A server on loopback until the context ends; with TLS, every answer is a new connection."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host = (self.headers["Host"] or "").partition(":")[0]
            place = f"{host}{self.path}"
            site.arrived.append(place)
            site.connections.append(self.client_address[1])
            site.resumed.append(tls is not None and bool(self.connection.session_reused))
            site.note({name.lower(): value for name, value in self.headers.items()})
            answer = site.find(place)
            if answer is ECHO:
                size = int(self.headers.get("Content-Length", 0))
                answer = Answer(self.rfile.read(size), "text/plain")
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
            if tls is not None:
                self.send_header("Connection", "close")
            for name, value in answer.headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        do_POST = do_GET  # noqa: N815 - the name that the base class looks for

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 256

        def handle_error(self, request: object, client_address: object) -> None:
            """A browser that hangs up is no error."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        # Each connection's own thread does the handshake: a slow one must not hold up the others.
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

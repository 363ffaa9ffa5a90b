"""A small web server on loopback, in a thread, that remembers what arrived."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Web:
    """Where the server is and what it was asked for (host and path)."""

    port: int
    paths: list[str] = field(default_factory=list)


@contextlib.contextmanager
def web_server() -> Iterator[Web]:
    """Serve "hello" to everything."""
    web = Web(0)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            web.paths.append(f"{self.headers['Host']}{self.path}")
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"hello")

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

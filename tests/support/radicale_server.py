"""A real CardDAV server on loopback: Radicale."""

from __future__ import annotations

import contextlib
import http.client
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from support.dav_servers import PASSWORD, USER, address_of, free_port

from myco_browser.domain.addresses import WebAddress

_CONFIG = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {base}/users
htpasswd_encryption = plain
delay = 0
[rights]
type = owner_only
[storage]
filesystem_folder = {base}/collections
[web]
type = none
[logging]
level = warning
"""
_BOOK = (
    '<?xml version="1.0"?><d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav">'
    "<d:set><d:prop><d:resourcetype><d:collection/><c:addressbook/></d:resourcetype>"
    "<d:displayname>{name}</d:displayname></d:prop></d:set></d:mkcol>"
)


class Radicale(NamedTuple):
    """A running server with one user."""

    address: WebAddress
    folder: Path

    def ask(
        self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """What another program of the user's does: the status and the body."""
        connection = http.client.HTTPConnection(self.address.host, self.address.port, timeout=30)
        word = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        given = {"Authorization": f"Basic {word}", **(headers or {})}
        with contextlib.closing(connection):
            connection.request(method, path, body.encode(), given)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def make_book(self, name: str) -> str:
        """A new book; its path."""
        path = f"/{USER}/{name}/"
        assert self.ask("MKCOL", path, _BOOK.format(name=name.title()))[0] == 201
        return path

    def put(self, href: str, card: str) -> None:
        """Writes a card."""
        status, told = self.ask("PUT", href, card, {"Content-Type": "text/vcard; charset=utf-8"})
        assert status in (200, 201, 204), told

    def get(self, href: str) -> str:
        """A card as it lies there; "" when there is none."""
        status, body = self.ask("GET", href)
        return body if status == 200 else ""


def card(number: int, name: str = "", more: str = "") -> str:
    """A small card."""
    shown = name or f"Person {number}"
    return (
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:uid-{number}\r\nFN:{shown}\r\nN:{shown};;;;\r\n"
        f"EMAIL;TYPE=HOME:person{number}@far.test\r\n{more}END:VCARD\r\n"
    )


@contextlib.contextmanager
def radicale() -> Iterator[Radicale]:
    """A server that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="radicale-") as folder:
        base, port = Path(folder), free_port()
        (base / "users").write_text(f"{USER}:{PASSWORD}\n")
        (base / "config").write_text(_CONFIG.format(port=port, base=base))
        command = [sys.executable, "-m", "radicale", "--config", str(base / "config")]
        with (base / "log").open("w") as log:
            process = subprocess.Popen(command, stderr=log, stdout=log)
        server = Radicale(address_of(port), base)
        try:
            deadline = time.monotonic() + 20
            while True:
                try:
                    server.ask("GET", "/")
                    break
                except OSError:
                    assert process.poll() is None, (base / "log").read_text()
                    assert time.monotonic() < deadline
                    time.sleep(0.05)
            yield server
        finally:
            process.terminate()
            process.wait(10)

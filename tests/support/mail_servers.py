"""A small SMTP server with TLS that keeps what it is given, and can break off where it is told."""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import trustme


@dataclass
class SmtpServer:
    """What it saw. `cut_at`: the word after which the connection is cut, once for each entry."""

    port: int
    password: str
    messages: list[tuple[list[str], bytes]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    cut_at: list[str] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    arrived: threading.Event = field(default_factory=threading.Event)
    tokens: set[str] = field(default_factory=set)
    """Those that are taken, too (RFC 7628)."""
    hold: threading.Event = field(default_factory=threading.Event)
    """While it is set, a message that was taken is not acknowledged."""


@contextlib.contextmanager
def smtp_server(authority: trustme.CA, password: str, *names: str) -> Iterator[SmtpServer]:
    """Serves submission over TLS for any user with that password."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    listener = socket.create_server(("127.0.0.1", 0))
    server = SmtpServer(listener.getsockname()[1], password)
    ended = threading.Event()

    def accept() -> None:
        while not ended.is_set():
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=(sock,), daemon=True).start()

    def talk(sock: socket.socket) -> None:
        try:
            with context.wrap_socket(sock, server_side=True) as secured:
                secured.settimeout(30)
                _Talk(server, secured).run()
        except (OSError, ValueError):
            sock.close()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        ended.set()
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


class _Talk:
    def __init__(self, server: SmtpServer, sock: socket.socket) -> None:
        self._server = server
        self._sock = sock
        self._file = sock.makefile("rb")
        self._recipients: list[str] = []

    def run(self) -> None:
        self._say("220 test")
        while line := self._file.readline().decode("utf-8", "replace").rstrip("\r\n"):
            self._server.commands.append(line)
            word = line.split()[0].upper()
            if self._cut(word):
                return
            refusal = self._server.refuse.get(word)
            if refusal is not None:
                self._say(refusal)
            elif word == "EHLO":
                self._say("250-test\r\n250-SIZE 30000000\r\n250-8BITMIME")
                self._say("250 AUTH PLAIN LOGIN OAUTHBEARER")
            elif word == "AUTH":
                self._authenticate(line)
            elif word == "RCPT":
                self._recipients.append(line.partition("<")[2].partition(">")[0])
                self._say("250 ok")
            elif word == "DATA":
                if not self._take():
                    return
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _authenticate(self, line: str) -> None:
        words = base64.b64decode(line.split()[2]).decode()
        if line.split()[1] == "OAUTHBEARER":
            token = words.partition("auth=Bearer ")[2].rstrip("\x01")
            if token in self._server.tokens:
                self._say("235 ok")
                return
            self._say("334 " + base64.b64encode(b'{"status":"invalid_token"}').decode())
            self._file.readline()
            self._say("535 no")
            return
        secret = words.split("\0")[2]
        self._say("235 ok" if secret == self._server.password else "535 no")

    def _take(self) -> bool:
        self._say("354 go on")
        lines: list[bytes] = []
        while (line := self._file.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line[1:] if line.startswith(b".") else line)
        if self._cut("BEFORE-TAKING"):
            return False
        self._server.messages.append((self._recipients, b"".join(lines)))
        self._recipients = []
        self._server.arrived.set()
        if self._server.hold.is_set():
            self._file.readline()  # until the other side is gone
            return False
        if self._cut("AFTER-TAKING"):
            return False
        self._say("250 taken")
        return True

    def _cut(self, word: str) -> bool:
        if self._server.cut_at[:1] == [word]:
            self._server.cut_at.pop(0)
            return True
        return False

    def _say(self, text: str) -> None:
        self._sock.sendall(text.encode() + b"\r\n")

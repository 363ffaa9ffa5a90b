"""IMAP servers that talk nonsense: a clear error, bounded memory, and no password in the clear."""

from __future__ import annotations

import socket
import threading
import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import pytest
from support.mail_way import ACCOUNT

from myco_browser.domain.mail import RefusalCause, Security, Server
from myco_browser.mail.errors import MailError, RefusedError
from myco_browser.mail.imap import ImapSession
from myco_browser.system.dialled import Way

_PLAIN = replace(ACCOUNT, imap=Server("localhost", 143, Security.PLAIN))
_GREETING = b"* OK [CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS] hello\r\n"


class Nonsense:
    """A server at the other end of a pair of sockets: answers each command by a word of it."""

    def __init__(self, greeting: bytes, answers: dict[str, bytes], *, endless: bytes = b"") -> None:
        self.received = b""
        self._greeting = greeting
        self._answers = {"CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n", **answers}
        self._endless = endless

    def dial(self, _host: str, _port: int) -> socket.socket:
        """The near end."""
        near, far = socket.socketpair()
        threading.Thread(target=self._serve, args=(far,), daemon=True).start()
        return near

    def _serve(self, sock: socket.socket) -> None:
        try:
            with sock, sock.makefile("rb") as file:
                sock.sendall(self._greeting)
                while self._endless:
                    sock.sendall(self._endless)
                for line in file:
                    self.received += line
                    tag, _, rest = line.decode("latin-1").rstrip("\r\n").partition(" ")
                    words = rest.upper().split()
                    word = " ".join(words[:2]) if words[:1] == ["UID"] else words[0]
                    sock.sendall(self._answers.get(word, b""))
                    sock.sendall(f"{tag} OK done\r\n".encode())
        except OSError:
            return


def _session(server: Nonsense) -> ImapSession:
    def tls() -> object:
        raise AssertionError("nothing is encrypted here")

    return ImapSession(Way(server.dial, tls), _PLAIN, "secret")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "greeting",
    [b"* BYE go away\r\n", b"\x00\xff\x00\r\n", b"HTTP/1.1 400 Bad\r\n\r\n", b"* \r\n", b"+ \r\n",
     b"* OK {999999999999}\r\n"],
)  # fmt: skip
def test_greetings_that_are_none(greeting: bytes) -> None:
    server = Nonsense(greeting, {})
    with pytest.raises(MailError):
        _session(server)
    assert b"secret" not in server.received


def test_a_line_without_an_end_fills_no_memory() -> None:
    server = Nonsense(b"* OK ", {}, endless=b"x" * 65536)
    tracemalloc.start()
    with pytest.raises(MailError):
        _session(server)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 32 << 20


_Ask = Callable[[ImapSession], object]
_FOLDERS: _Ask = lambda session: session.folders()  # noqa: E731 - one of a table
_UIDS: _Ask = lambda session: session.uids()  # noqa: E731
_FETCH: _Ask = lambda session: session.summaries([1, 2])  # noqa: E731
_SOURCE: _Ask = lambda session: session.source(1)  # noqa: E731
_CHANGES: _Ask = lambda session: session.changes(1)  # noqa: E731


@pytest.mark.parametrize(
    ("word", "answer", "ask"),
    [
        ("LIST", b"* LIST (((((\r\n", _FOLDERS),
        ("LIST", b"* LIST " + b"(" * 50_000 + b"\r\n", _FOLDERS),
        ("LIST", b"* LIST () \"/\" {9999999999}\r\n", _FOLDERS),
        ("LIST", b"* LIST () \"/\" \xff\xfe\r\n" * 50, _FOLDERS),
        ("UID SEARCH", b"* SEARCH 1 x 3\r\n", _UIDS),
        ("UID SEARCH", b"* SEARCH 99999999999999999999999 -1 0 7\r\n", _UIDS),
        ("UID FETCH", b"* 1 FETCH (UID\r\n", _FETCH),
        ("UID FETCH", b"* 1 FETCH (UID 1 FLAGS NIL INTERNALDATE \"x\")\r\n", _FETCH),
        ("UID FETCH", b"* 1 FETCH " + b"(" * 20_000 + b"\r\n", _FETCH),
        ("UID FETCH", b"* 1 FETCH (UID 1 BODY[] {5}\r\nab)\r\n", _SOURCE),
        ("UID FETCH", b"* 1 FETCH (UID 1 BODY[] {99999999999}\r\n", _SOURCE),
        ("UID FETCH", b"* 1 FETCH (UID 99999999999999 FLAGS (x))\r\n", _CHANGES),
        ("UID FETCH", b"* VANISHED (EARLIER) 1:4294967295\r\n", _CHANGES),
    ],
)  # fmt: skip
def test_answers_that_make_no_sense(word: str, answer: bytes, ask: _Ask) -> None:
    """Either what can be understood of it, or a MailError: nothing else comes out."""
    server = Nonsense(_GREETING, {word: answer})
    session = _session(server)
    sock = session._client.wire.sock
    sock.settimeout(2.0)
    try:
        found = ask(session)
    except MailError:
        pass
    else:
        assert isinstance(found, list | tuple | bytes) or hasattr(found, "flags")
    session.cut()


def test_no_encryption_no_password() -> None:
    server = Nonsense(_GREETING, {"STARTTLS": b""})
    account = replace(ACCOUNT, imap=Server("imap.far.test", 143, Security.STARTTLS))

    def tls() -> object:
        raise OSError("no encryption")

    with pytest.raises(MailError):
        ImapSession(Way(server.dial, tls), account, "secret")  # type: ignore[arg-type]
    assert b"secret" not in server.received


def test_logged_in_before_it_is_encrypted_is_refused() -> None:
    server = Nonsense(b"* PREAUTH welcome\r\n", {})
    account = replace(ACCOUNT, imap=Server("imap.far.test", 143, Security.STARTTLS))
    with pytest.raises(RefusedError) as caught:
        ImapSession(Way(server.dial, lambda: pytest.fail("no")), account, "secret")
    assert caught.value.cause is RefusalCause.NOT_ENCRYPTED
    assert b"secret" not in server.received

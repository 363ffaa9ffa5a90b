"""Mail through a real door to a real Dovecot: the door makes every connection, finds every name."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from support.door_rig import door_rig
from support.dovecot import PASSWORD, Dovecot, dovecot, message
from support.mail_servers import SmtpServer, smtp_server

from myco_browser.domain.mail import Account, RefusalCause, Security, Server
from myco_browser.mail.errors import RefusedError, UnreachableError
from myco_browser.mail.imap import ImapSession
from myco_browser.mail.submission import submit
from myco_browser.system.dialled import Way
from myco_vpn.link import dial_blocking

ACCOUNT = Account(
    "a", "alice@coop.test", "alice@coop.test", Server("imap.coop.test", 993, Security.TLS),
    Server("smtp.coop.test", 465, Security.TLS),
)  # fmt: skip
_NAMES = ("imap.coop.test", "smtp.coop.test")


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Dovecot, SmtpServer]]:
    """One pair for all tests of this module."""
    with dovecot(*_NAMES) as imap, smtp_server(imap.authority, PASSWORD, *_NAMES) as smtp:
        yield imap, smtp


def _hosts(imap: Dovecot, smtp: SmtpServer) -> str:
    return (
        f"imap.coop.test:993 127.0.0.1:{imap.imaps}\n"
        f"imap.coop.test:143 127.0.0.1:{imap.plain}\n"
        f"smtp.coop.test:465 127.0.0.1:{smtp.port}\n"
    )


def _run(servers: tuple[Dovecot, SmtpServer], work: Callable[[Way], None]) -> list[str]:
    """Runs `work` in a thread beside a door; the hosts that the door was asked for as "mail"."""
    imap, smtp = servers

    async def run() -> list[str]:
        async with door_rig(_hosts(imap, smtp)) as rig:
            way = Way(
                lambda host, port: dial_blocking(host, port, "mail", rig.proxy),
                lambda: ssl.create_default_context(cafile=str(imap.authority_file)),
            )
            with _watched(rig.proxy[1]) as strays:
                await asyncio.to_thread(work, way)
            assert strays == []
            rows = await asyncio.to_thread(rig.link.counters)
            return sorted(row.host for row in rows if row.client == "mail")

    return asyncio.run(run())


_watching: dict[int, list[str]] = {}


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    strays = _watching.get(threading.main_thread().native_id or 0)
    # The door works in the main thread; mail does not.
    if strays is None or threading.current_thread() is threading.main_thread():
        return
    if "resolver" in threading.current_thread().name:
        return
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr",
                 "socket.getnameinfo", "socket.gethostname"):  # fmt: skip
        # Numbers need no look-up; the door's own address is one.
        if event != "socket.getaddrinfo" or arguments[0] != "127.0.0.1":
            strays.append(f"{event} {arguments}")
    elif event == "socket.connect":
        address = arguments[1]
        if not isinstance(address, tuple) or address[1] not in _allowed_ports:
            strays.append(f"connect {address}")


_allowed_ports: set[int] = set()


@contextlib.contextmanager
def _watched(port: int) -> Iterator[list[str]]:
    """Connections to anywhere but the door, and look-ups, in threads other than this one."""
    strays: list[str] = []
    key = threading.main_thread().native_id or 0
    if not _allowed_ports:
        sys.addaudithook(_hook)
    _allowed_ports.clear()
    _allowed_ports.add(port)
    _watching[key] = strays
    try:
        yield strays
    finally:
        del _watching[key]


def test_reading_and_sending_pass_the_door_only(servers: tuple[Dovecot, SmtpServer]) -> None:
    imap, smtp = servers
    imap.deliver(ACCOUNT.address, message(1, "one"))

    def work(way: Way) -> None:
        session = ImapSession(way, ACCOUNT, PASSWORD)
        session.select("INBOX")
        assert [one.subject for one in session.summaries(session.uids())] == ["one"]
        session.close()
        assert submit(way, ACCOUNT, PASSWORD, ["bob@far.test"], message(2)) == {}

    assert _run(servers, work) == ["imap.coop.test", "smtp.coop.test"]
    recipients, raw = smtp.messages[-1]
    assert recipients == ["bob@far.test"]
    assert raw == message(2)
    # Neither this computer's name nor this program's is told.
    assert smtp.commands[0].lower() == "ehlo [127.0.0.1]"


def test_stray_connections_would_be_seen(servers: tuple[Dovecot, SmtpServer]) -> None:
    """The watch above is no empty promise."""
    imap, _smtp = servers
    import socket

    def direct(_way: Way) -> None:
        socket.create_connection(("127.0.0.1", imap.plain)).close()

    with pytest.raises(AssertionError, match="connect"):
        _run(servers, direct)


def test_starttls(servers: tuple[Dovecot, SmtpServer]) -> None:
    account = replace(ACCOUNT, imap=Server("imap.coop.test", 143, Security.STARTTLS))

    def work(way: Way) -> None:
        session = ImapSession(way, account, PASSWORD)
        assert isinstance(session._client.wire.sock, ssl.SSLSocket)
        session.close()

    _run(servers, work)


@pytest.mark.parametrize(
    ("account", "password", "cause"),
    [
        (ACCOUNT, "wrong", RefusalCause.PASSWORD),
        (
            replace(ACCOUNT, imap=Server("imap.coop.test", 143, Security.PLAIN)), PASSWORD,
            RefusalCause.NOT_ENCRYPTED,
        ),
    ],
)  # fmt: skip
def test_refusals_have_causes(
    servers: tuple[Dovecot, SmtpServer], account: Account, password: str, cause: RefusalCause
) -> None:
    def work(way: Way) -> None:
        with pytest.raises(RefusedError) as caught:
            ImapSession(way, account, password)
        assert caught.value.cause is cause

    _run(servers, work)


@pytest.mark.parametrize(
    "server",
    [ACCOUNT.imap, Server("imap.coop.test", 143, Security.STARTTLS)],
    ids=lambda server: server.security.name,
)
def test_a_connection_that_was_refused_is_closed(
    servers: tuple[Dovecot, SmtpServer], server: Server
) -> None:
    """At once, not when the error that holds it is forgotten."""

    def work(way: Way) -> None:
        with pytest.raises(RefusedError) as caught:
            ImapSession(way, replace(ACCOUNT, imap=server), "wrong")
        sockets = [one for one in gc.get_objects() if isinstance(one, ssl.SSLSocket)]
        assert caught.value.__traceback__ is not None
        assert sockets
        assert [one.fileno() for one in sockets] == [-1] * len(sockets)

    gc.collect()  # of the tests before
    _run(servers, work)


def test_a_certificate_that_is_not_trusted_gets_no_password(
    servers: tuple[Dovecot, SmtpServer],
) -> None:
    def work(way: Way) -> None:
        strict = Way(way.dial, ssl.create_default_context)
        for attempt in (
            lambda: ImapSession(strict, ACCOUNT, PASSWORD),
            lambda: submit(strict, ACCOUNT, PASSWORD, ["b@far.test"], b""),
        ):
            with pytest.raises(RefusedError) as caught:
                attempt()
            assert caught.value.cause is RefusalCause.CERTIFICATE

    _run(servers, work)


def test_a_name_that_does_not_exist_is_out_of_reach(servers: tuple[Dovecot, SmtpServer]) -> None:
    account = replace(ACCOUNT, imap=Server("none.invalid", 993, Security.TLS))

    def work(way: Way) -> None:
        with pytest.raises(UnreachableError):
            ImapSession(way, account, PASSWORD)

    _run(servers, work)

"""Signing in on a provider's page: a provider of our own, Dovecot asking it about each token."""

from __future__ import annotations

import http.client
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from support.card_server import CardServer, card_server
from support.dovecot import Dovecot, dovecot, message
from support.mail_servers import SmtpServer, smtp_server
from support.mail_way import ACCOUNT, NAMES, Cables
from support.oidc_server import OidcServer, oidc_server
from support.radicale_server import card

from myco_browser.bridge.contacts_clerk import AccountSource
from myco_browser.contacts.carddav import CardDav
from myco_browser.domain.mail import RefusalCause
from myco_browser.domain.oauth import SignInCause, SignInError, Token
from myco_browser.mail.autoconfig import read_config, read_issuer
from myco_browser.mail.errors import RefusedError
from myco_browser.mail.submission import submit
from myco_browser.services.contacts_accounts import ContactsAccount
from myco_browser.services.mail_post import open_session
from myco_browser.services.oauth import Attempt, Grant, begin, discover, read_grant, redeem
from myco_browser.services.oauth_keeper import Secrets
from myco_browser.system.dialled import Way

PHRASE = "correct horse"


@pytest.fixture
def provider() -> Iterator[OidcServer]:
    with oidc_server(ACCOUNT.address) as running:
        yield running


def _beside(way: Way) -> Way:
    """That way, and to loopback directly."""

    def dial(host: str, port: int) -> socket.socket:
        if host == "127.0.0.1":
            return socket.create_connection((host, port), 5)
        return way.dial(host, port)

    return way._replace(dial=dial)


def _loopback() -> Way:
    def nowhere(_host: str, _port: int) -> socket.socket:
        raise OSError("nobody there")

    return _beside(Way(nowhere, lambda: pytest.fail("nothing is encrypted here")))


def _agree(attempt: Attempt) -> str:
    """What a browser does: opens the page, agrees, and is led to an address."""
    page = urlsplit(attempt.page(ACCOUNT.address))
    assert page.port is not None
    connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=10)
    connection.request("GET", f"{page.path}?{page.query}")
    found = re.search('href="([^"]*)"', connection.getresponse().read().decode())
    assert found is not None
    connection.request("GET", found[1])
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.headers["Location"]


def _signed_in(provider: OidcServer, way: Way) -> Grant:
    attempt = begin(way, discover(way, provider.issuer))
    url = _agree(attempt)
    assert url.startswith(f"{attempt.redirect}?")
    return redeem(way, attempt, url)


@pytest.mark.parametrize(
    ("lie", "cause"),
    [
        ("iss", SignInCause.FORGED),
        ("state", SignInCause.FORGED),
        ("nonce", SignInCause.FORGED),
        ("deny", SignInCause.REFUSED),
    ],
)
def test_a_forged_answer_is_not_used(provider: OidcServer, lie: str, cause: SignInCause) -> None:
    provider.lies = lie
    with pytest.raises(SignInError) as error:
        _signed_in(provider, _loopback())
    assert error.value.cause is cause
    # The code was shown to nobody, unless it was the provider's own answer that lied.
    assert provider.asked.count("/token") == (1 if lie == "nonce" else 0)


def test_a_code_of_another_attempt_is_worth_nothing(provider: OidcServer) -> None:
    way = _loopback()
    first, second = (begin(way, discover(way, provider.issuer)) for _turn in range(2))
    stolen = _agree(first).replace(first.state, second.state)
    with pytest.raises(SignInError) as error:
        redeem(way, second, stolen)
    assert error.value.cause is SignInCause.REFUSED
    assert provider.secrets == set()


@pytest.mark.parametrize("text", ["http://coop.test", "coop.test", "https://user@coop.test/", ""])
def test_what_is_no_provider_is_told(text: str) -> None:
    with pytest.raises(SignInError):
        discover(_loopback(), text)


def test_one_sign_in_reads_and_sends_mail_and_outlives_its_tokens(
    provider: OidcServer, tmp_path: Path
) -> None:
    where = f"{provider.issuer}/introspect"
    with (
        dovecot(*NAMES, introspection=where) as imap,
        smtp_server(imap.authority, "-", *NAMES) as smtp,
    ):
        _read_and_send(provider, imap, smtp, tmp_path)


def _read_and_send(provider: OidcServer, imap: Dovecot, smtp: SmtpServer, tmp_path: Path) -> None:
    imap.deliver(ACCOUNT.address, message(1, "one"))
    smtp.tokens = provider.access
    cables = Cables(imap, smtp)
    way = _beside(cables.way())
    secrets = Secrets(tmp_path, way)
    secrets.unlock(PHRASE)
    secrets.put("a", _signed_in(provider, way).text())
    first = secrets.get("a")
    assert isinstance(first, Token)
    session = open_session(way, ACCOUNT, secrets)
    session.select("INBOX")
    assert [one.subject for one in session.summaries(session.uids())] == ["one"]
    session.close()
    assert submit(way, ACCOUNT, secrets.get("a"), ["bob@far.test"], message(2)) == {}
    assert len(smtp.messages) == 1
    # The provider takes the token back before its time: the next one is had without the user.
    provider.access.clear()
    open_session(way, ACCOUNT, secrets).close()
    second = secrets.get("a")
    assert second != first
    # A token that has run out is not even shown.
    kept = read_grant(super(Secrets, secrets).get("a"))
    assert kept is not None
    secrets.put("a", kept._replace(expires=0.0).text())
    assert secrets.get("a") not in (first, second)
    assert provider.asked.count("/token") == 3
    # Nothing of it is readable on the disk.
    for path in tmp_path.rglob("*"):
        raw = path.read_bytes() if path.is_file() else b""
        assert not [one for one in provider.secrets if one.encode() in raw]
    # The user took back what was agreed to: only the user can change that.
    provider.access.clear()
    provider.refresh.clear()
    with pytest.raises(RefusedError) as error:
        open_session(way, ACCOUNT, secrets)
    assert error.value.cause is RefusalCause.NO_PASSWORD
    # Another user's token opens nothing here.
    provider.user = "mallory@coop.test"
    secrets.put("a", _signed_in(provider, way).text())
    with pytest.raises(RefusedError):
        open_session(way, replace(ACCOUNT, login="alice@coop.test"), secrets)
    cables.cut()


def test_the_same_sign_in_opens_the_contacts(provider: OidcServer, tmp_path: Path) -> None:
    way = _loopback()
    secrets = Secrets(tmp_path, way)
    secrets.unlock(PHRASE)
    secrets.put("a", _signed_in(provider, way).text())
    with card_server() as server:
        _read_contacts(provider, server, secrets, way)


def _read_contacts(provider: OidcServer, server: CardServer, secrets: Secrets, way: Way) -> None:
    server.tokens = provider.access
    server.cards = {"/me/book/1.vcf": card(1)}
    home = replace(server.address, rest="/me/")
    account = ContactsAccount("c", "t", home.url, "alice", "teal", "a")
    dav = CardDav(way, home, AccountSource(secrets, account))
    book = dav.books()[0]
    assert list(dav.changes(book, "").etags) == ["/me/book/1.vcf"]
    provider.access.clear()
    assert [one.href for one in dav.cards(book, ["/me/book/1.vcf"])] == ["/me/book/1.vcf"]
    assert provider.asked.count("/token") == 2
    dav.close()


def test_a_domain_says_where_its_users_sign_in() -> None:
    raw = (
        b"<clientConfig><emailProvider><incomingServer type='imap'><hostname>i.coop.test</hostname>"
        b"<port>993</port><socketType>SSL</socketType><authentication>OAuth2</authentication>"
        b"</incomingServer><outgoingServer type='smtp'><hostname>s.coop.test</hostname>"
        b"<port>465</port><socketType>SSL</socketType><authentication>OAuth2</authentication>"
        b"</outgoingServer></emailProvider><oAuth2><issuer>https://id.coop.test</issuer></oAuth2>"
        b"</clientConfig>"
    )
    assert read_issuer(raw) == "https://id.coop.test"
    assert read_config(raw, ACCOUNT.address) == ()
    assert [one.imap.host for one in read_config(raw, ACCOUNT.address, token=True)] == [
        "i.coop.test"
    ]
    assert read_issuer(b"<!DOCTYPE x><x/>") == ""


def test_nothing_secret_is_shown_by_accident(provider: OidcServer) -> None:
    grant = _signed_in(provider, _loopback())
    assert repr(grant) == "Grant(…)"
    assert read_grant(grant.text()) == grant
    assert read_grant("a password") is None

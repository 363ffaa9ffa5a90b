"""Mail in the sidebar: a real browser, its door, a real Dovecot with TLS; judged at the servers."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from support.browser_rig import BrowserRig, LedSession
from support.dovecot import PASSWORD, message
from support.leak_vectors import vectors
from support.mail_rig import PANEL, MailRig, add_account, mail_rig, open_mail
from support.site import Site

_BOX = f"{PANEL}.box"
_LETTER = f"{PANEL}.letter"


@pytest.fixture
def mail() -> Iterator[MailRig]:
    """Mail servers for one account."""
    with mail_rig() as made:
        yield made


def _first_paint(session: LedSession) -> None:
    session.wait_for("tab is not None and tab.awake and not tab.loading")


def test_an_account_is_added_and_its_mail_read(rig: BrowserRig, mail: MailRig) -> None:
    mail.deliver(message(1), message(2, "Grüße aus Köln", "See https://far.test/x\r\n> quoted\r\n"))
    session = mail.start(rig)
    _first_paint(session)
    # Nothing of mail is loaded before it is wanted.
    loaded = session.value("[m for m in __import__('sys').modules if 'imap' in m or 'nh3' in m]")
    assert loaded == []
    add_account(session)
    session.wait_for(f"len({_BOX}.model._known) == 2")
    session.wait_for("window.body.side.button('mail').count == 2")
    session.do(f"{_BOX}.open_row({_BOX}.model.index(0))")
    session.wait_for(f"{_LETTER} is not None and {_LETTER}.letter is not None")
    assert session.value(f"{_LETTER}._subject.text()") == "Grüße aus Köln"
    session.wait_for(f"{_LETTER}.page.url().scheme() == 'myco-letter'")
    session.wait_for("window.body.side.button('mail').count == 1")
    # All of it went through the door, under a word of its own.
    rows = session.value("[[r.client, r.host] for r in session._context.door.counters()]")
    assert ["mail", "imap.coop.test"] in rows
    assert ["mail", "smtp.coop.test"] in rows
    # The password is in no file.
    for path in rig.profile.rglob("*"):
        if path.is_file():
            assert PASSWORD.encode() not in path.read_bytes(), path


def test_the_sidebar_keeps_its_shape_and_can_be_hidden(rig: BrowserRig, mail: MailRig) -> None:
    session = mail.start(rig)
    _first_paint(session)
    assert session.value("window.body.side.width()") == 44
    open_mail(session)
    session.do("window.body.side._resize(999, True)")
    session.wait_for("window.body.side.width() == 44 + 480")
    session.do("window.body.side._resize(1, True)")
    session.wait_for("window.body.side.width() == 44 + 320")
    session.do(
        "from myco_browser.domain.mail_settings import SIDEBAR\n"
        "from myco_browser.domain.settings_snapshot import Change\n"
        "session._settings.change(Change(SIDEBAR, False))"
    )
    session.wait_for("window.body.side is None")
    # The key opens mail all the same.
    session.do("window.side_wanted.emit('mail')")
    session.wait_for("window.body.side is not None and window.body.side.open_name == 'mail'")


def _html_mail(html: str, subject: str = "Offers", sender: str = "shop@far.test") -> bytes:
    head = (
        f"From: Shop <{sender}>\r\nTo: alice@coop.test\r\nSubject: {subject}\r\n"
        "Message-ID: <leaks@far.test>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + base64.encodebytes(html.encode())


def _open_first(session: LedSession) -> None:
    session.wait_for(f"len({_BOX}.model._known) >= 1")
    session.do(f"{_BOX}.open_row({_BOX}.model.index(0))")
    session.wait_for(f"{_LETTER} is not None and {_LETTER}.letter is not None")
    # A page of ours that comes after it has been painted: what the letter wanted, it has asked.
    session.do(
        "session.loads = []\n"
        f"page = {_LETTER}.page\n"
        "page.loadFinished.connect(lambda ok: session.loads.append(ok))\n"
        "page.show_letter(page._engine.letters[page._key])"
    )
    session.wait_for("session.loads")


def _asked(session: LedSession, host: str) -> list[str]:
    rows = session.value("[r.host for r in session._context.door.counters()]")
    return [one for one in rows if one.endswith(host)]


def test_a_letter_asks_nobody(rig: BrowserRig, mail: MailRig, site: Site) -> None:
    every = vectors("leak.test")
    assert len(every) >= 150
    mail.deliver(_html_mail("\n".join(every)))
    session = mail.start(rig, more_hosts=site.host_map("*.leak.test", "*.example"))
    _first_paint(session)
    add_account(session)
    _open_first(session)
    assert session.value(f"{_LETTER}._pictures.text")
    # Not a request, not a name looked up, not a connection: all of them would be at the door.
    assert _asked(session, "leak.test") == []
    assert site.arrived == []
    # Without the first layer the others still let no request out; two hints to the network are
    # connections without a request, which the first layer alone can stop.
    hinted = [v for v in every if "preconnect" not in v and "dns-prefetch" not in v]
    session.do(
        "from myco_browser.web.mail_view import ShownLetter, document\n"
        "session.loads.clear()\n"
        f"html = document('\\n'.join({hinted!r}), '', remote=False)\n"
        f"{_LETTER}.page.show_letter(ShownLetter(html, (), False))"
    )
    session.wait_for("session.loads")
    assert _asked(session, "leak.test") == []
    # The same in a tab does ask: the test can see what leaks.
    site.page("page.example/", "\n".join(every[:60]))
    session.open("http://page.example/")
    session.wait_for("any(r.host.endswith('.leak.test') for r in session._context.door.counters())")

"""Mail in the sidebar: a real browser, its door, a real Dovecot with TLS; judged at the servers."""

from __future__ import annotations

import base64
import datetime
import email
from collections.abc import Iterator
from email import policy
from email.utils import parsedate_to_datetime

import pytest
from support.browser_rig import BrowserRig, LedSession
from support.dovecot import PASSWORD, message
from support.launcher_rig import wait_until
from support.leak_vectors import vectors
from support.mail_rig import PANEL, PHRASE, USER, MailRig, add_account, mail_rig, open_mail
from support.mail_way import ACCOUNT, Cables
from support.site import Site
from support.trusted_site import serve_trusted

from myco_browser.mail.imap import ImapSession
from myco_browser.services.own_filters import OWN_FILE

_BOX = f"{PANEL}.box"
_LETTER = f"{PANEL}.letter"


@pytest.fixture
def mail() -> Iterator[MailRig]:
    """Mail servers for one account."""
    with mail_rig() as made:
        yield made


# The hand of somebody who sits before it.
_HAND = """
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
session.clicks = 0
def click(widget, rect):
    assert widget.isVisible() and widget.isEnabled()
    session.clicks += 1
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=rect.center())
session.click = click
def type_in(field, text):
    assert field.isVisible() and field.isEnabled()
    field.setFocus()
    field.insert(text)
session.type = type_in
"""


def _click(session: LedSession, widget: str, rect: str = "") -> None:
    session.do(f"session.click({widget}, {rect or f'{widget}.rect()'})")


def _subjects(mail: MailRig, path: str) -> list[str]:
    """What the server has in a folder."""
    cables = Cables(mail.dovecot)
    imap = ImapSession(cables.way(), ACCOUNT, PASSWORD)
    imap.select(path)
    found = [one.subject for one in imap.summaries(imap.uids())]
    imap.close()
    cables.cut()
    return found


def _first_paint(session: LedSession) -> None:
    session.wait_for("tab is not None and tab.awake and not tab.loading")


def test_an_account_is_added_and_its_mail_read(rig: BrowserRig, mail: MailRig) -> None:
    mail.deliver(message(1), message(2, "Grüße aus Köln", "See https://far.test/x\r\n> quoted\r\n"))
    session = mail.start(rig)
    _first_paint(session)
    # Nothing of mail is loaded before it is wanted.
    loaded = session.value("[m for m in __import__('sys').modules if 'imap' in m or 'nh3' in m]")
    assert loaded == []
    session.do(_HAND)
    _click(session, "window.body.side.button('mail')")
    page = f"{PANEL}.pages.currentWidget()"
    session.wait_for(f"type({page}).__name__ == 'Assistant' and {page}._phrase_note.text()")
    for field, text in (("address", USER), ("password", PASSWORD), ("passphrase", PHRASE)):
        session.do(f"session.type({page}.{field}, {text!r})")
    _click(session, f"{page}.button")
    session.wait_for(f"type({page}).__name__ == 'Mailbox' or {page}.report.problem.text()")
    session.wait_for(f"len({_BOX}.model._known) == 2")
    session.wait_for("window.body.side.button('mail').count == 2")
    _click(session, f"{_BOX}.list.viewport()", f"{_BOX}.list.visualRect({_BOX}.model.index(0))")
    session.wait_for(f"{_LETTER} is not None and {_LETTER}.letter is not None")
    # Four at most are promised.
    assert session.value("session.clicks") == 3
    assert session.value(f"{_LETTER}._subject.text()") == "Grüße aus Köln"
    session.wait_for(f"{_LETTER}.page.url().scheme() == 'myco-letter'")
    session.wait_for("window.body.side.button('mail').count == 1")
    # A file that came with it is dragged out as a file, and what could be a program is not.
    session.do(
        "from myco_browser.ui.sidebar import letter_files\n"
        "session.refused = []\n"
        "letter_files.QMessageBox.warning = lambda *words: session.refused.append(words[-1])\n"
        f"session.may_run = [letter_files._may_run({_LETTER}, n) for n in ('a.PDF.exe', 'a.pdf')]"
    )
    assert session.value("[session.may_run, len(session.refused)]") == [[True, False], 1]
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


def test_an_answer_is_written_taken_back_and_sent(rig: BrowserRig, mail: MailRig) -> None:
    mail.deliver(message(1, "Question", "Will you come?\r\n", "Ada <ada@far.test>"))
    rig.environ["TZ"] = "Asia/Tokyo"
    session = mail.start(rig)
    _first_paint(session)
    add_account(session)
    session.do(
        f"{PANEL}.show_settings({_BOX}.account_id)\n"
        f"page = {PANEL}.pages.currentWidget()\n"
        "page._signature.setPlainText('Alice, of the coop')\npage._keep()"
    )
    session.wait_for(f"type({PANEL}.pages.currentWidget()).__name__ == 'Mailbox'")
    _open_first(session)
    session.do(f"{_LETTER}.act_wanted.emit('reply')")
    desk = "session._mail._desk"
    session.wait_for(f"len({desk}.write.windows) == 1")
    window = f"{desk}.write.windows[0]"
    assert session.value(f"[{window}.to.text(), {window}.subject.text()]") == [
        "Ada <ada@far.test>", "Re: Question",
    ]  # fmt: skip
    session.do(f"{window}.editor.insertPlainText('Yes!')")
    # What is written is kept on the server while it is written.
    session.do(f"{window}.save()")
    session.do(f"{window}.send()")
    session.wait_for(f"len({window}.bar._outgoing) == 16")
    session.do(f"{window}.bar.take_back()")
    session.wait_for(f"not {window}.bar.is_busy and {window}.editor.isEnabled()")
    assert mail.smtp.messages == []
    session.do(f"{window}.send()")
    session.wait_for(f"len({window}.bar._outgoing) == 16")
    session.do(f"{window}.bar.send_now()")
    assert mail.smtp.arrived.wait(30)
    session.wait_for(f"len({desk}.write.windows) == 0")
    recipients, raw = mail.smtp.messages[0]
    assert recipients == ["ada@far.test"]
    assert b"Subject: Re: Question" in raw
    assert b"In-Reply-To: <1@far.test>" in raw
    assert b"Yes!" in raw
    assert b"> Will you come?" in raw
    arrived = email.message_from_bytes(raw, policy=policy.default)
    body = arrived.get_body(("plain",))
    assert body is not None
    assert "\n-- \nAlice, of the coop" in body.get_content().replace("\r\n", "\n")
    # The quotation does not tell our clock: there it was 18:00.
    assert "\nOn 11/2/26, Ada wrote:\n" in body.get_content().replace("\r\n", "\n")
    # When it was sent, but not where on earth; and not by what.
    when = parsedate_to_datetime(arrived["Date"])
    assert when.utcoffset() == datetime.timedelta(0)
    assert arrived["Date"].endswith("+0000")
    assert not {name.lower() for name in arrived} & {"user-agent", "x-mailer"}
    session.wait_for(f"{desk}.mail.out.letters == ()")
    # One copy among the sent ones, and the draft is gone.
    session.do(f"{PANEL}.show_list()")
    session.do(f"{_BOX}.show_folder({_BOX}.account_id, 'Sent')")
    session.wait_for(f"len({_BOX}.model.uids) == 1")
    session.do(f"{_BOX}.show_folder({_BOX}.account_id, 'Drafts')")
    session.wait_for(f"{_BOX}._empty.isVisible()")
    # What cannot leave yet is seen to wait, and leaves when it is told to.
    mail.smtp.arrived.clear()
    mail.smtp.cut_at.append("EHLO")
    session.do(f"{desk}.write.new({_BOX}.account_id)")
    session.do(
        f"{window}.to.setText('bob@far.test')\n{window}.subject.setText('Later')\n"
        f"{window}.editor.insertPlainText('Soon')\n{window}.send()"
    )
    session.wait_for(f"len({window}.bar._outgoing) == 16")
    session.do(f"{window}.bar.send_now()")
    session.wait_for(f"[one.tries for one in {desk}.mail.out.letters] == [1]")
    session.do(f"{PANEL}.show_outbox()")
    row = f"{PANEL}.pages.currentWidget()._rows.itemAt(0).widget()"
    said = session.value(f"{row}.text").split("\n")
    assert said[:2] == ["Later", "bob@far.test"]
    assert said[2].startswith("The server could not be reached. Next attempt:")
    assert len(mail.smtp.messages) == 1
    session.do(
        "from PyQt6.QtWidgets import QPushButton\n"
        f"buttons = {{one.text(): one for one in {row}.findChildren(QPushButton)}}\n"
        "buttons['Send now'].click()"
    )
    assert mail.smtp.arrived.wait(30)
    assert mail.smtp.messages[1][0] == ["bob@far.test"]


def _answer(number: int, to: int) -> bytes:
    return message(number, "Re: Plan").replace(
        b"\r\n\r\n", f"\r\nIn-Reply-To: <{to}@far.test>\r\n\r\n".encode(), 1
    )


def test_a_conversation_is_one_row_and_answered_in_a_few_words(
    rig: BrowserRig, mail: MailRig
) -> None:
    mail.deliver(message(1, "Plan"), message(5, "Other"), _answer(2, 1), _answer(3, 2))
    session = mail.start(rig)
    _first_paint(session)
    add_account(session)
    session.wait_for(f"len({_BOX}.model._known) == 4")
    # Two rows: the conversation, named by its newest message, and the other one.
    assert session.value(f"list({_BOX}.model.uids)") == [4, 2]
    assert session.value(f"{_BOX}.model.members(4)") == [1, 3, 4]
    session.do(f"{_BOX}.open_row({_BOX}.model.index(0))")
    # The oldest that was not read; the others are one click away.
    session.wait_for(f"{_LETTER} is not None and {_LETTER}.letter is not None")
    assert session.value(f"{_LETTER}.letter.message_id") == "<1@far.test>"
    session.wait_for(f"list({_LETTER}.strip.buttons) == [1, 3, 4]")
    session.do(f"{_LETTER}.strip.buttons[4].click()")
    session.wait_for(f"{_LETTER}.letter.message_id == '<3@far.test>'")
    session.wait_for(f"{_LETTER}.quick.isVisible()")
    session.do(
        f"quick = {_LETTER}.quick\nquick._open()\n"
        "quick.field.setPlainText('Good idea')\nquick.send()"
    )
    session.wait_for(
        f"{_LETTER}.quick.bar is not None and len({_LETTER}.quick.bar._outgoing) == 16"
    )
    session.do(f"{_LETTER}.quick.bar.send_now()")
    assert mail.smtp.arrived.wait(30)
    recipients, raw = mail.smtp.messages[0]
    assert recipients == ["ada@far.test"]
    assert b"In-Reply-To: <3@far.test>" in raw
    assert b"Good idea" in raw
    assert b"> Hello" in raw
    # Switched off, each message has a row of its own; a row that goes takes all its messages along.
    session.do(f"{PANEL}.show_list()")
    session.do(f"{_BOX}.list.setCurrentIndex({_BOX}.model.index(0))")
    assert session.value(f"sorted({_BOX}.selected())") == [1, 3, 4]
    session.do(
        "from myco_browser.domain.mail_settings import MAIL_CONVERSATIONS\n"
        "from myco_browser.domain.settings_snapshot import Change\n"
        "session._settings.change(Change(MAIL_CONVERSATIONS, False))"
    )
    session.wait_for(f"list({_BOX}.model.uids) == [4, 3, 2, 1]")


def test_messages_are_moved_and_moving_is_undone(rig: BrowserRig, mail: MailRig) -> None:
    mail.deliver(*(message(number) for number in range(3)))
    session = mail.start(rig)
    _first_paint(session)
    add_account(session)
    session.wait_for(f"len({_BOX}.model._known) == 3")
    session.do(
        "from myco_browser.domain.mail import Role\n"
        f"{_BOX}.move_to([{_BOX}.model.uids[0]], Role.TRASH)"
    )
    assert session.value(f"len({_BOX}.model.uids)") == 2
    session.do(f"{_BOX}.toast._on_undo()")
    assert session.value(f"len({_BOX}.model.uids)") == 3
    session.do(
        "from myco_browser.domain.mail import Role\n"
        f"{_BOX}.move_to([{_BOX}.model.uids[0]], Role.TRASH)\n"
        f"{_BOX}.toast.flush()\n"
        f"{_BOX}.show_folder({_BOX}.account_id, 'Trash')"
    )
    session.wait_for(f"len({_BOX}.model._known) == 1")
    assert session.value(f"{_BOX}.model.summary({_BOX}.model.uids[0]).subject") == "Message 2"
    # Spam goes where the server learns from it.
    session.do(f"{_BOX}.show_folder({_BOX}.account_id, 'INBOX')")
    session.wait_for(f"len({_BOX}.model._known) == 2")
    session.do(f"{_BOX}.open_row({_BOX}.model.index(0))")
    session.wait_for(f"{_LETTER} is not None and {_LETTER}.letter is not None")
    session.do(f"from PyQt6.QtCore import QPoint\n{_LETTER}._show_menu(QPoint(300, 300))")
    menu = "session._application.activePopupWidget()"
    session.wait_for(f"{menu} is not None")
    session.do(
        f"menu = {menu}\n"
        "[one for one in menu.actions() if one.text() == 'Move to spam'][0].trigger()\n"
        f"menu.close()\n{_BOX}.toast.flush()"
    )
    assert wait_until(lambda: _subjects(mail, "Junk") == ["Message 1"])
    assert _subjects(mail, "Junk") == ["Message 1"]
    assert _subjects(mail, "INBOX") == ["Message 0"]


def test_new_mail_is_told_in_the_window_where_the_desktop_is_silent(
    rig: BrowserRig, mail: MailRig
) -> None:
    session = mail.start(rig)
    _first_paint(session)
    add_account(session)
    session.do("window.body.side.show_part('')")
    notifier = "session._mail._desk.notifier"
    account = "session._mail.mail().accounts[0].account_id"
    session.wait_for(f"type(session._mail.mail().state({account})).__name__ == 'Watching'")
    mail.deliver(message(7, "Secret"))
    session.wait_for(f"{notifier}.told == 1")
    session.wait_for("session._mail._desk._bar is not None")
    # Without the user's leave neither sender nor subject is shown.
    assert "Secret" not in session.value("session._mail._desk._bar.accessibleName()")
    session.do(f"{notifier}._on_clicked({account} + chr(10) + 'INBOX')")
    session.wait_for(f"{_LETTER} is not None and {_LETTER}.letter is not None")
    assert session.value(f"{_LETTER}.letter.subject") == "Secret"


def test_pictures_come_when_they_are_allowed_and_trackers_never(
    rig: BrowserRig, mail: MailRig
) -> None:
    html = (
        '<p>Look</p><img src="https://pictures.test/cat.png" width="40">'
        '<img src="https://tracker.test/pixel.gif?id=1" width="1">'
        '<p><a href="https://evil.test/login">www.bank.test</a></p>'
    )
    wide = f'<table><tr><td><table width="700"><tr><td>{html}</td></tr></table></td></tr></table>'
    mail.deliver(_html_mail(wide))
    rig.profile.mkdir(mode=0o700)
    (rig.profile / OWN_FILE).write_text("||tracker.test^\n")
    with serve_trusted(rig.folder / "home", "pictures.test", "tracker.test") as site:
        session = mail.start(
            rig, more_hosts=site.host_map("pictures.test", "tracker.test", "evil.test")
        )
        _first_paint(session)
        add_account(session)
        _open_first(session)
        session.wait_for("session._context.policy.snapshot.engine.lists")
        said = session.value(f"{_LETTER}._pictures.text")
        # Wider than the sidebar, it is made smaller.
        session.wait_for(f"0.4 < {_LETTER}._view.zoomFactor() < 0.9")
        assert "2" in said
        assert "tracker.test" in said
        assert site.arrived == []
        session.do(f"session.loads.clear(); {_LETTER}.pictures_wanted.emit(True)")
        session.wait_for("session.loads")
        assert wait_until(lambda: site.arrived == ["pictures.test/cat.png"])
        headers = {name.lower() for name in site.headers[0]}
        assert not headers & {"referer", "cookie"}
        assert "tracker.test" in session.value(f"{_LETTER}._pictures.text")
        # Allowed for good: the next letter of that sender has its pictures at once.
        mail.deliver(_html_mail(html.replace("cat.png", "dog.png"), "More offers"))
        session.do(f"{PANEL}.show_list()")
        session.wait_for(f"{_BOX}.model.rowCount() == 2")
        session.do(f"{_BOX}.open_row({_BOX}.model.index(0))")
        assert wait_until(lambda: "pictures.test/dog.png" in site.arrived)
        session.wait_for(f"{_LETTER}._view.zoomFactor() == 1")
        assert not any("tracker" in one for one in site.arrived)
        # A link whose text names another site asks first.
        session.do(
            f"from PyQt6.QtCore import QUrl\n{_LETTER}._on_link(QUrl('https://evil.test/login'))"
        )
        assert "evil.test" in session.value(f"{_LETTER}._doubt.text")
        # So does one whose letters only look like those of a site that people know.
        session.do(
            f"from PyQt6.QtCore import QUrl\n{_LETTER}._on_link(QUrl('https://раypal.test/login'))"
        )
        assert session.value(f"{_LETTER}._doubt.text").startswith("xn--ypal-43d9g.test is written")
        assert session.value("len(window.tabs)") == 1


def test_passwords_stay_locked_until_the_passphrase_is_typed(
    rig: BrowserRig, mail: MailRig
) -> None:
    mail.deliver(message(1))
    session = mail.start(rig)
    _first_paint(session)
    add_account(session)
    session.wait_for(f"len({_BOX}.model._known) == 1")
    session.do("window.close()")
    rig.started[0].wait(30)
    session = mail.start(rig)
    _first_paint(session)
    # The panel was open, so it opens again; the list is there before the server is.
    session.wait_for(f"{PANEL} is not None and {_BOX} is not None")
    session.wait_for(f"len({_BOX}.model._known) == 1")
    session.wait_for(f"{_BOX}.banner.secret.isVisible()")
    # An account that goes now leaves its password in the locked file, and that is said.
    session.do("window.told = []\nwindow.tell = lambda sign, text: window.told.append(text)")
    session.do("session._mail.mail().remove('nobody')")
    session.wait_for("window.told and 'could not be deleted' in window.told[0]")
    session.do(f"{_BOX}.banner.secret.setText('wrong'); {_BOX}.banner.button.click()")
    session.wait_for(f"'passphrase' in {_BOX}.banner.banner.text")
    session.do(f"{_BOX}.banner.secret.setText({PHRASE!r}); {_BOX}.banner.button.click()")
    session.wait_for(f"not {_BOX}.banner.isVisible()")
    mail.deliver(message(2))
    session.wait_for(f"len({_BOX}.model._known) == 2")

"""The pure parts of mail: notices, folders, providers, what domains say, what is written."""

from __future__ import annotations

import email
from email import policy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myco_browser.domain.mail import (
    Account,
    Authenticity,
    Draft,
    Letter,
    Person,
    Role,
    Security,
    Server,
    Summary,
)
from myco_browser.domain.mail_notices import Nothing, OneLetter, SomeLetters, is_quiet, news_of
from myco_browser.domain.mail_settings import (
    MAIL_NOTICES,
    MAIL_PREVIEWS,
    QUIET,
    QUIET_FROM,
    QUIET_TO,
)
from myco_browser.domain.settings_snapshot import Change, Settings, apply_changes
from myco_browser.mail.authenticity import judge
from myco_browser.mail.autoconfig import read_config
from myco_browser.mail.folders import folders_of
from myco_browser.mail.headers import parse_header
from myco_browser.mail.plain_text import from_html, to_html
from myco_browser.mail.presets import guesses, preset, provider_of
from myco_browser.mail.safe_html import deceiving_links, make_safe
from myco_browser.mail.writing import (
    build,
    envelope_of,
    is_address,
    new_message_id,
    parse_people,
    people_text,
    reply_to,
    room_for_files,
)

_ACCOUNT = Account(
    "a", "alice@coop.test", "alice@coop.test", Server("i", 993, Security.TLS),
    Server("s", 465, Security.TLS), "Alice",
)  # fmt: skip


def _summary(uid: int, sender: str = "Ada", *, seen: bool = False) -> Summary:
    flags = frozenset({"\\Seen"}) if seen else frozenset()
    return Summary(uid, flags, 0, Person(sender, "x@y.z"), (), f"Subject {uid}", 1)


def _settings(*changes: Change[Any]) -> Settings:
    found = apply_changes(Settings(), changes, "")
    assert isinstance(found, Settings)
    return found


# Notices


def test_sender_and_subject_are_told_only_if_they_may() -> None:
    new = [_summary(7)]
    told = news_of(_ACCOUNT, new, _settings(), 12, is_on_screen=False)
    assert told == OneLetter(7, "", "")
    told = news_of(_ACCOUNT, new, _settings(Change(MAIL_PREVIEWS, True)), 12, is_on_screen=False)
    assert told == OneLetter(7, "Ada", "Subject 7")


def test_many_are_one_notice_with_a_count() -> None:
    new = [_summary(number, f"S{number % 6}") for number in range(1000)]
    told = news_of(_ACCOUNT, new, _settings(), 12, is_on_screen=False)
    assert told == SomeLetters(1000, ())
    told = news_of(_ACCOUNT, new, _settings(Change(MAIL_PREVIEWS, True)), 12, is_on_screen=False)
    assert isinstance(told, SomeLetters)
    assert len(told.senders) == 4


@pytest.mark.parametrize(
    ("new", "changes", "on_screen"),
    [
        ([_summary(1, seen=True)], (), False),
        ([_summary(1)], (), True),
        ([_summary(1)], (Change(MAIL_NOTICES, False),), False),
        ([_summary(1)], (Change(QUIET, True), Change(QUIET_FROM, 11), Change(QUIET_TO, 13)), False),
        ([], (), False),
    ],
)
def test_nothing_is_told(
    new: list[Summary], changes: tuple[Change[Any], ...], on_screen: bool
) -> None:
    told = news_of(_ACCOUNT, new, _settings(*changes), 12, is_on_screen=on_screen)
    assert told == Nothing()


@given(st.integers(0, 23), st.integers(0, 23))
def test_quiet_hours_are_as_many_as_was_said(begin: int, end: int) -> None:
    settings = _settings(Change(QUIET, True), Change(QUIET_FROM, begin), Change(QUIET_TO, end))
    quiet = [hour for hour in range(24) if is_quiet(settings, hour)]
    assert len(quiet) == (end - begin) % 24
    assert (begin in quiet) is (begin != end)


# Folders


def test_roles_come_from_the_server_then_from_names() -> None:
    found = folders_of(
        [
            ((b"\\HasNoChildren",), b"/", "Brouillons"),
            ((b"\\Sent",), b"/", "Gesendet"),
            ((), b"/", "Sent"),
            ((b"\\Noselect",), b"/", "Team"),
            ((), b".", "INBOX"),
            ((), b".", "INBOX.Corbeille"),
            ((), b"/", "Sub/Trash"),
        ]
    )
    roles = {one.path: one.role for one in found}
    assert roles == {
        "INBOX": Role.INBOX, "Brouillons": Role.DRAFTS, "Gesendet": Role.SENT, "Sent": Role.OTHER,
        "Team": Role.OTHER, "INBOX.Corbeille": Role.TRASH, "Sub/Trash": Role.OTHER,
    }  # fmt: skip
    assert found[0].role is Role.INBOX
    assert [one.path for one in found if not one.selectable] == ["Team"]


# Where the servers are


def test_mailo_is_known_without_asking() -> None:
    found = preset("me@Mailo.com")
    assert found is not None
    assert found.imap == Server("mail.mailo.com", 993, Security.TLS)
    assert found.smtp == Server("mail.mailo.com", 465, Security.TLS)
    assert preset("me@unknown.test") is None


@pytest.mark.parametrize("domain", ["orange.fr", "free.fr", "skynet.be", "bluewin.ch", "gmail.com"])
def test_usual_providers_are_known(domain: str) -> None:
    assert provider_of(f"me@{domain}") is not None


def test_guesses_are_never_in_the_clear() -> None:
    for one in guesses("me@far.test"):
        assert one.imap.security is not Security.PLAIN
        assert one.smtp.security is not Security.PLAIN


_CONFIG = b"""<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="far.test">
<incomingServer type="pop3"><hostname>pop.far.test</hostname><port>995</port>
<socketType>SSL</socketType></incomingServer>
<incomingServer type="imap"><hostname>plain.far.test</hostname><port>143</port>
<socketType>plain</socketType></incomingServer>
<incomingServer type="imap"><hostname>imap.%EMAILDOMAIN%</hostname><port>993</port>
<socketType>SSL</socketType><username>%EMAILLOCALPART%</username>
<authentication>password-cleartext</authentication></incomingServer>
<outgoingServer type="smtp"><hostname>smtp.far.test</hostname><port>587</port>
<socketType>STARTTLS</socketType></outgoingServer></emailProvider></clientConfig>"""


def test_what_a_domain_says_is_read_but_never_without_encryption() -> None:
    (found,) = read_config(_CONFIG, "me@far.test")
    assert found.imap == Server("imap.far.test", 993, Security.TLS)
    assert found.smtp == Server("smtp.far.test", 587, Security.STARTTLS)
    assert found.login == "me"


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"<", b"<a/>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"x" * 300_000,
        b"<a>" * 50_000, _CONFIG.replace(b"993", b"99999999"), b"\xff\xfe<\x00a\x00",
    ],
)  # fmt: skip
def test_nonsense_of_a_domain_is_nothing(raw: bytes) -> None:
    assert all(one.imap.port < 100_000 for one in read_config(raw, "me@far.test"))


@given(st.binary(max_size=400))
def test_any_bytes_of_a_domain_are_harmless(raw: bytes) -> None:
    read_config(raw, "me@far.test")


# Writing


def test_a_message_says_no_more_than_it_must() -> None:
    draft = Draft(
        "a", (Person("Bob Müller", "bob@far.test"),), bcc=(Person("", "eve@far.test"),),
        subject="Grüße\r\nBcc: mallory@far.test", text="Hallo",
    )  # fmt: skip
    raw = build(draft, _ACCOUNT, new_message_id(_ACCOUNT), 1_795_000_000)
    message = email.message_from_bytes(raw, policy=policy.default)
    assert message["Bcc"] is None
    assert message["Subject"] == "Grüße Bcc: mallory@far.test"
    assert message["To"].addresses[0].display_name == "Bob Müller"
    assert str(message["Date"]).endswith("+0000")
    assert message["Message-ID"].endswith("@coop.test>")
    assert envelope_of(draft) == ("bob@far.test", "eve@far.test")
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
        "Content-Transfer-Encoding",
    }  # fmt: skip


@given(st.text(max_size=60), st.text(max_size=40))
def test_no_text_breaks_out_of_its_field(subject: str, name: str) -> None:
    draft = Draft("a", (Person(name, "bob@far.test"),), subject=subject, text="x")
    try:
        raw = build(draft, _ACCOUNT, "<1@coop.test>", 0.0)
    except ValueError:
        return
    head = email.message_from_bytes(raw, policy=policy.default)
    assert {key.lower() for key in head} <= {
        "from", "to", "subject", "date", "message-id", "mime-version", "content-type",
        "content-transfer-encoding",
    }  # fmt: skip
    assert [a.addr_spec for a in head["To"].addresses] == ["bob@far.test"]


@pytest.mark.parametrize(
    ("text", "good"),
    [("a@b.fr", True), ("a@localhost", True), ("a@b", False), ("a", False), ("a@b.fr\n", False),
     ("a b@c.fr", False), ("<a@b.fr>", False), ("@b.fr", False)],
)  # fmt: skip
def test_addresses(text: str, good: bool) -> None:
    assert is_address(text) is good


def test_people_are_read_as_they_are_shown() -> None:
    people = (Person("Doe, Jane", "jane@far.test"), Person("", "bob@far.test"),
              Person("Élise", "e@far.test"), Person('Ann "A." O\\', "a@far.test"))  # fmt: skip
    text = people_text(people)
    assert parse_people(text) == people
    # Quotes only where a name needs them.
    assert "Élise <e@far.test>" in text
    assert text.startswith('"Doe, Jane" <jane@far.test>, bob@far.test')


def test_an_answer_goes_to_those_who_are_meant() -> None:
    letter = Letter(
        1, Person("Ada", "ada@far.test"), (Person("", "alice@coop.test"), Person("", "bob@x.y")),
        (Person("", "carol@x.y"),), (), "Re: Plan", 0, "<2@x>", ("<1@x>",), "Hi\n> old", "", (),
        (), (), Authenticity.UNKNOWN,
    )  # fmt: skip
    alone = reply_to(letter, _ACCOUNT, everybody=False, words="Ada wrote:")
    assert (alone.to, alone.cc, alone.subject) == ((letter.sender,), (), "Re: Plan")
    assert alone.references == ("<1@x>", "<2@x>")
    assert "> Hi\n>> old" in alone.text
    everybody = reply_to(letter, _ACCOUNT, everybody=True, words="Ada wrote:")
    assert [one.address for one in everybody.cc] == ["bob@x.y", "carol@x.y"]


# Reading


@pytest.mark.parametrize(
    ("field", "verdict"),
    [
        ("imap.coop.test; dmarc=pass header.from=x.y", Authenticity.CONFIRMED),
        ("mx.coop.test 1; spf=fail (dmarc=pass); dmarc=fail", Authenticity.FAILED),
        ("evil.test; dmarc=pass", Authenticity.UNKNOWN),
        ("coop.test; spf=pass; dkim=pass", Authenticity.UNKNOWN),
        ("", Authenticity.UNKNOWN),
    ],
)
def test_only_the_own_server_is_believed(field: str, verdict: Authenticity) -> None:
    raw = f"Authentication-Results: {field}\r\nAuthentication-Results: coop.test; dmarc=pass\r\n"
    header = parse_header(raw.encode() if field else b"From: x@y\r\n")
    assert judge(header, ("imap.coop.test", "coop.test")) is verdict


def test_quotations_are_folded_and_links_are_links() -> None:
    text = "Hi <b>\nsee https://far.test/a?b=1&c=2.\n" + "> old\n" * 6
    html = to_html(text, "{count} lines")
    assert "&lt;b&gt;" in html
    assert '<a href="https://far.test/a?b=1&amp;c=2">' in html
    assert "<summary>6 lines</summary>" in html
    assert from_html("<style>x{}</style><p>One<br>two&nbsp;&amp; three</p>") == "One\ntwo & three"


def test_pictures_within_and_from_elsewhere() -> None:
    html = '<img src="cid:a%40b"><img src="cid:none"><img src="http://far.test/x.png">'
    kept = make_safe(html, {"a@b": 3}, remote=False)
    assert 'src="picture/3"' in kept.html
    assert "far.test" not in kept.html
    assert kept.remote == ["http://far.test/x.png"]
    assert "http://far.test/x.png" in make_safe(html, {}, remote=True).html


def test_links_that_say_something_else_are_found() -> None:
    html = (
        '<a href="https://evil.test/x">www.bank.test</a><a href="https://www.bank.test/y">bank.test'
        '</a><a href="https://evil.test/z">click here</a><a href="mailto:a@b.c">bank.test</a>'
    )
    assert deceiving_links(html) == {"https://evil.test/x": "www.bank.test"}


def test_files_have_the_room_that_is_left_after_encoding() -> None:
    for largest in (10_000_000, 30_000_000):
        room = room_for_files(largest)
        file = ("a.bin", "application/octet-stream", bytes(room))
        draft = Draft("a", to=(Person("", "b@far.test"),), text="x" * 1000, files=(file,))
        assert largest * 0.9 < len(build(draft, _ACCOUNT, "<1@x>", 0.0)) <= largest
    assert room_for_files(1) == 0
    assert room_for_files(0) == 25_000_000

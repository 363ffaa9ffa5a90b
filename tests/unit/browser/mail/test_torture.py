"""Broken and hostile mail: always a letter, never a crash, nothing unsafe in it, soon enough."""

from __future__ import annotations

import html.parser
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.broken_mail import broken_mails
from support.leak_vectors import vectors

from myco_browser.domain.mail import Letter
from myco_browser.mail.headers import SUMMARY_FIELDS, summary_of
from myco_browser.mail.letters import attachment_bytes, read_letter
from myco_browser.mail.plain_text import from_html, to_html
from myco_browser.mail.safe_html import deceiving_links, make_safe

_MAILS = broken_mails()
_HEADER_KEY = b"BODY[HEADER]"
_SAFE_ATTRIBUTES = {"href", "src", "style"}


class _Checker(html.parser.HTMLParser):
    """Collects what could make an engine ask somebody."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "link", "meta", "base", "iframe", "object", "embed", "form",
                   "svg", "math", "video", "audio", "source", "input", "template"):  # fmt: skip
            self.bad.append(tag)
        for name, value in attrs:
            text = (value or "").lower()
            if name.startswith("on") or name in ("srcset", "background", "ping", "poster", "data"):
                self.bad.append(f"{tag} {name}")
            if name == "style" and re.search(r"url|@|\\|expression|image", text):
                self.bad.append(f"{tag} style {text}")
            if name == "src" and not text.startswith(("picture/", "data:image/")):
                self.bad.append(f"{tag} src {text}")
            if name == "href" and not text.startswith(("http://", "https://", "mailto:")):
                self.bad.append(f"{tag} href {text}")


def _dangers(text: str) -> list[str]:
    checker = _Checker()
    checker.feed(text)
    checker.close()
    return checker.bad


def _check(letter: Letter) -> None:
    assert _dangers(letter.html) == []
    assert _dangers(to_html(letter.text, "quoted {count}")) == []
    for text in (letter.subject, letter.sender.shown, *(a.name for a in letter.attachments)):
        assert "\n" not in text
        assert "\u202e" not in text
    for one in letter.attachments:
        assert "/" not in one.name
        assert one.name not in ("", ".", "..")
        assert len(one.name.encode("utf-8", "replace")) < 250
    deceiving_links(letter.html)
    from_html(letter.html)


def test_there_are_enough() -> None:
    assert len(set(_MAILS)) >= 300


@pytest.mark.parametrize("number", range(0, len(_MAILS), 25))
@pytest.mark.timeout(25)
def test_every_broken_mail_becomes_a_letter(number: int) -> None:
    """25 at a time, which the time limit of the test gives a second each."""
    for raw in _MAILS[number : number + 25]:
        letter = read_letter(1, raw, ("coop.test",))
        _check(letter)
        for one in letter.attachments:
            attachment_bytes(raw, one.part)
        summary_of(1, {_HEADER_KEY: raw[:50_000], b"FLAGS": (b"\\Seen",)}, _HEADER_KEY)


@given(st.binary(max_size=2000))
@settings(max_examples=150, deadline=None)
def test_any_bytes_become_a_letter(raw: bytes) -> None:
    _check(read_letter(1, raw, ()))


@given(
    st.lists(
        st.sampled_from(
            [b"Content-Type: ", b"multipart/mixed; boundary=b", b"text/html", b"; charset=", b"--b",
             b"\r\n", b"\r\n\r\n", b"<img src=//x>", b"=?utf-8?q?=FF?=", b"From: ", b"\xff", b"--",
             b"Content-Transfer-Encoding: base64", b"<svg onload=1>", b"message/rfc822", b"\x00"]
        ),
        max_size=60,
    )
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_any_order_of_pieces_becomes_a_letter(pieces: list[bytes]) -> None:
    _check(read_letter(1, b"".join(pieces), ()))


@pytest.mark.parametrize("vector", vectors("leak.test"))
def test_no_vector_survives(vector: str) -> None:
    assert _dangers(make_safe(vector, {}, remote=False).html) == []


@given(st.text(alphabet="<>/='\" abcimgsrcstyle:url()@\\;&#!-", max_size=300))
@settings(max_examples=300, deadline=None)
def test_no_mixture_survives(text: str) -> None:
    assert _dangers(make_safe(text, {}, remote=False).html) == []


def test_fields_of_a_summary_are_those_that_are_asked_for() -> None:
    assert "FROM" in SUMMARY_FIELDS

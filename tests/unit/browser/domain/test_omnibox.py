"""The address bar's parser: where each kind of input goes, and that no input goes astray."""

from __future__ import annotations

import random
import urllib.parse

import pytest
from hypothesis import given
from PyQt6.QtCore import QUrl
from support.seeded import SEEDS, any_text, inputs, joined, try_all

from myco_browser.domain.addresses import MAX_URL, canonical_url, parse_web_address
from myco_browser.domain.omnibox import (
    MAX_INPUT,
    Navigate,
    Outcome,
    Reason,
    Refused,
    Search,
    parse_input,
)
from myco_browser.domain.search_engines import builtin_engines, find_engine

ENGINES = builtin_engines("en")
QWANT = find_engine(ENGINES, "qwant")


def parse(text: str) -> Outcome:
    return parse_input(text, ENGINES, QWANT)


ADDRESSES = [
    ("example.org", "https://example.org/"),
    ("  example.org \n", "https://example.org/"),
    ("Example.ORG/Path?q=a#b", "https://example.org/Path?q=a#b"),
    ("example.org:8443/x", "https://example.org:8443/x"),
    ("example.org:80", "http://example.org/"),
    ("example.org.", "https://example.org./"),
    ("https://example.org:443/a b", "https://example.org/a%20b"),
    ("http://example.org", "http://example.org/"),
    ("HTTPS:example.org", "https://example.org/"),
    ("https:////example.org\\x", "https://example.org/x"),
    ("https://exa\nmple.org/x\r\n  y", "https://example.org/xy"),
    ("https://example.org/100%", "https://example.org/100%25"),
    ("https://example.org/a%20b", "https://example.org/a%20b"),
    ("medium.com/@user", "https://medium.com/@user"),
    ("bücher.de", "https://xn--bcher-kva.de/"),
    ("https://xn--bcher-kva.de/", "https://xn--bcher-kva.de/"),
    ("пример.рф/путь", "https://xn--e1afmkfd.xn--p1ai/%D0%BF%D1%83%D1%82%D1%8C"),
    ("日本語。jp", "https://xn--wgv71a119e.jp/"),
    ("https://ex%61mple.org", "https://example.org/"),
    ("news.test/a", "https://news.test/a"),
    ("nas.local", "http://nas.local/"),
    ("192.168.1.1", "http://192.168.1.1/"),
    ("192.168.1.1:8080/x", "http://192.168.1.1:8080/x"),
    ("[::1]:8000", "http://[::1]:8000/"),
    ("[2001:DB8::1]/x", "http://[2001:db8::1]/x"),
    ("http://[::ffff:1.2.3.4]/", "http://[::ffff:102:304]/"),
    ("https://2130706433/", "https://127.0.0.1/"),
    ("http://0x7f.1/", "http://127.0.0.1/"),
    ("http://017700000001/", "http://127.0.0.1/"),
    ("http://１２７．０．０．１/", "http://127.0.0.1/"),
    ("localhost", "http://localhost/"),
    ("localhost:8000/x", "http://localhost:8000/x"),
    ("app.localhost", "http://app.localhost/"),
    ("host:81", "http://host:81/"),
    ("intranet/", "http://intranet/"),
    ("https://bank.example@evil.test", "https://bank.example@evil.test/"),
    ("https://bank.example:1@2@evil.test", "https://bank.example:1%402@evil.test/"),
    ("http:\\\\evil.test\\@bank.example", "http://evil.test/@bank.example"),
    ("https://evil.test?@bank.example", "https://evil.test/?@bank.example"),
    ("https://evil.test#@bank.example", "https://evil.test/#@bank.example"),
    ("about:", "about:blank"),
    ("ABOUT:Blank", "about:blank"),
    ("myco:settings", "myco://settings/"),
    ("myco://help/keys", "myco://help/keys"),
    ("view-source:example.org", "view-source:https://example.org/"),
    ("view-source:http://example.org/a", "view-source:http://example.org/a"),
    ("file:///etc/a b", "file:///etc/a%20b"),
    ("file://localhost/etc", "file:///etc"),
    ("/home/me/100% sure?.html", "file:///home/me/100%25%20sure%3F.html"),
    ("\u202eexample.org\u200b", "https://example.org/"),
]


@pytest.mark.parametrize(("text", "url"), ADDRESSES)
def test_addresses_are_opened(text: str, url: str) -> None:
    assert parse(text) == Navigate(url)


@pytest.mark.parametrize(
    "text",
    [
        "chat",
        "two words",
        "example.org is down",
        "file.txt",
        "3.14",
        "node.js",
        "15:30",
        "192.168.1",
        "1.2.3.4.5",
        "999.1.1.1",
        "2130706433",
        "0x7f.1",
        "and/or",
        "me@evil.test",
        "//example.org",
        "what?",
        "etc.",
        "foo: bar",
        "c++",
        "-",
        "-a.org",
        "..",
        "xn--zz-x.org",
        "a..b.org",
        "example.org:99999",
        "exa mple.org",
        "١٢:٣٤",
    ],
)
def test_words_are_searched(text: str) -> None:
    assert parse(text) == Search(QWANT.url_for(text), QWANT, text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.EMPTY),
        (" \u200b\n", Reason.EMPTY),
        ("?  ", Reason.EMPTY),
        ("javascript:alert(1)", Reason.SCRIPT),
        ("java\nscript:alert(1)", Reason.SCRIPT),
        ("JaVa\tScript:alert(1)", Reason.SCRIPT),
        ("\u200bjava\u00adscript\x00:alert(1)", Reason.SCRIPT),
        ("javascript:80", Reason.SCRIPT),
        ("data:text/html,<script>", Reason.SCRIPT),
        ("blob:https://example.org/1", Reason.SCRIPT),
        ("vbscript:x", Reason.SCRIPT),
        ("view-source:javascript:1", Reason.SCRIPT),
        ("view-source:data:text/html,1", Reason.SCRIPT),
        ("view-source:about:blank", Reason.INVALID_ADDRESS),
        ("view-source:view-source:http://a.test/", Reason.INVALID_ADDRESS),
        ("mailto:me@example.org", Reason.UNSUPPORTED_SCHEME),
        ("gopher://example.org/", Reason.UNSUPPORTED_SCHEME),
        ("chrome://settings", Reason.UNSUPPORTED_SCHEME),
        ("https://", Reason.INVALID_ADDRESS),
        ("https://a..b/", Reason.INVALID_ADDRESS),
        ("https://[::1", Reason.INVALID_ADDRESS),
        ("https://exa%2fmple.org/", Reason.INVALID_ADDRESS),
        ("https://exa℀mple.org/", Reason.INVALID_ADDRESS),
        ("https://example.org:65536/", Reason.INVALID_ADDRESS),
        ("https://1.2.3.400/", Reason.INVALID_ADDRESS),
        ("file://server/share", Reason.INVALID_ADDRESS),
        ("me:secret@example.org", Reason.CREDENTIALS),
        ("me:80@example.org/x", Reason.CREDENTIALS),
        ("a" * (MAX_INPUT + 1), Reason.TOO_LONG),
        ("é" * MAX_INPUT, Reason.TOO_LONG),
        ("https://example.org/" + "é" * 30_000, Reason.TOO_LONG),
        ("/" + "é" * 30_000, Reason.TOO_LONG),
    ],
)
def test_what_is_neither_is_refused(text: str, reason: Reason) -> None:
    assert parse(text) == Refused(reason)


def test_a_question_mark_forces_a_search() -> None:
    assert parse("?example.org") == Search(QWANT.url_for("example.org"), QWANT, "example.org")
    assert isinstance(parse("?javascript:alert(1)"), Search)


@pytest.mark.parametrize("prefix", ["ddg", "DDG", "@ddg", "ddg  "])
def test_a_keyword_chooses_the_engine(prefix: str) -> None:
    engine = find_engine(ENGINES, "duckduckgo")
    expected = Search("https://duckduckgo.com/?q=a%20b%2Fc", engine, "a b/c")
    assert parse(f"{prefix} a b/c") == expected


def test_a_keyword_alone_is_a_word() -> None:
    assert parse("ddg") == Search(QWANT.url_for("ddg"), QWANT, "ddg")


FULL = MAX_INPUT - 20
HUGE = ["a", "é", "%", " ", "\n", " \n", "\t", "\u00a0", ".", "a.", "1.", ":", "a:", "a@", "@", "/"]
HUGE += ["?", "[", "xn--", "view-source:", "http:", "a:b@", "\u200b", "日。"]
STARTS = ["", "a", "https:", "https://a.test/", "https://", "view-source:", "myco:", "?", "/", "w "]


@pytest.mark.timeout(30)
@pytest.mark.parametrize("start", STARTS)
def test_the_longest_inputs_are_parsed_at_once(start: str) -> None:
    for piece in HUGE:
        text = start + piece * (FULL // len(piece)) + "x"
        outcome = parse(text)
        assert isinstance(outcome, Refused) or len(outcome.url) <= MAX_URL


# fmt: off
SIGNS = ["//", "/", "\\", "@", ":", "?", "#", "%", "%2f", "%00", "%40", "[", "]", "|", "<", "."]
NAMES = ["evil.test", "bank.example", "localhost", "127.0.0.1", "0x7f", "::1", "xn--", "a", "1"]
SCHEMES = ["http:", "HTTPS://", "javascript:", "data:", "view-source:", "file:", "about:", "blob:"]
BLANKS = [" ", "\t", "\n", "\u200b", "\u202e", "\u00ad", "\u2028", "\x00", "\ud800", "\U000e0041"]
LETTERS = ["ß", "é", "日", "。", "١", "８", "℀", "ſ", "xn--e1afmkfd", ":443", "80", "w ", "myco:"]
# fmt: on
PIECES = [*SIGNS, *NAMES, *SCHEMES, *BLANKS, *LETTERS]
STARTED = ["https://", "http:", "https:\\\\", "view-source:http://", ""]
HOSTS = [*NAMES, "evil.test", "[::1]", "日本.jp", "8。8.8.8", "EVIL%2eTEST"]


def hostile(chance: random.Random) -> str:
    """Mixed pieces; any text between some; pieces around a host; a host where no host is."""
    start, host = chance.choice(STARTED), chance.choice(HOSTS)
    match chance.randrange(4):
        case 0:
            return joined(chance, PIECES, 14)
        case 1:
            return joined(chance, PIECES, 3) + any_text(chance, 20) + joined(chance, PIECES, 3)
        case 2:
            return start + joined(chance, PIECES, 3) + host + joined(chance, PIECES, 3)
        case _:
            sign, other = chance.choice("@:/\\?#%"), chance.choice(HOSTS)
            return start + host + sign + other + joined(chance, PIECES, 14)


def host_by_another_parser(url: str) -> str:
    return (urllib.parse.urlsplit(url).hostname or "").strip("[]")


@inputs(10_000)
@given(SEEDS)
def test_hostile_input_lands_where_it_says(seed: int) -> None:
    try_all(seed, hostile, lands_where_it_says)


@pytest.mark.parametrize("text", ["https://a\\@b.test", "https://[::1]@b.test/", "myco:ſ"])
def test_input_that_once_went_astray(text: str) -> None:
    lands_where_it_says(text)


def lands_where_it_says(text: str) -> None:
    outcome = parse(text)
    if isinstance(outcome, Refused):
        return
    url = outcome.url
    assert len(url) <= MAX_URL
    assert url.isascii()
    assert url.isprintable()
    assert " " not in url
    scheme = url.partition(":")[0]
    assert scheme in {"http", "https", "file", "about", "myco", "view-source"}
    again = parse(url)
    assert isinstance(again, Navigate)
    assert again.url == url
    assert canonical_url(url) == url
    web = url.removeprefix("view-source:")
    if web.startswith("http"):
        address = parse_web_address(web)
        assert address is not None
        shown = address.host.strip("[]")
        assert shown == host_by_another_parser(web)
        engine_url = QUrl(web)
        assert engine_url.isValid()
        encoded = engine_url.host(QUrl.ComponentFormattingOption.FullyEncoded)
        assert encoded == shown
    if isinstance(outcome, Search):
        assert host_by_another_parser(url) == outcome.engine.host

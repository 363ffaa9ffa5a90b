"""What the address bar shows of an address, and which site it is filed under."""

from __future__ import annotations

import random
import urllib.parse

import idna
import pytest
from hypothesis import given
from support.seeded import SEEDS, any_text, inputs, joined, try_all

from myco_browser.domain.hosts import has_known_suffix, is_local_host, parse_host
from myco_browser.domain.lookalikes import shown_host
from myco_browser.domain.urls import (
    MAX_SHOWN,
    ShownUrl,
    SiteKind,
    host_of,
    origin,
    readable,
    show_url,
    site_key,
)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://www.example.co.uk/", ("SECURE", "", "www.", "example.co.uk", "")),
        ("https://example.org/a?b#c", ("SECURE", "", "", "example.org", "/a?b#c")),
        ("http://example.org:81/", ("PLAIN", "http://", "", "example.org", ":81")),
        ("https://a.b.example.org./", ("SECURE", "", "a.b.", "example.org.", "")),
        ("https://bank.example@evil.test/x", ("SECURE", "", "", "evil.test", "/x")),
        ("https://co.uk/", ("SECURE", "", "", "co.uk", "")),
        ("https://me.github.io/", ("SECURE", "", "", "me.github.io", "")),
        ("http://localhost:8000/", ("LOCAL", "http://", "", "localhost", ":8000")),
        ("https://localhost/", ("LOCAL", "", "", "localhost", "")),
        ("http://192.168.1.1/", ("LOCAL", "http://", "", "192.168.1.1", "")),
        ("https://192.168.1.1/", ("SECURE", "", "", "192.168.1.1", "")),
        ("http://8.8.8.8/", ("PLAIN", "http://", "", "8.8.8.8", "")),
        ("https://[2606:4700::1]/", ("SECURE", "", "", "[2606:4700::1]", "")),
        ("https://shop.xn--bcher-kva.de/%C3%A9", ("SECURE", "", "shop.", "bücher.de", "/é")),
        ("https://xn--80ak6aa92e.com/", ("SECURE", "", "", "xn--80ak6aa92e.com", "")),
        ("file:///home/me/a%20b", ("FILE", "", "", "", "file:///home/me/a%20b")),
        ("about:blank", ("INTERNAL", "", "", "", "about:blank")),
        ("myco://settings/", ("INTERNAL", "", "", "", "myco://settings/")),
        ("data:text/html,hi", ("OTHER", "", "", "", "data:text/html,hi")),
        (
            "view-source:https://www.example.org/a",
            ("SOURCE", "view-source:", "www.", "example.org", "/a"),
        ),
    ],
)
def test_an_address_in_parts(url: str, shown: tuple[str, str, str, str, str]) -> None:
    kind, *parts = shown
    assert show_url(url) == ShownUrl(SiteKind[kind], *parts)


@pytest.mark.parametrize(
    "name",
    [
        "bücher.de",
        "élan.fr",
        "пример.рф",
        "россия.com",
        "日本語.jp",
        "東京タワーabc.jp",
        "한국.kr",
        "ελλάδα.gr",
        "col·legi.cat",
        "việt.vn",
        "उदाहरण.भारत",
        "рос.рф",
        "рос.срб",
        "שלום.ישראל",
    ],
)
def test_honest_names_keep_their_letters(name: str) -> None:
    assert shown_host(idna.encode(name).decode()) == name


@pytest.mark.parametrize(
    "name",
    [
        "example.аррӏе",  # no such suffix
        "аррӏе.com",  # every letter Cyrillic, every one like a Latin letter
        "раypal.com",  # Cyrillic and Latin mixed
        "gοοgle.com",  # Greek omicron
        "ɡoogle.com",  # Latin script g
        "tür\u0131k.com",  # dotless i
        "exampleノa.com",  # katakana that passes for a slash
        "שלום.com",  # right-to-left under a left-to-right suffix
        "שלום.example.com",
        "x৪.com",  # Bengali digit
        "ᏚᏢ.com".lower(),  # Cherokee
    ],
)
def test_lookalikes_are_shown_as_punycode(name: str) -> None:
    host = ".".join(
        label if label.isascii() else "xn--" + label.encode("punycode").decode()
        for label in name.split(".")
    )
    assert shown_host(host) == host
    # As Qt tells it: decoded.
    assert not shown_host(".".join(map(_as_qt, host.split(".")))).count(name)


def _as_qt(label: str) -> str:
    return label.removeprefix("xn--").encode().decode("punycode") if "xn--" in label else label


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.example.co.uk/a", "example.co.uk"),
        ("http://example.co.uk:81/a", "example.co.uk"),
        ("https://a.github.io/", "a.github.io"),
        ("https://example.org./", "example.org"),
        ("https://co.uk/", "co.uk"),
        ("http://localhost/", "localhost:80"),
        ("https://localhost/", "localhost:443"),
        ("http://192.168.1.1:8080/", "192.168.1.1:8080"),
        ("http://[::1]:8080/", "[::1]:8080"),
        ("http://8.8.8.8/", "8.8.8.8"),
        ("file:///etc", None),
        ("about:blank", None),
    ],
)
def test_site_key(url: str, key: str | None) -> None:
    assert site_key(url) == key


def test_origin_and_host() -> None:
    assert origin("https://me@Example.org:443/a") == "https://example.org"
    assert origin("http://[::1]:8000/a") == "http://[::1]:8000"
    assert origin("about:blank") is None
    assert host_of("https://me@Example.org:443/a") == "example.org"
    assert host_of("file:///a") is None


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("a.localhost", True),
        ("nas", True),
        ("nas.local", True),
        ("router.lan", True),
        ("x.home.arpa", True),
        ("127.9.9.9", True),
        ("10.0.0.1", True),
        ("172.16.0.1", True),
        ("169.254.169.254", True),
        ("100.64.0.1", True),
        ("0.0.0.0", True),
        ("224.0.0.1", True),
        ("[::1]", True),
        ("[fe80::1]", True),
        ("[fd00::1]", True),
        ("[::ffff:7f00:1]", True),
        ("example.org", False),
        ("mylocal.org", False),
        ("8.8.8.8", False),
        ("[2606:4700::1]", False),
    ],
)
def test_local_hosts(host: str, local: bool) -> None:
    assert is_local_host(host) is local


def test_known_suffixes() -> None:
    assert has_known_suffix("example.org")
    assert has_known_suffix("a.test")
    assert not has_known_suffix("file.txt")
    assert not has_known_suffix("org")


def test_readable_keeps_what_could_mislead_escaped() -> None:
    assert readable("/a%2Fb%20c%3F") == "/a%2Fb%20c%3F"
    assert readable("/%E2%80%AEgnp.exe") == "/%E2%80%AEgnp.exe"
    assert readable("/\u202egnp\u200b\n") == "/%E2%80%AEgnp%E2%80%8B%0A"
    assert readable("/%D7%90") == "/%D7%90"
    assert readable("/%FF%C3%A9") == "/%FF%C3%A9"
    assert readable("/%E6%97%A5") == "/日"
    assert len(readable("data:" + "a" * 100_000)) == MAX_SHOWN


LABELS = ["www", "example", "co", "uk", "com", "localhost", "192", "1", "bücher", "аррӏе", "日本"]
LABELS += ["שלום", "xn--80ak6aa92e", "xn--p1ai", "рф", "[::1]", "a@b", "", ":80", "x_y"]
LABELS += ["한국", "ノ", "0x7f", "0xg", "017", "09", "%41", "%ff", "%e2%80%ae", "a" * 64]
ESCAPED = ["%", "%2f", "%20", "%C3", "%A9", "%C3%A9", "%E2%80%AE", "%FF", "%D7%90", "/", "a", "é"]


def hostile(chance: random.Random) -> str:
    if chance.random() < 0.5:
        host = ".".join(chance.choices(LABELS, k=chance.randint(1, 4)))
    else:
        host = any_text(chance, 20)
    rest = any_text(chance, 20) if chance.random() < 0.8 else joined(chance, ESCAPED, 9)
    return f"https://{host}/{rest}"


@inputs(10_000)
@given(SEEDS)
def test_shown_parts_never_lie(seed: int) -> None:
    try_all(seed, hostile, parts_do_not_lie)


def parts_do_not_lie(url: str) -> None:
    shown = show_url(url)
    assert all(char.isprintable() for char in shown.text)
    contacted = host_of(url)
    if contacted is None:
        assert shown.kind is SiteKind.OTHER
        return
    # What is read aloud from the bar and typed again leads to the same host.
    assert parse_host(shown.prefix + shown.domain) == contacted
    assert not shown.suffix or shown.suffix[0] in ":/"


@pytest.mark.timeout(30)
def test_the_longest_texts_are_shown_at_once() -> None:
    for piece in ("view-source:", "%", "%41", "a.", "[", "é", "xn--", "@", "https://"):
        for start in ("", "https://", "https://a.test/"):
            shown = show_url(start + piece * (500_000 // len(piece)))
            assert len(shown.text) < 3 * MAX_SHOWN


@inputs(10_000)
@given(SEEDS)
def test_any_text_can_be_shown(seed: int) -> None:
    try_all(seed, lambda chance: any_text(chance, 60), can_be_shown)


def can_be_shown(address: str) -> None:
    assert show_url(address).text.isprintable()
    shown = readable(address)
    assert shown.isprintable()
    # Escaping hides nothing and adds nothing: both mean the same bytes.
    assert urllib.parse.unquote_to_bytes(shown) == urllib.parse.unquote_to_bytes(address)

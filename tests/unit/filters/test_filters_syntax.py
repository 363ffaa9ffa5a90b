from __future__ import annotations

import pytest

from myco_filters import masks
from myco_filters.request import Kind
from myco_filters.syntax.causes import Cause, Unsupported
from myco_filters.syntax.cosmetic import CosmeticFilter, parse_cosmetic
from myco_filters.syntax.directives import is_true
from myco_filters.syntax.lists import parse_list, pieces_of
from myco_filters.syntax.network import Action, NetworkFilter, parse_network
from myco_filters.syntax.options import split_names, split_options


def parsed(line: str) -> NetworkFilter:
    made = parse_network(line)
    assert isinstance(made, NetworkFilter), made
    return made


@pytest.mark.parametrize(
    ("line", "pattern", "names"),
    [
        ("||a.example^$script,3p", "||a.example^", ["script", "3p"]),
        ("/path$file.js", "/path$file.js", []),
        ("/x$/$script", "/x$/", ["script"]),
        (r"/^https:\/\/a\.com$/", r"/^https:\/\/a\.com$/", []),
        (r"||a.com/$removeparam=/^x$/", "||a.com/", ["removeparam"]),
        (r"||a.com/$removeparam=/a\,b/,script", "||a.com/", ["removeparam", "script"]),
        ("*$~script,domain=a.com|~b.a.com", "*", ["script", "domain"]),
        ("||a.com^$csp=script-src 'self' *", "||a.com^", ["csp"]),
        ("$third-party,xhr", "", ["third-party", "xhr"]),
    ],
)
def test_options_start_at_the_right_dollar(line: str, pattern: str, names: list[str]) -> None:
    found, options = split_options(line)
    assert found == pattern
    assert [name for _, name, _ in options] == names


def test_name_lists_keep_expressions_whole() -> None:
    assert split_names("a.com|~B.com|/x|y/|c.*") == ["a.com", "~b.com", "/x|y/", "c.*"]


def test_types_and_party_become_a_mask() -> None:
    assert parsed("||a.b/c").mask == masks.DEFAULT
    assert parsed("||a.b/c$script,1p").mask == masks.bit(Kind.SCRIPT, False)
    assert parsed("||a.b/c$~script").mask == masks.DEFAULT & ~masks.TYPES["script"]
    assert parsed("||a.b/c$doc").mask == masks.TYPES["document"]
    assert parsed("||a.b/c$all").mask == masks.ALL
    assert parsed("||a.b/c$popup,third-party").mask == masks.bit(Kind.POPUP, True)
    assert not masks.DEFAULT & (masks.TYPES["document"] | masks.TYPES["popup"])


@pytest.mark.parametrize(
    ("line", "pattern"),
    [
        ("ads.example.com", "||ads.example.com^"),
        ("192.0.2.17", "||192.0.2.17^"),
        ("0.0.0.0 ads.example.com", "||ads.example.com^"),
        ("127.0.0.1\tads.example.com # why", "||ads.example.com^"),
        ("0.0.0.0 localhost", "0.0.0.0 localhost"),
        ("banner", "banner"),
        ("/ads/x.js", "/ads/x.js"),
    ],
)
def test_bare_hosts(line: str, pattern: str) -> None:
    assert parsed(line).pattern == pattern


def test_actions() -> None:
    redirect = parsed("||a.b/x.js$script,redirect=noop.js:10")
    assert (redirect.action, redirect.value) == (Action.REDIRECT_RULE, "noop.js:10")
    assert redirect.also_blocks
    assert not parsed("||a.b/x.js$redirect-rule=noop.js").also_blocks
    assert parsed("||a.b/x.mp4$rewrite=abp-resource:blank-mp4").value == "noop-1s.mp4"
    assert parsed("*$removeparam=fbclid").parameter == "fbclid"
    assert parsed("*$removeparam=/^utm_/").parameter == ""
    assert parsed("@@||a.b^$ghide").page_flags == {"generichide"}
    assert parsed("||a.b^$csp=script-src 'none'").mask == masks.PAGES


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("||a.b^$no-such-thing", Cause.UNKNOWN_OPTION),
        ("||a.b^$domain=", Cause.BAD_VALUE),
        ("||a.b^$header=x:y", Cause.NEEDS_RESPONSE),
        ("||a.b^$ipaddress", Cause.BAD_VALUE),
        ("||a.b^$requestheader=a:b", Cause.NEEDS_REQUEST_HEADER),
        ("||a.b^$script,~script", Cause.NO_TYPES_LEFT),
        ("||a.b^$1p,3p", Cause.NO_TYPES_LEFT),
        ("*", Cause.EMPTY_PATTERN),
        ("||a.b^$script," + "x" * 40_000, Cause.TOO_LONG),
    ],
)
def test_every_refusal_has_a_cause(line: str, cause: Cause) -> None:
    made = parse_network(line)
    assert isinstance(made, Unsupported)
    assert made.cause is cause


@pytest.mark.parametrize(
    ("line", "cosmetic"),
    [
        ("##.ad", True),
        ("###ad", True),
        ("a.com,~b.a.com##.ad", True),
        ("a.com#@#.ad", True),
        ("a.*##+js(noop)", True),
        ("/^a[0-9]+$/##.ad", True),
        ("a.com#?#.ad:has-text(x)", True),
        ("a.com#$#body { color: red }", True),
        ("||a.com/x#y", False),
        ("/path##x", False),
        ("||a.com^$domain=b.com", False),
    ],
)
def test_cosmetic_lines_are_told_by_their_grammar(line: str, cosmetic: bool) -> None:
    assert (parse_cosmetic(line) is not None) is cosmetic


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("env_chromium", True),
        ("!env_firefox", True),
        ("env_firefox || env_chromium", True),
        ("env_chromium && !(env_mobile || ext_ubol)", True),
        ("cap_html_filtering", False),
        ("true", True),
        ("(env_chromium", False),
        ("env_chromium env_chromium", False),
        ("&&", False),
        ("", False),
    ],
)
def test_conditions(expression: str, value: bool) -> None:
    assert is_true(expression, frozenset({"env_chromium"})) is value


def test_a_list_is_sorted_line_by_line() -> None:
    text = "\r\n".join(
        [
            "[Adblock Plus 2.0]",
            "! comment",
            "# comment of a hosts file",
            "||ads.example^",
            "||track.example^$third-party",
            "!#if env_firefox",
            "||never.example^",
            "!#else",
            "||chromium.example^",
            "!#endif",
            "!#include other.txt",
            "/banner/*$image",
            "example.com##.ad",
            "||x.example^$no-such-option",
            "!#endif",
        ]
    )
    found = parse_list(text)
    assert found.hosts == {
        "^": ["ads.example", "chromium.example"],
        "^$third-party": ["track.example"],
    }
    assert [made.pattern for made in found.network] == ["/banner/*"]
    assert found.cosmetic == [CosmeticFilter(".ad", exception=False, include=("example.com",))]
    assert [(number, one.cause) for number, one in found.unsupported] == [
        (11, Cause.INCLUDE),
        (14, Cause.UNKNOWN_OPTION),
        (15, Cause.BAD_DIRECTIVE),
    ]
    assert found.skipped == 1


def test_an_open_block_is_reported() -> None:
    found = parse_list("!#if env_chromium\n||a.example^")
    assert found.hosts == {"^": ["a.example"]}
    assert [one.cause for _, one in found.unsupported] == [Cause.BAD_DIRECTIVE]


def test_lines_of_a_long_text_keep_their_numbers() -> None:
    """Long texts are read in pieces, which end with lines; one line is longer than a piece."""
    usual = "||a.example^\n192.0.2.1\nb.example##.ad\n! é日😀\n\n" * 4000
    text = f"{usual}x$no-such-option\n{'! ' + 'y' * 200_000}\n{usual}x$no-such-option"
    assert "".join(pieces_of(text)) == text
    assert all(piece.endswith("\n") for piece in list(pieces_of(text))[:-1])
    found = parse_list(text)
    assert [number for number, _ in found.unsupported] == [20_001, 40_003]
    assert {tail: len(hosts) for tail, hosts in found.hosts.items()} == {"^": 8000, "": 8000}
    assert (len(found.cosmetic), found.comments) == (8000, 8001)

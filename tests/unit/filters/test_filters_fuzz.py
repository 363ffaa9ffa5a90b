"""Random and hostile input: the parser and the engine must take anything."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from myco_filters import engine as engine_module
from myco_filters.engine import Engine
from myco_filters.request import Kind, Request
from myco_filters.syntax.cosmetic import CosmeticFilter, parse_cosmetic
from myco_filters.syntax.lists import FilterList, parse_list
from myco_filters.syntax.network import NetworkFilter, parse_network
from myco_filters.syntax.procedural import Hide, Style, read_body
from myco_filters.verdict import Verdict

MANY = settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))

PIECES = st.sampled_from(
    [
        *"|^*/$,=~@#.:?&()[]{}+\\-_%ab0 \t\n\r",
        *["||", "@@", "##", "#@#", "$$", "!#if ", "!#else", "!#endif", "!#include ", "+js("],
        *["domain=", "to=", "denyallow=", "removeparam", "redirect=", "important", "badfilter"],
        *["third-party", "script", "all", "document", "popup", "match-case", "csp=", "method="],
        *["ads", "example.com", "https://", "a.test", "/(a+)+/", "(?=", "{2,}", "[^", "\\d"],
        *["\u0130", "\ud800", "é", "\x00", "\u2028", "0.0.0.0 ", "127.0.0.1", "::1", "*."],
    ]
)
COSMETIC_PIECES = st.sampled_from(
    [
        *".#[]()\"'\\,>+~*:{};=^$ ",
        *[":has(", ":not(", ":is(", ":has-text(", ":upward(", ":style(", ":remove()", ":xpath("],
        *["+js(", "^script", "a", "b", "div", "data-x", "/a|b/i", "/*", "*/", "\\,", "é", "\ud800"],
        *[":matches-css(", ":matches-path(", ":-abp-has(", ":-abp-properties(", "color: red"],
    ]
)
LINES = st.lists(PIECES, max_size=9).map("".join)
ANY = st.one_of(LINES, st.text(max_size=24))
URLS = st.one_of(
    st.lists(PIECES, max_size=6).map(lambda parts: "https://a.test/" + "".join(parts)),
    st.lists(PIECES, max_size=6).map("".join),
    st.text(max_size=24),
)


@MANY
@given(ANY)
def test_any_line_is_a_filter_or_has_a_cause(line: str) -> None:
    made = parse_network(line)
    if isinstance(made, NetworkFilter):
        assert made.mask > 0
    else:
        assert made.cause.value


FEWER = settings(MANY, max_examples=2_500)
HOSTILE = Engine.compile(
    [
        FilterList(
            "hostile",
            "Hostile",
            "\n".join(
                [
                    "||a.test/*^*^*^*/ads|",
                    "*a*a*a*a*a*a*b",
                    "/(?:[a-z]+-)+x/",
                    "/^https:..a.test.(.*),(.*)=/$script",
                    "/ads(?=.*@)/$match-case,to=a.test",
                    "||a.test/ads$redirect=noop.js,important",
                    "@@||a.test^$domain=~a.*|/x|y/",
                    "@@/ads^$redirect-rule,method=get",
                    "*$removeparam=ads",
                    "*$removeparam=/^a|_/",
                    "*$removeparam=~ads,domain=example.com",
                    "$denyallow=a.test,3p,top=a.test",
                ]
            ),
        )
    ]
)


def is_sound(verdict: Verdict) -> bool:
    """Whether it is not the verdict for a failure inside the engine."""
    return verdict is not engine_module.FAILED


@MANY
@given(st.tuples(URLS, ANY, st.sampled_from(Kind)))
def test_any_request_gets_a_verdict(asked: tuple[str, str, Kind]) -> None:
    url, source, kind = asked
    assert is_sound(HOSTILE.match(Request.make(url, source, kind)))


@FEWER
@given(ANY, URLS, ANY, st.sampled_from(Kind), st.booleans())
def test_any_filter_is_tried_on_any_request(
    line: str, url: str, source: str, kind: Kind, exception: bool
) -> None:
    lines = line + ("\n*$domain=~x\n@@" + line if exception else "")
    made = Engine.compile([FilterList("fuzz", "Fuzz", lines)])
    assert is_sound(made.match(Request.make(url, source, kind)))


@MANY
@given(st.lists(ANY, max_size=5).map("\n".join))
def test_every_line_of_any_text_is_accounted_for(text: str) -> None:
    found = parse_list(text)
    told = found.kept
    told += len(found.unsupported) + found.comments + found.skipped
    lines = [line for line in text.replace("\r", "\n").split("\n") if line.strip()]
    unclosed = any(one.detail == "never ended" for _, one in found.unsupported)
    assert told == len(lines) + unclosed


@MANY
@given(st.lists(COSMETIC_PIECES, max_size=8).map("".join))
def test_any_body_is_read_or_refused(body: str) -> None:
    made = parse_cosmetic("a.test##" + body)
    if isinstance(made, CosmeticFilter) and made.body != "+js()":
        meaning = read_body(made.body)
        if isinstance(meaning, Hide | Style):
            assert not set("{}") & set(re.sub(r"\\.|\"[^\"]*\"|'[^']*'", "", meaning.selector))
        engine = Engine.compile([FilterList("fuzz", "Fuzz", f"a.test##{body}\n##{body}")])
        assert engine.cosmetics("https://a.test/").hides_specific

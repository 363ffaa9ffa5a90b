"""Random and hostile input: the parser and the engine must take anything.

Each example is a seed from which a hundred inputs are made; a failure names its input.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from myco_filters import engine as engine_module
from myco_filters.engine import Engine
from myco_filters.request import Kind, Request
from myco_filters.syntax.cosmetic import CosmeticFilter, parse_cosmetic
from myco_filters.syntax.lists import FilterList, parse_list
from myco_filters.syntax.network import NetworkFilter, parse_network
from myco_filters.syntax.procedural import Hide, Style, read_body
from myco_filters.verdict import Verdict

INPUTS = 100
"""Made of each seed."""
MANY = settings(max_examples=10_000 // INPUTS, deadline=None)
SEEDS = st.integers(0, 2**64)

PIECES = [
    *"|^*/$,=~@#.:?&()[]{}+\\-_%ab0 \t\n\r",
    *["||", "@@", "##", "#@#", "$$", "!#if ", "!#else", "!#endif", "!#include ", "+js("],
    *["domain=", "to=", "denyallow=", "removeparam", "redirect=", "important", "badfilter"],
    *["third-party", "script", "all", "document", "popup", "match-case", "csp=", "method="],
    *["ads", "example.com", "https://", "a.test", "/(a+)+/", "(?=", "{2,}", "[^", "\\d"],
    *["\u0130", "\ud800", "é", "\x00", "\u2028", "0.0.0.0 ", "127.0.0.1", "::1", "*."],
]
COSMETIC_PIECES = [
    *".#[]()\"'\\,>+~*:{};=^$ ",
    *[":has(", ":not(", ":is(", ":has-text(", ":upward(", ":style(", ":remove()", ":xpath("],
    *["+js(", "^script", "a", "b", "div", "data-x", "/a|b/i", "/*", "*/", "\\,", "é", "\ud800"],
    *[":matches-css(", ":matches-path(", ":-abp-has(", ":-abp-properties(", "color: red"],
]
KINDS = list(Kind)


def joined(chance: random.Random, pieces: list[str], most: int) -> str:
    """Pieces one after the other."""
    return "".join(chance.choices(pieces, k=chance.randint(0, most)))


def anything(chance: random.Random) -> str:
    """A text of characters from all of Unicode, lone surrogates among them."""
    top = chance.choice([0x80, 0x250, 0x11_0000])
    return "".join(chr(chance.randrange(top)) for _ in range(chance.randint(0, 24)))


def a_line(chance: random.Random) -> str:
    return anything(chance) if chance.random() < 0.2 else joined(chance, PIECES, 9)


def a_url(chance: random.Random) -> str:
    if chance.random() < 0.2:
        return anything(chance)
    return chance.choice(["", "https://a.test/"]) + joined(chance, PIECES, 6)


def made(seed: int, make: Callable[[random.Random], str]) -> Iterator[str]:
    chance = random.Random(seed)
    return (make(chance) for _ in range(INPUTS))


@MANY
@given(SEEDS)
def test_any_line_is_a_filter_or_has_a_cause(seed: int) -> None:
    for line in made(seed, a_line):
        found = parse_network(line)
        if isinstance(found, NetworkFilter):
            assert found.mask > 0, line
        else:
            assert found.cause.value, line


FEWER = settings(MANY, max_examples=2_500 // INPUTS)
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
@given(SEEDS)
def test_any_request_gets_a_verdict(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(INPUTS):
        asked = a_url(chance), a_line(chance), chance.choice(KINDS)
        assert is_sound(HOSTILE.match(Request.make(*asked))), asked


@FEWER
@given(SEEDS)
def test_any_filter_is_tried_on_any_request(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(INPUTS):
        line = a_line(chance)
        lines = line + ("\n*$domain=~x\n@@" + line if chance.random() < 0.5 else "")
        engine = Engine.compile([FilterList("fuzz", "Fuzz", lines)])
        asked = a_url(chance), a_line(chance), chance.choice(KINDS)
        assert is_sound(engine.match(Request.make(*asked))), (lines, asked)


@MANY
@given(SEEDS)
def test_every_line_of_any_text_is_accounted_for(seed: int) -> None:
    def some_lines(chance: random.Random) -> str:
        return "\n".join(a_line(chance) for _ in range(chance.randint(0, 5)))

    for text in made(seed, some_lines):
        found = parse_list(text)
        told = found.kept + len(found.unsupported) + found.comments + found.skipped
        lines = [line for line in text.replace("\r", "\n").split("\n") if line.strip()]
        unclosed = any(one.detail == "never ended" for _, one in found.unsupported)
        assert told == len(lines) + unclosed, text


@MANY
@given(SEEDS)
def test_any_body_is_read_or_refused(seed: int) -> None:
    for body in made(seed, lambda chance: joined(chance, COSMETIC_PIECES, 8)):
        found = parse_cosmetic("a.test##" + body)
        if not isinstance(found, CosmeticFilter) or found.body == "+js()":
            continue
        meaning = read_body(found.body)
        if isinstance(meaning, Hide | Style):
            bare = re.sub(r"\\.|\"[^\"]*\"|'[^']*'", "", meaning.selector)
            assert not set("{}") & set(bare), body
        engine = Engine.compile([FilterList("fuzz", "Fuzz", f"a.test##{body}\n##{body}")])
        assert engine.cosmetics("https://a.test/").hides_specific, body

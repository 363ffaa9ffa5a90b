"""Single patterns, compared with adblockparser, which turns each into one regular expression."""

from __future__ import annotations

import random

from adblockparser import AdblockRule
from hypothesis import given
from support.seeded import SEEDS, inputs, joined, try_all

from myco_filters.engine import Engine
from myco_filters.request import Kind, Request
from myco_filters.syntax.lists import FilterList
from myco_filters.verdict import Block

HOSTS = ["ads.a.test", "a.test", "bada.test", "x.test", "a.test.x.test"]
PATHS = ["/", "ads", "b", "-", "_", ".", "?", "=", "&", "js", "1", "%2f", "ads.js"]
BODIES = ["/", "ads", "b", "-", "_", ".", "^", "*", "js", "1", "a.test", "test", "?"]
PREFIXES = ["", "", "||", "|https://", "||a.test", "||a.test^", "||a.test/"]
WILD = {"^": ["/", "?", ""], "*": ["", "ads", "/b-"]}
SUFFIXES = ["", "", "|", "^", "*"]


def means_the_same_elsewhere(prefix: str, body: str, line: str) -> bool:
    """Slashes around make an expression; "||" before a wildcard or separator is read differently,
    and so is a bare host name, which is a whole host for us."""
    return not (
        (line.startswith("/") and line.endswith("/"))
        or line.startswith(("||*", "||^", "||/", "||.", "||-", "||_", "||?"))
        or not body.strip("*^")
        or "**" in line
        or "^^" in line
        or (not prefix and all(c.isalnum() or c in ".-_" for c in line))
    )


def line_and_url(chance: random.Random) -> tuple[str, str]:
    """A filter and an address, of which half hold something like the filter's text."""
    while True:
        prefix, body = chance.choice(PREFIXES), joined(chance, BODIES, 5, least=1)
        line = prefix + body + chance.choice(SUFFIXES)
        if means_the_same_elsewhere(prefix, body, line):
            break
    path = joined(chance, PATHS, 7)
    if chance.random() < 0.5:
        alike = "".join(chance.choice(WILD.get(sign, [sign])) for sign in body)
        path = joined(chance, PATHS, 3) + alike + chance.choice(["", path])
    return line, f"https://{chance.choice(HOSTS)}/{path}"


@inputs(2000)
@given(SEEDS)
def test_patterns_fit_where_they_do_elsewhere(seed: int) -> None:
    try_all(seed, line_and_url, fits_where_it_does_elsewhere)


def fits_where_it_does_elsewhere(made: tuple[str, str]) -> None:
    line, url = made
    expected = AdblockRule(line).match_url(url)
    engine = Engine.compile([FilterList("one", "One", line)])
    verdict = engine.match(Request.make(url, "https://site.test/", Kind.SCRIPT))
    assert isinstance(verdict, Block) is expected

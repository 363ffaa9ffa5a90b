"""Whole engines compared: with each filter asked alone, and with adblock where it is installed.

``adblock`` (PyPI, Rust) is no dependency of the project. The syntax here is what both read alike.
"""

from __future__ import annotations

import importlib
import random
from collections.abc import Callable
from importlib.util import find_spec

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myco_filters.engine import Engine
from myco_filters.request import Kind, Request
from myco_filters.syntax.lists import FilterList
from myco_filters.verdict import Allow, Block

SEEDS = st.integers(0, 2**64)
HOSTS = ["a.test", "ads.a.test", "b.test", "cdn.b.test", "bada.test", "com.test", "a.b.c.test"]
WORDS = ["ads", "ad", "js", "banner", "img", "x1", "track", "a", "gif", "adsense", "pixel"]
MARKS = ["/", "/", "/", "-", "_", ".", "?", "=", "&"]
KINDS = {"script": Kind.SCRIPT, "image": Kind.IMAGE, "xmlhttprequest": Kind.XMLHTTPREQUEST}


def a_path(chance: random.Random, words: int = 4) -> str:
    parts = [chance.choice(MARKS) + chance.choice(WORDS) for _ in range(chance.randint(0, words))]
    return "/" + "".join(parts).lstrip("/") + chance.choice(["", "", "/", ".js", "?"])


def a_pattern(chance: random.Random) -> str:
    body = chance.choice(MARKS) + chance.choice(WORDS)
    for _ in range(chance.randint(0, 2)):
        body += chance.choice([*MARKS, "^", "*"]) + chance.choice(WORDS)
    body += chance.choice(["", "", "^", "/", ".", "=", "|"])
    begins = chance.random()
    if begins < 0.3:
        return f"||{chance.choice(HOSTS)}^"
    if begins < 0.5:
        return f"||{chance.choice(HOSTS)}/{body.lstrip('/?&=._-^')}"
    if begins < 0.6:
        return f"|https://{chance.choice(HOSTS)}/{body.lstrip('/?&=._-^')}"
    # Slashes around would make an expression of it.
    return body + "*" if body.startswith("/") and body.endswith("/") else body


def a_filter(chance: random.Random) -> str:
    options = []
    if chance.random() < 0.3:
        options.append(chance.choice(["third-party", "~third-party"]))
    if chance.random() < 0.3:
        options.append(chance.choice([*KINDS, *(f"~{name}" for name in KINDS), "script,image"]))
    if chance.random() < 0.3:
        signs = chance.choice([["", ""], ["~", "~"]])
        hosts = chance.sample(HOSTS, k=2)
        options.append("domain=" + "|".join(map("".join, zip(signs, hosts, strict=True))))
    if chance.random() < 0.05:
        options.append("important")
    exception = "@@" if chance.random() < 0.15 else ""
    tail = "$" + ",".join(options) if options else ""
    return exception + a_pattern(chance) + tail


Asked = tuple[str, str, str]


def some_requests(chance: random.Random, count: int) -> list[Asked]:
    return [
        (
            f"https://{chance.choice(HOSTS)}{a_path(chance)}",
            f"https://{chance.choice(HOSTS)}/page",
            chance.choice(list(KINDS)),
        )
        for _ in range(count)
    ]


def ours(lines: list[str]) -> Callable[[Asked], bool]:
    engine = Engine.compile([FilterList("x", "X", "\n".join(lines))])

    def is_blocked(asked: Asked) -> bool:
        verdict = engine.match(Request.make(asked[0], asked[1], KINDS[asked[2]]))
        assert isinstance(verdict, Allow | Block)
        return isinstance(verdict, Block)

    return is_blocked


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_many_filters_decide_as_each_alone_would(seed: int) -> None:
    chance = random.Random(seed)
    lines = [a_filter(chance) for _ in range(40)]
    together = ours(lines)
    strong = [ours([one]) for one in lines if "important" in one and not one.startswith("@@")]
    blocking = [ours([one]) for one in lines if not one.startswith("@@")]
    # An exception fits what it does without its marks.
    lifting = [ours([one[2:]]) for one in lines if one.startswith("@@")]
    for asked in some_requests(chance, 40):
        expected = any(one(asked) for one in blocking) and not any(one(asked) for one in lifting)
        expected = expected or any(one(asked) for one in strong)
        assert together(asked) is expected, (lines, asked)


@pytest.mark.skipif(find_spec("adblock") is None, reason="adblock is not installed")
@settings(max_examples=300, deadline=None)
@given(SEEDS)
def test_decisions_are_those_of_adblock(seed: int) -> None:
    adblock = importlib.import_module("adblock")
    chance = random.Random(seed)
    lines = [a_filter(chance) for _ in range(12)]
    filters = adblock.FilterSet()
    filters.add_filters(lines)
    check = adblock.Engine(filters).check_network_urls
    together = ours(lines)
    for asked in some_requests(chance, 40):
        theirs = check(*asked)
        is_blocked = theirs.matched and (theirs.exception is None or theirs.important)
        assert together(asked) is is_blocked, (lines, asked)

"""The shortcuts of the index leave out only what cannot fit."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from publicsuffixlist import PublicSuffixList
from support.seeded import SEEDS, inputs, joined, try_all

from myco_filters.engine import Engine
from myco_filters.gate import gate, part_of
from myco_filters.hosts import registrable, suffixes
from myco_filters.origin import host_test
from myco_filters.regex import recall, translate
from myco_filters.request import Kind, Request
from myco_filters.syntax.lists import FilterList
from myco_filters.syntax.network import NetworkFilter, parse_network
from myco_filters.tokens import tokens_of
from myco_filters.verdict import Block

LETTERS = "ab/.%-1"


def test_tokens() -> None:
    assert tokens_of("https://a1.b/cc%2fdd_é_ee\ud800?f=gg") == [
        *[b"https", b"a1", b"b", b"cc", b"2fdd", b"ee", b"f", b"gg"]
    ]
    assert tokens_of("https://host/path", 12) == [b"path"]
    assert tokens_of("https://host" + "/a/b" * 1000, 12) == [b"a", b"b"]


def some_literals(chance: random.Random) -> tuple[list[str], str]:
    """Literals, and what stands around one of them."""
    literals = [joined(chance, LETTERS, 12, least=1) for _ in range(chance.randint(1, 8))]
    return literals, joined(chance, LETTERS, 30)


@inputs(3000)
@given(SEEDS)
def test_a_gate_never_hides_a_literal(seed: int) -> None:
    def is_found(made: tuple[list[str], str]) -> None:
        literals, around = made
        gated = [literal for literal in literals if part_of(literal)]
        if gated:
            search = gate(part_of(literal) for literal in gated)
            assert all(search(around + literal + around[::-1]) for literal in gated)

    try_all(seed, some_literals, is_found)


@pytest.mark.parametrize(
    ("source", "part"),
    [
        (r"^https?://[a-z]+\.xyz/ads", r"^https?://[a-z]+\.xyz/"),
        (r"^https://(?:a|b)\.com/x/y", r"^https://(?:a|b)\.com/"),
        (r"^https://[^/]+/x", r"^https://[^/]+/"),
        (r"^https://[^.]+/x", None),
        (r"^https://a\.com/?x", None),
        (r"^https://(?=.*ads)[a-z]+\.com/", None),
        (r"^https://a\.com/|ads", None),
        (r"^https://a|b\.com/", None),
        (r"ads\.com/", None),
        (r"^https://.*/x", None),
    ],
)
def test_the_part_of_an_expression_about_the_host(source: str, part: str | None) -> None:
    expression = translate(source)
    assert (expression.source[: expression.origin_end] or None) == part


@pytest.mark.parametrize("body", [r"^https?:\/\/[a-z]+\.xyz\/(ads)", "a.*b c", r"\/x\/"])
def test_what_was_told_of_an_expression_is_enough(body: str) -> None:
    expression = translate(body)
    assert recall(body, expression.told()) == expression
    for nonsense in ("", "x", "1 2 3", "9999999 1 1 x", "-1 0 0 x"):
        assert recall(body, nonsense) == expression


@pytest.mark.parametrize(
    "line",
    [
        "||ads.*/x",
        "||ads*x",
        "*$script,to=a.b|~b.b",
        "*$denyallow=a.b|ads.b",
        r"/^https?:\/\/(?:ads|[ab]{1,3})\.[ab]+\/[a-z]/",
        r"/^https:\/\/ads\./",
    ],
)
def test_a_host_that_cannot_fit_never_fits(line: str) -> None:
    made = parse_network(line)
    assert isinstance(made, NetworkFilter)
    can_fit = host_test(made, translate(made.pattern[1:-1]) if made.is_regex else None)
    if can_fit is None:
        return
    from myco_filters.engine import Engine
    from myco_filters.request import Kind, Request
    from myco_filters.syntax.lists import FilterList
    from myco_filters.verdict import Allow

    engine = Engine.compile([FilterList("x", "x", line)])
    hosts = ["ads.b", "a.b", "b.b", "x.ads.b", "loads.b", "adsx.b", "ab.ab", "abab.a", "ads.a.b"]
    for host in hosts:
        for url in (f"https://{host}/x", f"http://{host}/ax", f"https://{host}:8080/x"):
            verdict = engine.match(Request.make(url, "https://s.test/", Kind.SCRIPT))
            usual = Request.make(url, "", Kind.SCRIPT).is_usual
            assert can_fit(host) or not usual or verdict == Allow(None)


def test_registrable_domains_are_those_of_the_public_suffix_list() -> None:
    reference = PublicSuffixList()
    hosts = [
        *["a.b.example.com", "example.com", "com", "a.co.uk", "x.y.co.uk", "a.github.io"],
        *["github.io", "b.c.kobe.jp", "c.kobe.jp", "city.kobe.jp", "a.city.kobe.jp", "www.ck"],
        *["a.www.ck", "x.y.ck", "unknown", "a.unknown", "a.b.unknown", "xn--p1ai", "a.xn--p1ai"],
        *["s3.amazonaws.com", "x.s3.amazonaws.com", "a.compute.amazonaws.com", "食狮.com.cn"],
        *["食狮.公司.cn", "a.xn--55qx5d.cn"],
    ]
    for host in hosts:
        expected = reference.privatesuffix(host) or host
        assert registrable(host) == expected, host


def test_a_name_longer_than_any_costs_no_thousand_suffixes() -> None:
    long = "a." * 2000 + "test"
    assert suffixes(long) == (long,)
    assert registrable(long) == long


def test_addresses_have_no_suffix() -> None:
    assert registrable("192.0.2.1") == "192.0.2.1"
    assert registrable("[2001:db8::1]") == "[2001:db8::1]"
    assert registrable("") == ""
    assert re.fullmatch(r"[^ ]*", registrable(".."))


def test_warming_makes_the_filters_of_a_host_that_hundreds_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first request to that host is not to wait for all of them to be read."""
    text = "\n".join(f"||many.test/files/{number}/x$doc" for number in range(300))
    engine = Engine.compile([FilterList("a", "A", text)])
    for _step in engine.warm():
        pass

    def refused(raw: str) -> NetworkFilter:
        raise AssertionError(raw)

    monkeypatch.setattr("myco_filters.lines.parse_network", refused)
    request = Request.make("https://many.test/files/299/x", "", Kind.MAIN_FRAME)
    found = engine.match(request)
    assert isinstance(found, Block)
    assert found.filter.raw == "||many.test/files/299/x$doc", "no failure, which blocks as well"


def test_a_warmed_engine_decides_as_one_that_is_not() -> None:
    kinds = ["script", "image", "doc", "xhr,3p", "1p", "script,domain=s.test", "match-case"]
    lines = [f"||many.test/Files/{at}/*x${kinds[at % len(kinds)]}" for at in range(300)]
    lines += ["||many.test^$media,important", "/^https:\\/\\/[a-z]+\\.test\\/b/$script,to=test"]
    lines += ["@@||many.test/files/7/$3p", "/^https?:\\/\\/many\\..*Q$/$match-case,script"]
    lists = [FilterList("a", "A", "\n".join(lines))]
    warmed = Engine.compile(lists)
    for _step in warmed.warm():
        pass
    fresh = Engine.compile(lists)
    seen = set()
    request = Request.make("https://many.test/files/9/x", "", Kind.SCRIPT)
    for kind in Kind:
        for source in ("https://s.test/", "https://many.test/"):
            for path in (*(f"files/{at}/yx" for at in range(0, 300, 9)), "Files/6/x", "b", "cQ"):
                request = Request.make(f"https://www.many.test/{path}", source, kind)
                assert warmed.match(request) == fresh.match(request), request.url
                seen.add(type(fresh.match(request)))
    assert len(seen) == 2
    for _step in warmed.cool():
        pass
    assert warmed.match(request) == fresh.match(request)

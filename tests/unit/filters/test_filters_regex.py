from __future__ import annotations

import pytest

from myco_filters.pattern import expression_of, expression_test
from myco_filters.regex import RegexRefusedError, translate


@pytest.mark.parametrize(
    "body",
    [
        "(a+)+",
        "(a*)*b",
        "(ab|[a-z]b)+c",
        "(.*a){12}",
        "(?:[a-z]+[a-z0-9]*)+!",
        "(\\w+\\d?)+x",
        "a.*b.*c.*d.*e.*f",
        "x" * 5000,
    ],
)
def test_expressions_that_can_take_for_ever_are_refused(body: str) -> None:
    with pytest.raises(RegexRefusedError) as refused:
        translate(body)
    assert refused.value.dangerous


@pytest.mark.parametrize("body", ["(", "[z-a]", "(?<=a+)b", "a{2,1}", "\\", "(?P<x>a)(?P<x>b)"])
def test_expressions_without_a_translation_are_refused(body: str) -> None:
    with pytest.raises(RegexRefusedError) as refused:
        translate(body)
    assert not refused.value.dangerous


@pytest.mark.parametrize(
    ("body", "literal"),
    [
        (r"^https?:\/\/ads\.example\.com\/", "://ads.example.com/"),
        (r"\/(?:foo|barbar)\/tracker\.js", "/tracker.js"),
        (r"(?:banner[0-9]+)+x", "banner"),
        (r"[a-z]+", ""),
        (r"^https?:\/\/", "http"),
        (r"x?ads?", "ad"),
    ],
)
def test_mandatory_literal(body: str, literal: str) -> None:
    assert translate(body).literal == literal


@pytest.mark.parametrize(
    ("body", "text", "fits"),
    [
        (r"[[a]b", "[b", True),
        (r"[^[]b", "[b", False),
        (r"[a||b]", "|", True),
        (r"[+--]", "-", True),
        (r"[&&~~]x", "~x", True),
        (r"[\[\]]x", "]x", True),
        (r"a[]", "a", False),
        (r"\/[/]\/", "///", True),
        (r"(?<name>a)", "a", True),
    ],
)
def test_classes_mean_what_they_mean_in_javascript(body: str, text: str, fits: bool) -> None:
    test = expression_test(translate(body), False)
    assert (test(text) is not None) is fits


def test_translation() -> None:
    assert expression_test(expression_of(r"/(?<x>ab)\k/".replace(r"\k", "")), False)("zabz")
    assert expression_test(expression_of(r"/[^]x/"), False)("\nx")
    assert expression_test(expression_of(r"/^[a-z]{3}$/"), False)("abc")


def test_what_is_cut_off_is_no_end() -> None:
    expression = translate(r"^a.*b.*c$")
    test = expression_test(expression, False)
    assert test("a" + "b" + "c")
    assert not test("ab" + "c" * (expression.reach + 10))
    assert not test("ab" + "c" * (expression.reach - 2) + "d")


@pytest.mark.parametrize(
    "body",
    [
        r"^https?:\/\/(?:[a-z]{2}\.)?[a-z0-9]{7,14}\.(?:com|net|xyz)\/[a-z](?=[a-z]{0,25}[0-9A-Z])",
        r"\/(?:[\w-]+\/)+ads\.js",
        r"^https:\/\/[^/]+\/[0-9a-f]{32}\.js\?",
        r"(?:foo|bar)+\.gif",
    ],
)
def test_expressions_of_real_lists_are_kept(body: str) -> None:
    assert translate(body).reach >= 256

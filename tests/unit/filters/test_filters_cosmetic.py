from __future__ import annotations

import pytest

from myco_filters.build_cosmetic import generic_key
from myco_filters.engine import Engine
from myco_filters.request import Kind, Request
from myco_filters.syntax.causes import Cause, Unsupported
from myco_filters.syntax.cosmetic import CosmeticFilter, parse_cosmetic
from myco_filters.syntax.lists import FilterList
from myco_filters.syntax.procedural import (
    Body,
    Hide,
    Procedural,
    Scriptlet,
    Style,
    read_body,
)

NONE: frozenset[str] = frozenset()


def engine(*lines: str) -> Engine:
    return Engine.compile([FilterList("test", "Test", "\n".join(lines))])


# --- syntax


@pytest.mark.parametrize(
    ("body", "meaning"),
    [
        (".ad", Hide(".ad")),
        ("div[x='a)b'] > :not(.b)", Hide("div[x='a)b'] > :not(.b)")),
        (".a:has(> .b)", Hide(".a:has(> .b)")),
        (".a:-abp-has(.b)", Hide(".a:has(.b)")),
        (".a:style(color: red !important)", Style(".a", "color: red !important")),
        (
            ".a:has(b:has-text(/x(y)/i))",
            Procedural(
                (("css", ".a"), ("has", (("css", "b"), ("has-text", "/x(y)/i")))), "hide", ""
            ),
        ),
        (
            ".a:-abp-contains(x) > b:nth-ancestor(2):remove()",
            Procedural(
                (("css", ".a"), ("has-text", "x"), ("css", " > b"), ("upward", "2")), "remove", ""
            ),
        ),
        (
            ".a:matches-path(/^x/):style(top: 0)",
            Procedural((("css", ".a"), ("matches-path", "/^x/")), "style", "top: 0"),
        ),
        ("a:remove-attr(href)", Procedural((("css", "a"),), "remove-attr", "href")),
        (":xpath(//a[text()='b'])", Procedural((("xpath", "//a[text()='b']"),), "hide", "")),
        ('a:has-text(" x ")', Procedural((("css", "a"), ("has-text", " x ")), "hide", "")),
        ("+js(set, a.b, false)", Scriptlet("set", ("a.b", "false"))),
        ("+js(rpnt, x\\,y, '{a, b}')", Scriptlet("rpnt", ("x,y", "{a, b}"))),
        ("+js(nowebrtc)", Scriptlet("nowebrtc", ())),
        ("+js(a, , c)", Scriptlet("a", ("", "c"))),
    ],
)
def test_bodies(body: str, meaning: Body) -> None:
    assert read_body(body) == meaning


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("a.com#?#.x:has-text(y)", ".x:has-text(y)"),
        ("a.com#$#.x { color: red }", ".x:style(color: red)"),
        ("a.com##.x {remove: true;}", ".x:remove()"),
        ("a.com#@?#.x:has-text(y)", ".x:has-text(y)"),
    ],
)
def test_spellings_become_one(line: str, body: str) -> None:
    made = parse_cosmetic(line)
    assert isinstance(made, CosmeticFilter)
    assert made.body == body
    assert made.exception is ("@" in line)


def test_domains() -> None:
    made = parse_cosmetic(r"A.com,~b.a.com,n.*,/^x[0-9]{1,2}\./,c.com>>,*##.x")
    assert made == CosmeticFilter(
        ".x", False, ("a.com", "n.*", "c.com>>"), ("b.a.com",), (r"^x[0-9]{1,2}\.",)
    )


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("a.com##^script:has-text(x)", Cause.HTML_FILTER),
        ("a.com##^responseheader(refresh)", Cause.RESPONSE_HEADER_FILTER),
        ("a.com#%#alert(1)", Cause.JAVASCRIPT_RULE),
        ("a.com#$#abort-on-property-read x", Cause.JAVASCRIPT_RULE),
        ("a.com##.x:-abp-properties(y)", Cause.UNKNOWN_OPERATOR),
        ("a.com##.x{}body", Cause.BAD_SELECTOR),
        ("a.com##.x[y", Cause.BAD_SELECTOR),
        ("a.com##.x:has-text(y", Cause.BAD_SELECTOR),
        ("a.com##.x/*", Cause.BAD_SELECTOR),
        ("a.com##.x:style(background: url(//evil.test))", Cause.BAD_SELECTOR),
        ("a.com##.x:style(a: b} body {c: d)", Cause.BAD_SELECTOR),
        ("a.com##.x:remove():has-text(y)", Cause.BAD_SELECTOR),
        ("a.com##", Cause.BAD_SELECTOR),
        ("a.com##+js()", Cause.BAD_SELECTOR),
        ("a..:b##.x", Cause.BAD_DOMAIN),
    ],
)
def test_refusals_have_causes(line: str, cause: Cause) -> None:
    made = parse_cosmetic(line)
    assert isinstance(made, Unsupported)
    assert made.cause is cause


@pytest.mark.parametrize(
    ("selector", "key"),
    [
        (".ad", ".ad"),
        ("#ad", "#ad"),
        ("div.ad > b", ".ad"),
        (".ad[x]", ".ad"),
        (".a,.b", ""),
        ("[class^='ad']", ""),
        (".a\\:b", ""),
        ("body > .ad", ""),
    ],
)
def test_generic_keys(selector: str, key: str) -> None:
    assert generic_key(selector) == key


# --- queries


def test_specific_filters_of_a_site() -> None:
    made = engine(
        "site.test##.a",
        "~b.site.test,site.test##.not-b",
        "site.*##.entity",
        "*##.everywhere",
        r"/^www\.site\./##.expression",
        "other.test##.other",
        "frame.test>>##.framed",
        "site.test##.s:style(top: 0)",
        "site.test##.p:has-text(x)",
        "site.test##+js(set, a, b)",
    )
    found = made.cosmetics("https://www.site.test/page")
    assert set(found.selectors) == {".a", ".not-b", ".entity", ".expression"}
    assert found.styles == (Style(".s", "top: 0"),)
    assert len(found.procedural) == 1
    assert found.scriptlets == (Scriptlet("set", ("a", "b")),)
    assert ".not-b" not in made.cosmetics("https://b.site.test/").selectors
    assert made.cosmetics("https://x.test/", ["www.frame.test"]).selectors == (".framed",)
    assert made.generic(["everywhere"], [], NONE) == (".everywhere",)


def test_exceptions() -> None:
    made = engine(
        "site.test##.a",
        "##.g",
        "###i",
        "##.gone",
        "site.test##.gone",
        "site.test##+js(set, a, b)",
        "site.test##+js(noop)",
        "www.site.test#@#.a",
        "site.test#@#.g",
        "#@#.gone",
        "www.site.test#@#+js(set, a, b)",
        "quiet.site.test#@#+js()",
    )
    found = made.cosmetics("https://www.site.test/")
    assert found.selectors == ()
    assert found.scriptlets == (Scriptlet("noop", ()),)
    assert len(found.scriptlet_lists) == 1
    assert made.generic(["g", "gone"], ["i"], found.exceptions) == ("#i",)
    elsewhere = made.cosmetics("https://else.test/")
    assert made.generic(["g", "gone"], ["i"], elsewhere.exceptions) == (".g", "#i")
    assert made.cosmetics("https://quiet.site.test/").scriptlets == ()


def test_generic_filters_by_need() -> None:
    made = engine(
        "##.ad",
        "##div.ad > b",
        "###box",
        "##[href*='ads']",
        "~site.test##.not-there",
        "##.p:has-text(x)",
    )
    assert made.generic(["ad", "ad", "x"], [], NONE) == (".ad", "div.ad > b")
    assert made.generic([], ["box"], NONE) == ("#box",)
    assert made.generic(["box"], ["ad"], NONE) == ()
    assert made.generic_always(NONE) == ("[href*='ads']",)
    there = made.cosmetics("https://site.test/")
    assert made.generic(["not-there"], [], there.exceptions) == ()
    assert made.generic(["not-there"], [], NONE) == (".not-there",)
    assert len(there.procedural) == 1


@pytest.mark.parametrize(
    ("option", "generic", "specific"),
    [
        ("generichide", False, True),
        ("ghide", False, True),
        ("specifichide", True, False),
        ("elemhide", False, False),
        ("ehide,domain=other.test", True, True),
        ("ghide,domain=site.test|~www.site.test", False, True),
    ],
)
def test_hiding_is_switched_off_for_pages(option: str, generic: bool, specific: bool) -> None:
    pattern = "*" if "domain" in option else "||site.test^"
    made = engine(f"@@{pattern}${option}", "site.test##.a", "site.test##+js(noop)")
    found = made.cosmetics("https://site.test/x")
    assert (found.hides_generic, found.hides_specific) == (generic, specific)
    assert found.selectors == ((".a",) if specific else ())
    assert found.scriptlets, "scriptlets are not hiding"


def test_policies() -> None:
    made = engine(
        "||site.test^$csp=script-src 'none'",
        "||site.test/b$csp=img-src 'none'",
        "@@||site.test/b$csp=script-src 'none'",
        "||site.test^$permissions=camera=()",
        "||free.test^$csp=script-src 'none'",
        "@@||free.test^$csp",
    )

    def page(url: str) -> Request:
        return Request.make(url, "", Kind.MAIN_FRAME)

    assert made.policies(page("https://site.test/")) == ("script-src 'none'",)
    assert made.policies(page("https://site.test/b")) == ("img-src 'none'",)
    assert made.policies(page("https://free.test/")) == ()
    assert made.permissions(page("https://site.test/")) == ("camera=()",)


def test_any_address_has_an_answer() -> None:
    made = engine("##.a")
    for url in ("", "about:blank", "data:,x", "https://[::1]/", "https://192.0.2.1/", "\ud800"):
        assert made.cosmetics(url).hides_generic


def test_each_scriptlet_call_has_its_list() -> None:
    made = Engine.compile(
        [
            FilterList("one", "One", "site.test##+js(a)\nelse.test##+js(b)"),
            FilterList("two", "Two", "site.test##+js(b)\nsite.test##+js(c)"),
        ]
    )
    found = made.cosmetics("https://site.test/")
    assert dict(zip(found.scriptlets, found.scriptlet_lists, strict=True)) == {
        Scriptlet("a", ()): "one",
        Scriptlet("b", ()): "two",
        Scriptlet("c", ()): "two",
    }
    quiet = Engine.compile([FilterList("one", "One", "site.test##+js(a)\nsite.test#@#+js()")])
    assert quiet.cosmetics("https://site.test/").scriptlet_lists == ()

"""Every option of the syntax, asked of an engine: what it stops, and what it lets pass."""

from __future__ import annotations

import pytest

from myco_filters.engine import Engine
from myco_filters.request import Kind, Request
from myco_filters.syntax.causes import Cause
from myco_filters.syntax.lists import FilterList, parse_list
from myco_filters.verdict import Allow, Block, Redirect, Verdict

URL = "https://cdn.example/lib/ad.js"
SITE = "https://site.test/"
_TYPES = {
    **{"other": Kind.OTHER, "script": Kind.SCRIPT, "image": Kind.IMAGE, "media": Kind.MEDIA},
    **{"stylesheet": Kind.STYLESHEET, "css": Kind.STYLESHEET, "object": Kind.OBJECT},
    **{"object-subrequest": Kind.OBJECT, "xmlhttprequest": Kind.XMLHTTPREQUEST},
    **{"xhr": Kind.XMLHTTPREQUEST, "subdocument": Kind.SUB_FRAME, "frame": Kind.SUB_FRAME},
    **{"font": Kind.FONT, "websocket": Kind.WEBSOCKET, "ping": Kind.PING, "beacon": Kind.PING},
    **{"document": Kind.MAIN_FRAME, "doc": Kind.MAIN_FRAME, "popup": Kind.POPUP},
    **{"popunder": Kind.POPUNDER, "inline-script": Kind.INLINE_SCRIPT},
    **{"inline-font": Kind.INLINE_FONT},
}
_ALWAYS = frozenset(Kind) - {
    *(Kind.MAIN_FRAME, Kind.POPUP, Kind.POPUNDER, Kind.INLINE_SCRIPT, Kind.INLINE_FONT)
}


def asked(*lines: str, kind: Kind = Kind.SCRIPT, url: str = URL, source: str = SITE) -> Verdict:
    """The verdict of a list of these lines."""
    engine = Engine.compile([FilterList("test", "Test", "\n".join(lines))])
    return engine.match(Request.make(url, source, kind))


@pytest.mark.parametrize(("option", "kind"), _TYPES.items())
def test_a_type_is_that_type_alone(option: str, kind: Kind) -> None:
    engine = Engine.compile([FilterList("test", "Test", f"||cdn.example/lib/${option}")])
    stopped = {one for one in Kind if isinstance(engine.match(Request.make(URL, SITE, one)), Block)}
    assert stopped == {kind}


@pytest.mark.parametrize("option", [name for name, kind in _TYPES.items() if kind in _ALWAYS])
def test_a_negated_type_is_all_usual_ones_but_that(option: str) -> None:
    engine = Engine.compile([FilterList("test", "Test", f"||cdn.example/lib/$~{option}")])
    stopped = {one for one in Kind if isinstance(engine.match(Request.make(URL, SITE, one)), Block)}
    assert stopped == _ALWAYS - {_TYPES[option]}


@pytest.mark.parametrize(
    ("line", "kind", "resource"),
    [
        ("||cdn.example/lib/$script,empty", Kind.SCRIPT, "noop.txt"),
        ("||cdn.example/lib/$mp4", Kind.MEDIA, "noop-1s.mp4"),
        ("||cdn.example/lib/$script,redirect=noop.js:5", Kind.SCRIPT, "noop.js"),
        ("||cdn.example/lib/$script,rewrite=abp-resource:blank-js", Kind.SCRIPT, "noop.js"),
    ],
)
def test_short_words_for_stand_ins(line: str, kind: Kind, resource: str) -> None:
    found = asked(line, kind=kind)
    assert isinstance(found, Redirect)
    assert found.resource == resource


@pytest.mark.parametrize(
    ("option", "cause"),
    [
        ("replace=/a/b/", Cause.NEEDS_RESPONSE),
        ("header=server:x", Cause.NEEDS_RESPONSE),
        ("responseheader", Cause.NEEDS_RESPONSE),
        ("requestheader=a:b", Cause.NEEDS_REQUEST_HEADER),
    ],
)
def test_what_has_no_effect_is_told_with_its_line(option: str, cause: Cause) -> None:
    found = parse_list(f"! title\n||fine.test^\n\n||cdn.example/lib/${option}\n")
    assert [(number, one.cause) for number, one in found.unsupported] == [(4, cause)]
    assert isinstance(asked(f"||cdn.example/lib/${option}"), Allow)


@pytest.mark.parametrize(
    "line",
    [
        *("||-bad.test^", "||bad-.test^$third-party", "||a..test^", "||.a.test/x$script"),
        *("a..b,-c.test##.ad", "a.test,##.ad", "*.test##.ad", "a*.test##.ad"),
    ],
)
def test_an_odd_line_among_usual_ones_is_read_as_if_it_stood_alone(line: str) -> None:
    """Usual lines are taken many at once; one that is not quite of their form costs no other."""
    usual = ["||one.test^", "||two.test^", "||three.test^$third-party", "||four.test/x$script"]
    hides = ["##.ad", "##.banner", "a.test,b.*##.x", "c.test##+js(noop)"]
    alone = parse_list(line)
    whole = parse_list("\n".join([*usual[:1], line, *usual[1:], *hides[:1], line, *hides[1:]]))
    assert whole.kept == 2 * alone.kept + len(usual) + len(hides)
    assert [number for number, _ in whole.unsupported] == ([2, 7] if alone.unsupported else [])
    assert {host for hosts in whole.hosts.values() for host in hosts} >= {"one.test", "two.test"}

from __future__ import annotations

import gc
import weakref

import pytest

from myco_filters.engine import Engine
from myco_filters.request import Kind, Request
from myco_filters.syntax.lists import FilterList
from myco_filters.verdict import Allow, Block, Redirect, Rewrite, Verdict

SITE = "https://site.example/page"


def engine(*lines: str, strict: bool = False) -> Engine:
    return Engine.compile([FilterList("test", "Test list", "\n".join(lines), strict)])


def ask(
    made: Engine,
    url: str,
    source: str = SITE,
    kind: Kind = Kind.SCRIPT,
    method: str = "GET",
    top: str = "",
) -> Verdict:
    return made.match(Request.make(url, source, kind, method, top))


def is_blocked(lines: str, url: str, source: str = SITE, kind: Kind = Kind.SCRIPT) -> bool:
    return isinstance(ask(engine(*lines.split("\n")), url, source, kind), Block)


@pytest.mark.parametrize(
    ("line", "url", "blocked"),
    [
        ("||ads.test^", "https://ads.test/x", True),
        ("||ads.test^", "https://a.ads.test:8080/", True),
        ("||ads.test^", "https://badads.test/", False),
        ("||ads.test^", "https://ads.test.evil.example/", False),
        ("||ads.test^", "https://x.example/?u=//ads.test/", False),
        ("||ads.test/path", "https://www.ads.test/path/x", True),
        ("||ads.test/path", "https://www.ads.test/other/path", False),
        ("||ads.test^*/x.js|", "https://ads.test/a/b/x.js", True),
        ("||ads.test^*/x.js|", "https://ads.test/a/b/x.js?", False),
        ("||ads.", "https://ads.test/", True),
        ("||ads.", "https://loads.test/", False),
        ("|https://a.test/x", "https://a.test/xyz", True),
        ("|https://a.test/x", "https://b.test/?https://a.test/x", False),
        ("/banner.gif|", "https://a.test/banner.gif", True),
        ("/banner.gif|", "https://a.test/banner.gif?x", False),
        ("/ads/*/x^", "https://a.test/ads/1/2/x", True),
        ("/ads/*/x^", "https://a.test/ads/1/2/xy", False),
        ("/ads/*/x^", "https://a.test/x/ads/", False),
        ("-ad-unit^", "https://a.test/my-ad-unit/", True),
        ("/Track.JS", "https://a.test/tRaCk.js", True),
        ("/Track.JS$match-case", "https://a.test/track.js", False),
        ("/Track.JS$match-case", "https://a.test/Track.JS", True),
        ("||a.test/Path$match-case", "https://a.test/path", False),
        ("||a.test/Path$match-case", "https://a.test/Path", True),
        (r"/ads[0-9]+\.js$/", "https://a.test/ads12.js", True),
        (r"/ads[0-9]+\.js$/", "https://a.test/ads12.jsx", False),
        (r"/ADS[0-9]/$match-case", "https://a.test/ads1", False),
        (r"/ADS[0-9]/", "https://a.test/ads1", True),
        ("0.0.0.0 ads.test", "https://x.ads.test/", True),
        ("*$script,domain=site.example", "https://any.test/x", True),
        ("$script,domain=other.example", "https://any.test/x", False),
    ],
)
def test_patterns(line: str, url: str, blocked: bool) -> None:
    assert is_blocked(line, url) is blocked


@pytest.mark.parametrize(
    ("line", "source", "blocked"),
    [
        ("/x.js$domain=site.example", "https://www.site.example/", True),
        ("/x.js$domain=~site.example", "https://www.site.example/", False),
        ("/x.js$domain=site.example|~www.site.example", "https://www.site.example/", False),
        ("/x.js$domain=site.*", "https://www.site.co.uk/", True),
        ("/x.js$domain=site.*", "https://site.evil.example/", False),
        ("/x.js$domain=/^s[a-z]+te\\./", "https://site.example/", True),
        ("/x.js$domain=/^other/", "https://site.example/", False),
        ("/x.js$from=site.example", "https://site.example/", True),
        ("/x.js$domain=example", "https://site.example/", True),
        ("/x.js$domain=site.example", "", False),
        ("/x.js$domain=~site.example", "", True),
    ],
)
def test_source_domains(line: str, source: str, blocked: bool) -> None:
    assert is_blocked(line, "https://cdn.test/x.js", source) is blocked


@pytest.mark.parametrize(
    ("line", "url", "blocked"),
    [
        ("*$script,to=a.test", "https://x.a.test/", True),
        ("*$script,to=a.test", "https://b.test/", False),
        ("*$script,3p,to=~a.test", "https://a.test/", False),
        ("*$script,to=a.*", "https://a.co.uk/", True),
        ("*$3p,denyallow=a.test|b.test,domain=site.example", "https://x.a.test/", False),
        ("*$3p,denyallow=a.test|b.test,domain=site.example", "https://c.test/", True),
        ("/x$strict1p", "https://site.example/x", True),
        ("/x$strict1p", "https://www.site.example/x", False),
        ("/x$strict3p", "https://www.site.example/x", True),
    ],
)
def test_target_and_party(line: str, url: str, blocked: bool) -> None:
    assert is_blocked(line, url) is blocked


def test_method_and_top() -> None:
    made = engine("/x$method=post|put", "/y$top=top.example")
    assert isinstance(ask(made, "https://a.test/x", method="POST"), Block)
    assert ask(made, "https://a.test/x") == Allow(None)
    assert isinstance(ask(made, "https://a.test/y", top="https://top.example/"), Block)
    assert ask(made, "https://a.test/y") == Allow(None)


def test_exceptions_and_important() -> None:
    made = engine("||a.test^", "@@||a.test/ok$script", "||a.test/ok/never$important", "@@||c.test^")
    allowed = ask(made, "https://a.test/ok/x")
    assert isinstance(allowed, Allow)
    assert allowed.exception is not None
    assert allowed.exception.raw == "@@||a.test/ok$script"
    assert allowed.exception.list_title == "Test list"
    assert isinstance(ask(made, "https://a.test/ok/x", kind=Kind.IMAGE), Block)
    strong = ask(made, "https://a.test/ok/never")
    assert isinstance(strong, Block)
    assert strong.filter.raw == "||a.test/ok/never$important"
    assert ask(made, "https://c.test/") == Allow(None), "an exception without block is no news"


@pytest.mark.parametrize(
    "cancel",
    [
        "||a.test/x$script,third-party,badfilter",
        "||a.test/x$3p,script,badfilter",
        "||a.test/x$~1p,badfilter,script",
    ],
)
def test_badfilter_cancels_however_it_is_spelled(cancel: str) -> None:
    assert is_blocked("||a.test/x$script,third-party", "https://a.test/x")
    assert not is_blocked(f"||a.test/x$script,third-party\n{cancel}", "https://a.test/x")
    assert not is_blocked("||a.test^\n||a.test^$badfilter", "https://a.test/x")
    assert is_blocked("||a.test^\n||a.test^$image,badfilter", "https://a.test/x")


def test_badfilter_ignores_the_order_of_domains() -> None:
    lines = "/x$domain=b.example|site.example\n/x$from=site.example|b.example,badfilter"
    assert not is_blocked(lines, "https://a.test/x")


def test_the_filter_and_list_are_named() -> None:
    made = Engine.compile(
        [
            FilterList("one", "First", "||a.test^$third-party"),
            FilterList("two", "Second", "||a.test^$image\n0.0.0.0 b.test"),
        ]
    )
    first = ask(made, "https://a.test/")
    assert isinstance(first, Block)
    assert (first.filter.raw, first.filter.list_id) == ("||a.test^$third-party", "one")
    own = ask(made, "https://a.test/", "https://a.test/", Kind.IMAGE)
    assert isinstance(own, Block)
    assert (own.filter.raw, own.filter.list_title) == ("||a.test^$image", "Second")
    hosts = ask(made, "https://b.test/")
    assert isinstance(hosts, Block)
    assert hosts.filter.raw == "0.0.0.0 b.test"


def test_redirects() -> None:
    made = engine(
        "||a.test/x.js$script,redirect=noop.js",
        "||a.test/x.js$script,redirect-rule=better.js:5",
        "||b.test/y.js$redirect-rule=noop.js",
        "||c.test/z.js$script,redirect=noop.js",
        "@@||c.test/z.js$redirect-rule",
        "||d.test^",
        "*$script,domain=site.example,to=d.test,redirect-rule=noop.js",
    )
    assert ask(made, "https://b.test/y.js") == Allow(None), "a rule alone blocks nothing"
    best = ask(made, "https://a.test/x.js")
    assert isinstance(best, Redirect)
    assert best.resource == "better.js"
    assert best.filter.raw == "||a.test/x.js$script,redirect=noop.js"
    assert isinstance(ask(made, "https://c.test/z.js"), Block)
    assert isinstance(ask(made, "https://d.test/"), Redirect)


def test_parameters_are_removed() -> None:
    made = engine(
        "*$removeparam=utm_source",
        "*$removeparam=/^mc_[ce]id=/",
        "||strip.test^$removeparam",
        "||keep.test^$removeparam=~id",
        "@@||excepted.test^$removeparam=utm_source",
        "||blocked.test^",
    )
    cleaned = ask(made, "https://a.test/?x=1&utm_source=mail&mc_cid=9&y=%20#z")
    assert isinstance(cleaned, Rewrite)
    assert cleaned.url == "https://a.test/?x=1&y=%20#z"
    page = ask(made, "https://a.test/?utm_source=a", kind=Kind.MAIN_FRAME)
    assert isinstance(page, Rewrite)
    assert page.url == "https://a.test/"
    again = ask(made, page.url, kind=Kind.MAIN_FRAME)
    assert again == Allow(None), "a cleaned address is clean"
    stripped = ask(made, "https://strip.test/p?a=1&b=2")
    assert isinstance(stripped, Rewrite)
    assert stripped.url == "https://strip.test/p"
    kept = ask(made, "https://keep.test/p?a=1&id=2&b")
    assert isinstance(kept, Rewrite)
    assert kept.url == "https://keep.test/p?id=2"
    assert ask(made, "https://excepted.test/?utm_source=a") == Allow(None)
    assert isinstance(ask(made, "https://blocked.test/?utm_source=a"), Block)


@pytest.mark.parametrize(
    ("line", "blocked"),
    [
        ("||bad.test^", False),
        ("||bad.test^$third-party", False),
        ("/x", False),
        ("*$domain=bad.test", False),
        ("||bad.test^$document", True),
        ("||bad.test/x$doc", True),
        ("||bad.test^$all", True),
        ("||bad.test/x^$all", True),
        (r"/^https:\/\/bad\./$doc,to=test", True),
        ("||bad.test^$doc,3p", False),
        ("||bad.test^$doc\n@@||bad.test/x$doc", False),
        ("||bad.test^$doc\n@@||bad.test/x", True),
        ("||bad.test^$popup", False),
    ],
)
def test_top_documents_need_a_filter_meant_for_them(line: str, blocked: bool) -> None:
    made = engine(*line.split("\n"))
    for source in ("", "https://other.example/"):
        verdict = ask(made, "https://bad.test/x", source, Kind.MAIN_FRAME)
        assert isinstance(verdict, Block) is blocked


def test_malware_hosts_refuse_pages_too() -> None:
    lines = "bad.test", "192.0.2.66", "||ads.test^"
    strict, plain = engine(*lines, strict=True), engine(*lines)
    for url in ("https://bad.test/x", "https://192.0.2.66/"):
        assert isinstance(ask(strict, url, "", Kind.MAIN_FRAME), Block)
        assert ask(plain, url, "", Kind.MAIN_FRAME) == Allow(None)
        assert isinstance(ask(plain, url), Block)
    assert ask(strict, "https://ads.test/", "", Kind.MAIN_FRAME) == Allow(None)


def test_popups_need_a_filter_meant_for_them() -> None:
    made = engine(
        "||pop.test^$popup,3p", "||ads.test^", "||every.test^$all", "@@||pop.test/ok$popup"
    )
    assert isinstance(ask(made, "https://pop.test/", kind=Kind.POPUP), Block)
    assert isinstance(ask(made, "https://pop.test/ok", kind=Kind.POPUP), Allow)
    assert ask(made, "https://pop.test/", "https://pop.test/", Kind.POPUP) == Allow(None)
    assert ask(made, "https://ads.test/", kind=Kind.POPUP) == Allow(None)
    assert isinstance(ask(made, "https://every.test/", kind=Kind.POPUP), Block)
    assert ask(made, "https://pop.test/") == Allow(None)


def test_ports_and_user_names_change_nothing_about_the_host() -> None:
    made = engine(
        "||ads.test^",
        "||path.test/x",
        "||part*/y",
        r"/^https:\/\/[a-z]+@user\.test\//",
        r"/^https:\/\/port\.test:8080\//",
    )
    for before, after in (("", ""), ("user@", ""), ("", ":8080"), ("u:p@", ":8080")):
        for _ in range(2):  # the second time from what is remembered of the host
            for host, path in (("ads.test", ""), ("a.path.test", "x"), ("partner.test", "y")):
                url = f"https://{before}{host}{after}/{path}"
                # "path.test/x" is not in an address with a port between them.
                fits = host != "a.path.test" or not after
                assert isinstance(ask(made, url), Block) is fits, url
    for host in ("user.test", "port.test"):
        assert ask(made, f"https://{host}/") == Allow(None)
    assert isinstance(ask(made, "https://me@user.test/"), Block)
    assert isinstance(ask(made, "https://port.test:8080/"), Block)


def test_local_schemes_reach_nobody() -> None:
    made = engine("*$image,domain=site.example")
    assert ask(made, "data:image/gif;base64,R0", kind=Kind.IMAGE) == Allow(None)
    assert isinstance(ask(made, "wss://a.test/", kind=Kind.IMAGE), Block)


def test_an_internal_failure_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    made = engine("||a.test^")

    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(made, "_rewritten", fail)
    assert isinstance(ask(made, "https://harmless.test/"), Block)


def test_an_engine_that_is_let_go_is_freed_at_once() -> None:
    made = engine("||a.test^")
    assert isinstance(ask(made, "https://a.test/"), Block)
    gone = weakref.ref(made)
    gc.disable()
    try:
        del made
        assert gone() is None, "a frozen engine in a cycle would never be freed"
    finally:
        gc.enable()

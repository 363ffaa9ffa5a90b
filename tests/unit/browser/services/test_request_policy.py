"""What may happen to a request, decided on a snapshot."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myco_browser.domain.site_settings import Level
from myco_browser.services.request_policy import (
    STRICT_LEVEL,
    GrantLocal,
    PolicySnapshot,
    RefuseLocal,
    decide,
)
from myco_browser.services.strict_level import strict_extras
from myco_filters.engine import Engine
from myco_filters.request import Kind, Request
from myco_filters.syntax.lists import FilterList
from myco_filters.verdict import Allow, Block, Redirect

_LISTS = [FilterList("t", "Test", "||ads.example^\n||bad.example^$all\n@@||ads.example/ok^")]
SNAPSHOT = PolicySnapshot(Engine.compile(_LISTS))
PAGE = "https://news.example/"


def _request(url: str, kind: Kind = Kind.IMAGE, top: str = PAGE) -> Request:
    return Request.make(url, url if kind is Kind.MAIN_FRAME else top, kind, "GET", top)


def test_filters_decide() -> None:
    assert isinstance(decide(SNAPSHOT, _request("https://ads.example/x"), PAGE), Block)
    assert isinstance(decide(SNAPSHOT, _request("https://cdn.example/x"), PAGE), Allow)
    assert isinstance(decide(SNAPSHOT, _request("https://ads.example/ok"), PAGE), Allow)


def test_a_site_can_be_left_unfiltered() -> None:
    snapshot = replace(SNAPSHOT, unblocked_sites=frozenset({"news.example"}))
    request = _request("https://ads.example/x")
    assert isinstance(decide(snapshot, request, PAGE), Allow)
    elsewhere = _request("https://ads.example/x", top="https://other.example/")
    assert isinstance(decide(snapshot, elsewhere, "https://other.example"), Block)


def test_an_open_site_is_kept_from_dangerous_places_only() -> None:
    lists = [
        FilterList("easylist", "Test", "||ads.example^"),
        FilterList("urlhaus", "Malware", "||evil.example^\n||odd.example^$redirect=noop.js"),
    ]
    snapshot = PolicySnapshot(Engine.compile(lists), open_sites=frozenset({"news.example"}))
    assert snapshot.level("news.example") is Level.OFF
    assert isinstance(decide(snapshot, _request("https://ads.example/x"), PAGE), Allow)
    assert isinstance(decide(snapshot, _request("https://evil.example/x"), PAGE), Block)
    script = _request("https://odd.example/x.js", Kind.SCRIPT)
    assert isinstance(decide(snapshot, script, PAGE), Redirect | Block)
    elsewhere = _request("https://ads.example/x", top="https://other.example/")
    assert isinstance(decide(snapshot, elsewhere, "https://other.example"), Block)
    off = replace(snapshot, blocking=False)
    assert isinstance(decide(off, _request("https://evil.example/x"), PAGE), Allow)


def test_the_switch_for_all_sites() -> None:
    snapshot = replace(SNAPSHOT, blocking=False)
    assert isinstance(decide(snapshot, _request("https://ads.example/x"), PAGE), Allow)


def test_a_blocked_page_can_be_opened_once() -> None:
    page = "https://bad.example/"
    request = _request(page, Kind.MAIN_FRAME, page)
    assert isinstance(decide(SNAPSHOT, request, ""), Block)
    allowed = replace(SNAPSHOT, documents_allowed_once=frozenset({page}))
    assert isinstance(decide(allowed, request, ""), Allow)
    other = _request("https://bad.example/other", Kind.MAIN_FRAME, page)
    assert isinstance(decide(allowed, other, ""), Block)


STRICT = replace(
    SNAPSHOT, strict_sites=frozenset({"news.example", "pages.co.uk"}), extras=strict_extras()
)


@pytest.mark.parametrize("kind", [Kind.SCRIPT, Kind.SUB_FRAME, Kind.OBJECT])
def test_strict_refuses_third_party_scripts_and_frames(kind: Kind) -> None:
    """A party is a registrable domain; no exception of a list lifts the refusal."""
    for url in ("https://cdn.other.example/x", "https://ads.example/ok/x"):
        found = decide(STRICT, _request(url, kind), PAGE)
        assert isinstance(found, Block)
        assert found.filter.list_id == STRICT_LEVEL
    for url in ("https://cdn.news.example/x", "https://news.example/x"):
        assert isinstance(decide(STRICT, _request(url, kind), PAGE), Allow)
    elsewhere = _request("https://cdn.other.example/x", kind, "https://calm.example/")
    assert isinstance(decide(STRICT, elsewhere, "https://calm.example"), Allow)
    british = _request("https://other.co.uk/x", kind, "https://www.pages.co.uk/")
    assert isinstance(decide(STRICT, british, "https://www.pages.co.uk"), Block)


def test_strict_judges_by_the_page_on_top() -> None:
    """A script of the frame's own site is third party on the page."""
    url = "https://video.example/x.js"
    framed = Request.make(url, "https://video.example/", Kind.SCRIPT, "GET", PAGE)
    assert isinstance(decide(STRICT, framed, "https://video.example"), Block)


def test_strict_refuses_annoyances_of_the_site_itself_and_lets_the_rest_pass() -> None:
    report = _request("https://news.example/beacon?x=1")
    assert isinstance(decide(SNAPSHOT, report, PAGE), Allow)
    found = decide(STRICT, report, PAGE)
    assert isinstance(found, Block)
    assert found.filter.list_id == "base-annoyances"
    for kind in (Kind.IMAGE, Kind.STYLESHEET, Kind.FONT, Kind.MEDIA, Kind.XMLHTTPREQUEST):
        assert decide(STRICT, _request("https://cdn.other.example/x", kind), PAGE) == Allow(None)
    assert decide(STRICT, _request(PAGE, Kind.MAIN_FRAME, PAGE), "") == Allow(None)


def test_strict_prefers_stand_ins_to_refusals() -> None:
    lines = "||track.example/t.js$script,redirect=noop.js"
    snapshot = replace(STRICT, engine=Engine.compile([FilterList("t", "Test", lines)]))
    request = _request("https://track.example/t.js", Kind.SCRIPT)
    assert isinstance(decide(snapshot, request, PAGE), Redirect)


def test_levels_and_the_switch_for_all_sites() -> None:
    snapshot = replace(STRICT, unblocked_sites=frozenset({"free.example"}))
    sites = ("news.example", "free.example", "x.example", None)
    levels = [Level.STRICT, Level.OFF, Level.STANDARD, Level.STANDARD]
    assert [snapshot.level(site) for site in sites] == levels
    off = replace(snapshot, blocking=False)
    assert {off.level(site) for site in sites} == {Level.OFF}
    assert decide(off, _request("https://cdn.other.example/x", Kind.SCRIPT), PAGE) == Allow(None)


LOCAL = ["localhost", "192.168.1.1", "10.0.0.1", "127.0.0.1", "[::1]", "router", "printer.local"]


@pytest.mark.parametrize("host", LOCAL)
def test_public_pages_do_not_reach_the_local_network(host: str) -> None:
    url = f"http://{host}/"
    assert decide(SNAPSHOT, _request(url), PAGE) == RefuseLocal(host)
    # Not even where blocking is off, and not after the user went there.
    snapshot = replace(
        SNAPSHOT,
        blocking=False,
        unblocked_sites=frozenset({"news.example"}),
        granted_hosts=frozenset({host}),
    )
    assert decide(snapshot, _request(url), PAGE) == RefuseLocal(host)
    clicked = _request(url, Kind.MAIN_FRAME, url)
    assert decide(snapshot, clicked, "https://news.example") == RefuseLocal(host)
    assert decide(snapshot, _request(url), "null") == RefuseLocal(host)


@pytest.mark.parametrize("host", LOCAL)
def test_a_local_address_that_was_typed_is_granted(host: str) -> None:
    url = f"http://{host}/"
    typed = _request(url, Kind.MAIN_FRAME, url)
    assert decide(SNAPSHOT, typed, "") == RefuseLocal(host), "a redirect looks the same"
    snapshot = replace(SNAPSHOT, granted_hosts=frozenset({host}))
    assert decide(snapshot, typed, "") == GrantLocal(host)
    own = Request.make(f"{url}x.png", url, Kind.IMAGE, "GET", url)
    assert decide(snapshot, own, f"http://{host}") == GrantLocal(host)


def test_a_site_can_be_let_into_the_local_network() -> None:
    snapshot = replace(SNAPSHOT, local_sites=frozenset({"news.example"}))
    request = _request("http://192.168.1.1/api", Kind.XMLHTTPREQUEST)
    assert decide(snapshot, request, "https://news.example") == GrantLocal("192.168.1.1")


@settings(max_examples=2000, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(Kind), st.text(max_size=40))
def test_it_never_raises(url: str, top: str, kind: Kind, initiator: str) -> None:
    decide(SNAPSHOT, Request.make(url, top, kind, "GET", top), initiator)
    decide(STRICT, Request.make(url, top, kind, "GET", "https://news.example/"), initiator)

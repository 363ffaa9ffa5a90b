"""What the session answers the door: by the requests that went to a host, and their pages."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from myco_browser.services.dial_screen import DialScreen, HostFacts, Refusal
from myco_browser.services.request_policy import PolicySnapshot
from myco_filters.engine import Engine
from myco_filters.request import Kind, Request
from myco_filters.syntax.lists import FilterList

_LINES = """
||tracker.test^$third-party
||pages.test^$all
||site.test^$script,domain=shop.test,ipaddress=192.0.2.66
||bad.test^$all,ipaddress=/^203\\.0\\.113\\./
"""
_CLOAKED = HostFacts("eu.tracker.test", ("192.0.2.7",))


@dataclass
class Bench:
    """A screen with its clock and what it told."""

    snapshot: PolicySnapshot
    time: float = 1000.0
    told: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.screen = DialScreen(lambda: self.snapshot, self._tell, lambda: self.time)

    def _tell(self, request: Request, _refusal: Refusal, alias: str) -> None:
        self.told.append((request.url, alias))


@pytest.fixture
def bench() -> Bench:
    return Bench(PolicySnapshot(Engine.compile([FilterList("t", "Test", _LINES)])))


def _request(url: str, page: str, kind: Kind = Kind.SCRIPT) -> Request:
    return Request.make(url, page, kind, "GET", page)


def test_a_cloaked_tracker_is_refused_and_told_once(bench: Bench) -> None:
    request = _request("https://metrics.shop.test/t.js", "https://shop.test/")
    assert bench.screen.judge(request, is_free=False) is None
    assert not bench.screen.may_dial("metrics.shop.test", _CLOAKED)
    assert not bench.screen.may_dial("metrics.shop.test", _CLOAKED)
    assert bench.told == [("https://metrics.shop.test/t.js", "eu.tracker.test")]
    # The host is known now: the next request does not come as far as the door.
    assert bench.screen.judge(request, is_free=False) is not None
    assert bench.screen.alias("metrics.shop.test") == "eu.tracker.test"


def test_sites_without_blocking_and_exceptions_are_connected(bench: Bench) -> None:
    free = _request("https://metrics.shop.test/t.js", "https://free.test/")
    bench.screen.judge(free, is_free=True)
    assert bench.screen.may_dial("metrics.shop.test", _CLOAKED)
    # Another page's request to the same host is judged by itself.
    other = _request("https://metrics.shop.test/t.js", "https://shop.test/")
    assert bench.screen.judge(other, is_free=False) is not None
    assert bench.screen.judge(free, is_free=True) is None


def test_old_requests_explain_nothing(bench: Bench) -> None:
    bench.screen.judge(_request("https://m.shop.test/t.js", "https://f.test/"), is_free=True)
    bench.time += 61
    assert not bench.screen.may_dial("m.shop.test", _CLOAKED)
    assert bench.told == []


def test_names_that_tell_nothing(bench: Bench) -> None:
    page = _request("https://pages.shop.test/", "https://pages.shop.test/", Kind.MAIN_FRAME)
    own = _request("https://pages.shop.test/a.js", "https://pages.shop.test/")
    for request in (page, own):
        bench.screen.judge(request, is_free=False)
    assert bench.screen.may_dial("pages.shop.test", HostFacts("x.pages.test", ()))
    bench.screen.judge(_request("https://w.tracker.test/a", "https://tracker.test/"), False)
    assert bench.screen.may_dial("w.tracker.test", HostFacts("v.tracker.test", ()))


def test_addresses(bench: Bench) -> None:
    script = _request("https://cdn.site.test/a.js", "https://shop.test/")
    image = _request("https://cdn.site.test/a.png", "https://shop.test/", Kind.IMAGE)
    facts = HostFacts("", ("192.0.2.1", "192.0.2.66"))
    bench.screen.judge(script, is_free=False)
    assert not bench.screen.may_dial("cdn.site.test", facts)
    bench.screen.judge(image, is_free=False)
    assert bench.screen.may_dial("cdn.site.test", facts)
    assert bench.screen.judge(script, is_free=False) is not None
    page = _request("https://bad.test/", "https://bad.test/", Kind.MAIN_FRAME)
    bench.screen.judge(page, is_free=False)
    assert not bench.screen.may_dial("bad.test", HostFacts("", ("203.0.113.5",)))


def test_connections_that_no_request_explains(bench: Bench) -> None:
    assert not bench.screen.may_dial("unseen.test", _CLOAKED)
    assert bench.screen.may_dial("plain.test", HostFacts("cdn.plain-cdn.test", ("192.0.2.9",)))
    assert bench.screen.may_dial("localhost", HostFacts("", ("127.0.0.1",)))
    bench.snapshot = replace(bench.snapshot, blocking=False)
    assert bench.screen.may_dial("unseen.test", _CLOAKED)
    assert bench.told == []


def test_memory_is_bounded(bench: Bench) -> None:
    for number in range(3000):
        url = f"https://h{number}.test/"
        bench.screen.judge(_request(url, "https://shop.test/"), is_free=False)
        bench.screen.may_dial(f"h{number}.test", HostFacts("", ()))
    for number in range(100):
        page = f"https://p{number}.test/"
        bench.screen.judge(_request("https://h.test/", page), is_free=False)
    assert len(bench.screen._facts) == len(bench.screen._notes) == 1024
    assert len(bench.screen._notes["h.test"]) == 12

"""What a page may open, and how often an address is rewritten: without an engine."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from myco_browser.web.popups import PopupFilters, WindowOrigin
from myco_browser.web.rewrites import RewriteGuard
from myco_filters.request import Kind, Request

_NEWS, _AD = "https://news.test/", "https://ad.test/x"


@dataclass
class Bench:
    """Filters against ad.test, with a clock."""

    time: float = 100.0
    asked: list[tuple[str, str, Kind]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.filters = PopupFilters(self._may_open)

    def _may_open(self, request: Request) -> bool:
        self.asked.append((request.host, request.source_host, request.kind))
        return "ad.test" not in request.host

    def page(self, opener: str = "") -> WindowOrigin:
        """A page, in a window that `opener` opened."""
        with self.filters.opened_by(opener):
            return WindowOrigin(self.filters, lambda: self.time)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_popup_is_judged_where_it_goes_at_first(bench: Bench) -> None:
    window = bench.page(_NEWS)
    assert window.may_go("about:blank", by_user=False)
    assert window.may_go("https://fine.test/", by_user=False)
    assert not window.may_go(_AD, by_user=False)
    assert window.is_popup
    assert bench.asked[-1] == ("ad.test", "news.test", Kind.POPUP)


def test_a_popup_that_settled_is_a_window_like_others(bench: Bench) -> None:
    window = bench.page(_NEWS)
    window.arrived("about:blank")
    bench.time += 60
    assert not window.may_go(_AD, by_user=False)
    window.arrived("https://fine.test/")
    bench.time += 2
    assert not window.may_go(_AD, by_user=False)
    bench.time += 2
    assert window.may_go(_AD, by_user=False)
    assert not window.is_popup


def test_windows_of_the_user_are_not_judged(bench: Bench) -> None:
    assert bench.page().may_go(_AD, by_user=False)
    typed = bench.page(_NEWS)
    assert typed.may_go(_AD, by_user=True)
    assert typed.may_go(_AD, by_user=False)
    assert bench.asked == []


def test_a_page_that_goes_to_an_ad_behind_its_popup(bench: Bench) -> None:
    page = bench.page()
    page.opens("https://wanted.test/", _NEWS)
    assert not page.may_go(_AD, by_user=False)
    assert bench.asked == [("ad.test", "wanted.test", Kind.POPUNDER)]
    bench.time += 4
    assert page.may_go(_AD, by_user=False)


def test_only_addresses_of_the_web_are_judged(bench: Bench) -> None:
    assert bench.filters.allow("about:blank", _NEWS, Kind.POPUP)
    assert bench.filters.allow(_AD, "myco://start/", Kind.POPUP)
    assert bench.asked == []


def test_rewrites_end() -> None:
    time = [0.0]
    guard = RewriteGuard(lambda: time[0])
    # Two rules that lead to each other.
    assert [guard.allows(*pair) for pair in (("a", "b"), ("b", "a"), ("a", "b"), ("b", "a"))] == [
        True, True, True, True,
    ]  # fmt: skip
    assert not guard.allows("a", "b")
    assert not guard.allows("x", "x")
    # A server that gives back what was taken.
    assert [guard.allows("c?u=1", "c") for _ in range(3)] == [True, True, False]
    time[0] = 6.0
    assert guard.allows("c?u=1", "c")


def test_memory_of_rewrites_is_bounded() -> None:
    guard = RewriteGuard(lambda: 0.0)
    for number in range(2000):
        assert guard.allows(f"{number}?u", f"{number}")
    assert len(guard._targets) == 512

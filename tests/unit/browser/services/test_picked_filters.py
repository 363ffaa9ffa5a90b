"""Picks: what a page calls its elements must never become another filter than was meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from myco_browser.services.own_filters import OWN_LIST, OwnFilters
from myco_browser.services.picked_filters import Pick, PickedFilters, pick_of
from myco_filters.engine import Engine
from myco_filters.syntax.lists import FilterList

HIDE = Pick("news.example", ".ad")


def _picked(folder: Path, *, writable: bool = True) -> tuple[OwnFilters, PickedFilters]:
    own = OwnFilters(folder / "own-filters.txt", writable=writable)
    return own, PickedFilters(own)


@pytest.mark.parametrize(
    "selector",
    ["#ad", ".ad", "div.a.b", 'img[src*="//ads.example/"]', ".has-text\\(x\\)", "#a\\#\\#b",
     '[id="1 2"]', "body > div:nth-of-type(2)", ".md\\:w-1\\/2", "a, b", '[id="a##b"]'],
)  # fmt: skip
def test_what_can_be_said_is_said_exactly(selector: str) -> None:
    pick = pick_of("www.news.example", selector)
    assert pick == Pick("news.example", selector)
    engine = Engine.compile([FilterList(OWN_LIST, OWN_LIST, pick.line)])
    for host in ("news.example", "m.news.example"):
        assert engine.cosmetics(f"https://{host}/").selectors == (selector,)
    assert engine.cosmetics("https://othernews.example/").selectors == ()


@pytest.mark.parametrize(
    "selector",
    ["", " ", "a{}b", "a}b", 'a[b="c', "a[b", ":is(a", "a)", "a\\", "a/*", "a\nb##c", "a\u2028b",
     "p:has-text(x)", "p:style(color: red)", "p:remove()", "+js(set-constant, a, 1)", "^script",
     " a", "a ", "#\\31 "],
)  # fmt: skip
def test_what_would_mean_something_else_is_refused(selector: str) -> None:
    assert pick_of("news.example", selector) is None


@pytest.mark.parametrize("host", ["", "[::1]", "a,b.example", "~a.example", "a/b", "/a/", "*"])
def test_hosts_that_no_filter_can_name(host: str) -> None:
    assert pick_of(host, ".ad") is None


_STRINGS_AND_ESCAPED = re.compile(r"""\\.|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'""")


@settings(max_examples=400, deadline=None)
@given(st.text(st.sampled_from("ab#.:()[]{}\"'\\/*,@;<>^$|~!+ \n\r\u2028=s"), max_size=24))
@example("a\\\\")
@example("'{'")
@example("[a='}\\'{']")
def test_a_pick_is_one_closed_filter(selector: str) -> None:
    pick = pick_of("news.example", selector)
    if pick is None:
        return
    engine = Engine.compile([FilterList("x", "x", f"{pick.line}\nnews.example##.next")])
    assert set(engine.cosmetics("https://news.example/").selectors) == {selector, ".next"}
    # As it stands in the style sheet: nothing of it reaches beyond its own brackets.
    plain = _STRINGS_AND_ESCAPED.sub("", selector)
    assert not set("{}\\") & set(plain)


def test_a_pick_is_written_and_counts_at_once(tmp_path: Path) -> None:
    own, picked = _picked(tmp_path)
    picked.add(HIDE)
    assert own.text == "news.example##.ad\n"
    assert picked.adjust("www.news.example", (".other",)) == (".other", ".ad")
    assert picked.adjust("other.example", (".other",)) == (".other",)
    picked.remove(HIDE)
    assert own.text == ""
    # The engine may know the line still.
    assert picked.adjust("news.example", (".other", ".ad")) == (".other",)
    picked.add(HIDE)
    assert picked.adjust("news.example", (".ad",)) == (".ad",)


def test_the_editor_has_the_last_word(tmp_path: Path) -> None:
    own, picked = _picked(tmp_path)
    picked.add(HIDE)
    own.replace("! nothing\n")
    assert picked.adjust("news.example", ()) == ()
    picked.add(HIDE)
    picked.remove(HIDE)
    own.append(HIDE.line)
    assert picked.adjust("news.example", (".ad",)) == (".ad",)


def test_a_private_session_keeps_its_picks_to_itself(tmp_path: Path) -> None:
    own, picked = _picked(tmp_path, writable=False)
    assert not picked.are_kept
    picked.add(HIDE)
    assert picked.adjust("news.example", ()) == (".ad",)
    assert list(tmp_path.iterdir()) == []
    picked.remove(HIDE)
    assert picked.adjust("news.example", ()) == ()
    assert own.text == ""

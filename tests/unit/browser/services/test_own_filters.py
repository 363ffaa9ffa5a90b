"""The user's own filters: kept whole, told to observers, never overwritten when unreadable."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myco_browser.services.own_filters import MAX_OWN, OWN_LIST, OwnFilters, read_own
from myco_browser.web.scriptlets import calls_of
from myco_filters.engine import Engine
from myco_filters.syntax.lists import FilterList


def _store(folder: Path, content: bytes = b"") -> OwnFilters:
    path = folder / "own-filters.txt"
    if content:
        path.write_bytes(content)
    return OwnFilters(path, writable=True)


def test_lines_are_added_and_taken_away(tmp_path: Path) -> None:
    own = _store(tmp_path, b"! mine\r\nold.example##.x")
    told: list[str] = []
    own.observe(lambda: told.append(own.text))
    assert own.append("new.example##.y")
    assert not own.append("new.example##.y")
    assert own.text == "! mine\r\nold.example##.x\nnew.example##.y\n"
    assert own.path.read_bytes().decode() == own.text
    assert own.remove("old.example##.x")
    assert not own.remove("old.example##.x")
    assert OwnFilters(own.path, writable=True).text == "! mine\r\nnew.example##.y\n" == told[-1]
    assert len(told) == 2
    assert own.path.stat().st_mode & 0o077 == 0


@settings(max_examples=25, deadline=None)
@given(st.lists(st.from_regex(r"[a-z]{1,4}##\.[a-z]{1,4}", fullmatch=True), unique=True))
def test_what_is_added_is_gone_when_removed(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    own = _store(tmp_path_factory.mktemp("own"), b"! first\n")
    for line in lines:
        own.append(line)
    assert own.text.splitlines() == ["! first", *lines]
    for line in lines:
        own.remove(line)
    assert own.text == "! first\n"


@pytest.mark.parametrize("line", ["", "  ", "a##b\nc##d", "a##b\u2028c##d"])
def test_one_filter_is_one_line(tmp_path: Path, line: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        _store(tmp_path).append(line)


def test_bytes_that_are_no_text_survive(tmp_path: Path) -> None:
    own = _store(tmp_path, b"! caf\xe9\n")
    own.append("a.example##.b")
    assert own.path.read_bytes() == b"! caf\xe9\na.example##.b\n"


def test_a_file_that_cannot_be_read_is_kept_aside(tmp_path: Path) -> None:
    whole = b"x" * (MAX_OWN + 1)
    own = _store(tmp_path, whole)
    assert own.problem is not None
    assert own.text == ""
    with pytest.raises(OSError, match="large"):
        own.replace("x" * (MAX_OWN + 1))
    assert own.path.read_bytes() == whole
    own.append("a.example##.b")
    assert own.path.with_name("own-filters.txt.broken").read_bytes() == whole
    assert own.path.read_text() == "a.example##.b\n"


def test_a_private_session_reads_only(tmp_path: Path) -> None:
    _store(tmp_path).append("a.example##.b")
    own = OwnFilters(tmp_path / "own-filters.txt", writable=False)
    assert own.text == read_own(own.path) == "a.example##.b\n"
    with pytest.raises(PermissionError):
        own.append("c.example##.d")
    assert own.text == "a.example##.b\n"


def test_scriptlets_that_need_trust_are_not_called_for_it() -> None:
    lines = "a.example##+js(trusted-set-cookie, x, y)\na.example##+js(set-cookie, x, 1)"
    found = {
        name: calls_of(
            Engine.compile([FilterList(name, name, lines)]).cosmetics("http://a.example/")
        )
        for name in (OWN_LIST, "ublock-filters")
    }
    assert [len(calls) for calls in found.values()] == [1, 2]


def test_they_do_not_borrow_the_trust_of_the_same_words_in_another_list() -> None:
    call = "+js(trusted-set-cookie, x, y)"
    lists = [
        FilterList("ublock-filters", "uBlock filters", f"a.example,c.example##{call}"),
        FilterList(OWN_LIST, OWN_LIST, f"b.example##{call}\nc.example#@#{call}"),
    ]
    for order in (lists, lists[::-1]):
        engine = Engine.compile(order)
        made = {host: len(calls_of(engine.cosmetics(f"http://{host}.example/"))) for host in "abc"}
        assert made == {"a": 1, "b": 0, "c": 0}
    everywhere = FilterList(OWN_LIST, OWN_LIST, f"#@#{call}")
    engine = Engine.compile([lists[0], everywhere])
    assert calls_of(engine.cosmetics("http://a.example/")) == ()

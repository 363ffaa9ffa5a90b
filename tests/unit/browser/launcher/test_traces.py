"""The search for what a private session may have left."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from myco_browser.launcher.traces import places, search

_WORD = "canary00112233445566778899aabbccddeeff"


@pytest.mark.parametrize(
    "content",
    [_WORD.encode(), _WORD.encode("utf-16-le"), b"\0" * ((1 << 20) - 10) + _WORD.encode() + b"\0"],
    ids=["plain", "as in storage files", "across a border of parts"],
)
def test_a_word_is_found_in_what_changed(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    file = tmp_path / "deep" / "er" / "trace"
    file.write_bytes(content)
    (tmp_path / "other").write_bytes(b"nothing")
    outcome = search([_WORD], [str(tmp_path), str(tmp_path)], time.time() - 60)
    assert outcome == ((str(file),), 2, True)


def test_a_name_is_a_trace_too(tmp_path: Path) -> None:
    (tmp_path / f"{_WORD}.png").touch()
    assert search([_WORD], [str(tmp_path)], time.time() - 60).found


def test_what_is_older_was_not_left_by_the_session(tmp_path: Path) -> None:
    (tmp_path / "old").write_text(_WORD)
    assert search([_WORD], [str(tmp_path)], time.time() + 60) == ((), 0, True)


def test_the_places_are_ours_the_users_and_those_shared_by_all() -> None:
    found = places({"HOME": "/home/a", "XDG_CACHE_HOME": "/fast"}, "/p", "/c")
    assert {"/p", "/c", "/fast", "/home/a/.config", "/home/a/.local/share", "/dev/shm"} <= set(
        found
    )
    assert "/home/a/.cache" not in found

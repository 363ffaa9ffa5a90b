"""The wish is kept on disk, and what cannot be read means the safer one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myco_vpn.tunnel import wish
from myco_vpn.tunnel.states import Wish


def test_wish_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "vpn" / "wish.json"
    assert wish.load(path) == wish.SavedWish(Wish.OPEN, None)
    for kept in (wish.SavedWish(Wish.SECURED, "a"), wish.SavedWish(Wish.OPEN, "b")):
        wish.save(path, kept)
        assert wish.load(path) == kept
    assert path.stat().st_mode & 0o077 == 0
    assert [entry.name for entry in path.parent.iterdir()] == ["wish.json"]


@pytest.mark.parametrize(
    "payload",
    [b"", b"{}", b"[]", b'{"wish":"open"}', b'{"wish":"x","exit":null}', b"\xff", b"[" * 10**5],
)
def test_wish_that_cannot_be_read_means_secured(tmp_path: Path, payload: bytes) -> None:
    path = tmp_path / "wish.json"
    path.write_bytes(payload)
    assert wish.load(path) == wish.SavedWish(Wish.SECURED, None)


def test_wish_that_is_no_file_means_secured(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert wish.load(tmp_path / "folder").wish is Wish.SECURED
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    assert wish.load(tmp_path / "link").wish is Wish.SECURED


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_only_a_clear_word_opens(tmp_path_factory: pytest.TempPathFactory, payload: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "wish.json"
    path.write_bytes(payload)
    if wish.load(path).wish is Wish.OPEN:
        assert json.loads(payload)["wish"] == "open"

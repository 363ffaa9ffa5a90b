from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myco_browser.services.cached_files import Purge, purge, sites_of_key


def _file(folder: Path, name: str, key: bytes, *, magic: int = 0xFCFB6D1BA7725C30) -> Path:
    path = folder / name
    path.write_bytes(struct.pack("<QIII4x", magic, 5, len(key), 0) + key + b"body one.example")
    return path


@pytest.mark.parametrize(
    ("key", "sites"),
    [
        (
            b"1/0/_dk_https://top.org https://top.org https://cdn.net/a?u=1",
            {"top.org", "cdn.net"},
        ),
        (
            b"1/7/_dk_s_https://a.top.co.uk https://frame.org https://frame.org:444/x",
            {"a.top.co.uk", "top.co.uk", "frame.org"},
        ),
        (b"1/0/_dk_cn_http://localhost http://localhost http://localhost:8080/x",
         {"localhost", "localhost:80", "localhost:8080"}),
        (b"_keyhttps://www.code.org/x.js \nhttps://code.org", {"www.code.org", "code.org"}),
        (b"1/0/_dk_data: data: about:blank", set()),
        (b"", set()),
    ],
)  # fmt: skip
def test_a_key_names_sites_in_all_its_parts(key: bytes, sites: set[str]) -> None:
    assert sites_of_key(key) == sites


@given(st.binary(max_size=200))
def test_any_bytes_can_be_a_key(key: bytes) -> None:
    sites_of_key(key + b"https://" + key)


def test_what_names_a_site_goes_and_the_rest_stays(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    inner = cache / "Cache_Data"
    inner.mkdir(parents=True)
    own = _file(inner, "a_0", b"1/0/_dk_http://one.example http://one.example http://cdn.net/x")
    there = _file(inner, "b_s", b"1/0/_dk_http://two.example http://two.example http://one.example")
    local = _file(inner, "c_0", b"1/0/_dk_http://localhost http://localhost http://cdn.net/y")
    stay = [
        _file(inner, "d_0", b"1/0/_dk_http://two.example http://two.example http://cdn.net/x"),
        _file(inner, "e_0", b"http://one.example/", magic=7),
        _file(tmp_path, "outside", b"http://one.example/"),
    ]
    (inner / "short").write_bytes(b"one.example")
    (inner / "link").symlink_to(stay[-1])
    (inner / "gone").symlink_to(tmp_path / "nowhere")
    assert purge(cache, {"one.example", "localhost:8080"}) == Purge(3, 0)
    assert not any(path.exists() for path in (own, there, local))
    assert all(path.exists() for path in stay)
    assert (inner / "link").is_symlink()
    assert purge(cache, {"one.example"}) == Purge(0, 0)
    assert purge(tmp_path / "nowhere", {"one.example"}) == Purge(0, 0)


def test_what_cannot_be_deleted_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _file(tmp_path, "a_0", b"http://one.example/")

    def refuse(_path: Path) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(Path, "unlink", refuse)
    assert purge(tmp_path, {"one.example"}) == Purge(0, 1)
    assert "could not be deleted" in caplog.text
    caplog.clear()

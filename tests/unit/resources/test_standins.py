"""Stand-ins: under every name that lists use, of the right kind, whole."""

from __future__ import annotations

import zlib

import pytest

from myco_resources.standins import canonical_name, names, stand_in


@pytest.mark.parametrize("name", names())
def test_each_is_there_with_a_kind(name: str) -> None:
    found = stand_in(name)
    assert found is not None
    assert "/" in found.kind
    assert canonical_name(name) == name


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("noopjs", "noop.js"),
        ("1x1-transparent.gif", "1x1.gif"),
        ("googletagmanager.com/gtm.js", "googletagmanager_gtm.js"),
        ("noopmp3-0.1s", "noop-0.1s.mp3"),
        ("../../etc/passwd", None),
        ("unknown.js", None),
    ],
)
def test_names_of_lists(word: str, name: str | None) -> None:
    assert canonical_name(word) == name


@pytest.mark.parametrize("side", [2, 3, 32])
def test_pictures_are_whole(side: int) -> None:
    found = stand_in(f"{side}x{2 if side == 3 else side}.png")
    assert found is not None
    assert found.body.startswith(b"\x89PNG\r\n\x1a\n")
    at = found.body.index(b"IDAT")
    length = int.from_bytes(found.body[at - 4 : at], "big")
    rows = zlib.decompress(found.body[at + 4 : at + 4 + length])
    assert set(rows) == {0}


def test_what_is_not_there() -> None:
    assert stand_in("unknown") is None

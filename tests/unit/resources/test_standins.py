"""Stand-ins: under every name that lists use, of the right kind, whole."""

from __future__ import annotations

import re
import zlib
from collections import Counter

import pytest
from support.stored_lists import stored_paths

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


def test_the_film_is_whole() -> None:
    """Its boxes fill it, and each sample lies where the table says."""
    found = stand_in("noop-1s.mp4")
    assert found is not None
    at, names_found = 0, []
    while at < len(found.body):
        size = int.from_bytes(found.body[at : at + 4], "big")
        names_found.append(found.body[at + 4 : at + 8])
        at += size
    assert at == len(found.body)
    assert names_found == [b"ftyp", b"moov", b"mdat"]
    table = found.body.index(b"stco") + 8
    places = {
        int.from_bytes(found.body[table + 4 * one : table + 4 * one + 4], "big")
        for one in range(1, 11)
    }
    assert places == {found.body.index(b"mdat") + 4}


_RESOURCE = re.compile(r"[$,](?:redirect|redirect-rule|rewrite)=(?:abp-resource:)?([\w./-]+)")
_FOR_ABP = re.compile(r"blank-")


@pytest.mark.skipif(not stored_paths(), reason="no filter lists are here (MYCO_SHARED_DATA)")
def test_nearly_all_names_in_the_stored_lists_are_served() -> None:
    counts = Counter(
        name
        for path in stored_paths()
        for line in path.read_text("utf-8").splitlines()
        if not line.startswith("!")
        for name in _RESOURCE.findall(line)
        if not _FOR_ABP.match(name)
    )
    unknown = {name: count for name, count in counts.items() if canonical_name(name) is None}
    assert sum(unknown.values()) <= sum(counts.values()) * 0.01, unknown

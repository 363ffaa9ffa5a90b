"""``permissions=``: how policies are read, and what is told of those without effect."""

from __future__ import annotations

import pytest

from myco_filters.syntax.causes import Cause, Unsupported
from myco_filters.syntax.network import parse_network
from myco_filters.syntax.permissions import ABSENT, HELD, read_policy

PAGE, FRAME = "https://a.example", "https://b.example"


@pytest.mark.parametrize(
    ("value", "here", "framed"),
    [
        ("camera=()", True, True),
        ("camera=*", False, False),
        ("camera=(self)", False, True),
        ("camera=self", False, True),
        ('camera=(self "https://b.example")', False, False),
        ('camera=("https://b.example/")', True, False),
    ],
)
def test_who_may(value: str, here: bool, framed: bool) -> None:
    (one,) = read_policy(value)
    assert one.feature == "camera"
    assert one.forbids(PAGE, PAGE) is here
    assert one.forbids(FRAME, PAGE) is framed


@pytest.mark.parametrize("separator", ["|", ", ", ","])
def test_several_features(separator: str) -> None:
    found = read_policy(separator.join(["camera=()", "midi=(self)", "usb=*"]))
    assert [one.feature for one in found] == ["camera", "midi", "usb"]


@pytest.mark.parametrize("value", ["camera", "camera=", "camera 'none'", "=()", "a=(", "", "|"])
def test_misspelled(value: str) -> None:
    assert read_policy(value) == ()


@pytest.mark.parametrize(
    ("line", "cause", "detail"),
    [
        ("*$permissions=autoplay=()", Cause.NEEDS_RESPONSE, "permissions=autoplay"),
        ("*$permissions=camera=()|unload=()", Cause.NEEDS_RESPONSE, "permissions=unload"),
        ("*$permissions=camera", Cause.BAD_VALUE, "permissions"),
        ("*$permissions", Cause.BAD_VALUE, "permissions"),
    ],
)
def test_what_has_no_effect_is_told(line: str, cause: Cause, detail: str) -> None:
    assert parse_network(line) == Unsupported(line, cause, detail)


def test_what_has_an_effect_is_kept() -> None:
    assert not HELD & ABSENT
    for feature in HELD | ABSENT:
        assert not isinstance(parse_network(f"*$permissions={feature}=()"), Unsupported)
    # An exception may name what no filter of ours carries out.
    assert not isinstance(parse_network("@@*$permissions=autoplay=()"), Unsupported)
    assert not isinstance(parse_network("@@*$permissions"), Unsupported)

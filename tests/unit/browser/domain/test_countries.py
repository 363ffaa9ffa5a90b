"""Countries in the names that providers give their exits."""

from __future__ import annotations

import re

import pytest

from myco_browser.domain.countries import FLAGS, country_of


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("se-got-wg-001", "SE"),
        ("CH-ZH#12", "CH"),
        ("wg-de-3", "DE"),
        ("Proton FR 7", "FR"),
        ("nl12", "NL"),
        ("nl-12", "NL"),
        ("Coop 1", None),
        ("what is it", None),
        ("Home in Berlin", None),
        ("", None),
    ],
)
def test_country_is_found_where_it_is_meant(name: str, country: str | None) -> None:
    assert country_of(name) == country


def test_flags_have_colours() -> None:
    for code, flag in FLAGS.items():
        assert re.fullmatch("[A-Z]{2}", code)
        assert len(flag.colours) >= 2
        assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in flag.colours)

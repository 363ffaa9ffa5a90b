"""What sites are told that refuse our user agent."""

from __future__ import annotations

import pytest

from myco_browser.domain.agents import QUIRKS, chrome_agent, is_told_chrome, reason_of
from myco_browser.domain.urls import site_key


def test_the_brands_are_those_of_the_version() -> None:
    # As Chromium 140 itself writes them, with the brand's place filled.
    assert chrome_agent("140.0.7339.225").brands == (
        ("Chromium", "140"),
        ("Not=A?Brand", "24"),
        ("Google Chrome", "140"),
    )
    agent = chrome_agent("151.0.7922.71")
    assert agent.headers(has_brands=True) == (
        (
            b"User-Agent",
            b"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
            b"Chrome/151.0.0.0 Safari/537.36",
        ),
        (b"Sec-CH-UA", b'"Not=A?Brand";v="99", "Google Chrome";v="151", "Chromium";v="151"'),
    )
    assert [name for name, _value in agent.headers(has_brands=False)] == [b"User-Agent"]
    assert ("Google Chrome", "151.0.7922.71") in agent.full_brands


@pytest.mark.parametrize("quirk", QUIRKS, ids=lambda quirk: quirk.site)
def test_the_table_names_sites_and_reasons(quirk: object) -> None:
    site = getattr(quirk, "site", "")
    assert site_key(f"https://www.{site}/") == site
    assert reason_of(site).endswith(".")
    assert is_told_chrome(site, None)
    assert not is_told_chrome(site, False)


def test_other_sites_are_told_nothing_else() -> None:
    assert not is_told_chrome("news.example", None)
    assert not is_told_chrome(None, None)
    assert is_told_chrome("news.example", True)

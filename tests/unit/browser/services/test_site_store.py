"""Per-site decisions: values, file and store."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myco_browser.domain.controls import Cause, Problem
from myco_browser.domain.site_settings import (
    NOTHING_DECIDED,
    Decision,
    Level,
    Permission,
    SiteSettings,
    read_sites,
    sites_at,
    write_sites,
)
from myco_browser.services.site_store import SiteStore

FULL = SiteSettings(
    zoom=120,
    level=Level.STRICT,
    local_network=True,
    javascript=False,
    autoplay=True,
    permissions=((Permission.CAMERA, Decision.ALLOW),),
    opened=True,
)


def test_decisions_are_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "sites.json"
    SiteStore(path).put("example.org", FULL)
    store = SiteStore(path)
    assert store.get("example.org") == FULL
    assert store.get("other.example") == NOTHING_DECIDED
    assert store.get(None) == NOTHING_DECIDED


def test_a_site_can_be_forgotten(tmp_path: Path) -> None:
    store = SiteStore(tmp_path / "sites.json")
    seen: list[tuple[str, SiteSettings]] = []
    stop = store.observe(lambda key, site: seen.append((key, site)))
    before = store.sites
    store.put("example.org", FULL)
    store.put("example.org", FULL)
    store.forget("example.org")
    stop()
    store.put("example.org", FULL)
    assert seen == [("example.org", FULL), ("example.org", NOTHING_DECIDED)]
    assert "example.org" not in before


def test_permissions_are_remembered_one_by_one() -> None:
    site = SiteSettings().with_decision(Permission.SCREEN, Decision.BLOCK)
    site = site.with_decision(Permission.CAMERA, Decision.ALLOW)
    assert site.decision(Permission.CAMERA) is Decision.ALLOW
    assert site.decision(Permission.MICROPHONE) is None
    assert site.with_decision(Permission.CAMERA, None).decision(Permission.CAMERA) is None


@pytest.mark.parametrize(
    "row",
    [
        '"x"',
        '{"zoom": 10}',
        '{"zoom": true}',
        '{"zoom": "120"}',
        '{"blocking_off": 1}',
        '{"level": "none"}',
        '{"level": null}',
        '{"javascript": "no"}',
        '{"permissions": []}',
        '{"permissions": {"camera": "maybe"}}',
        '{"permissions": {"wallet": "allow"}}',
        '{"permissions": {"camera": ["allow"]}}',
    ],
)
def test_one_bad_site_does_not_cost_the_others(row: str) -> None:
    text = f'{{"bad.example": {row}, "good.example": {{"zoom": 90}}}}'
    sites, problems = read_sites(text.encode(), "sites.json")
    assert dict(sites) == {"good.example": SiteSettings(zoom=90)}
    assert problems == (Problem("sites.json", "bad.example", Cause.WRONG_TYPE),)


def test_a_broken_file_decides_nothing_and_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "sites.json"
    path.write_text("[")
    store = SiteStore(path)
    assert dict(store.sites) == {}
    assert store.problems == (Problem(str(path), None, Cause.NOT_JSON),)
    store.put("example.org", FULL)
    assert (tmp_path / "sites.json.broken").read_text() == "["


def test_a_private_store_touches_no_file(tmp_path: Path) -> None:
    store = SiteStore(None)
    store.put("example.org", FULL)
    assert store.get("example.org") == FULL
    assert list(tmp_path.iterdir()) == []


SITES = st.builds(
    SiteSettings,
    st.none() | st.integers(30, 500),
    st.sampled_from(Level),
    st.booleans(),
    st.none() | st.booleans(),
    st.none() | st.booleans(),
    st.just(()),
)


@settings(max_examples=500, deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=20), SITES, max_size=5))
def test_files_round_trip(sites: dict[str, SiteSettings]) -> None:
    kept = {key: site for key, site in sites.items() if site != NOTHING_DECIDED}
    assert read_sites(write_sites(sites), "f") == (kept, ())


def test_sites_that_were_switched_off_before_there_were_levels_stay_off() -> None:
    sites, problems = read_sites(b'{"a.example": {"blocking_off": true}, "b.example": {}}', "x")
    assert not problems
    assert (sites["a.example"].level, sites["b.example"].level) == (Level.OFF, Level.STANDARD)
    assert sites_at(sites, Level.OFF) == {"a.example"}
    assert b"blocking_off" not in write_sites(sites)

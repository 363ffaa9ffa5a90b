"""Settings as a file: whole or not at all, with line and reason; found by words; cost told."""

from __future__ import annotations

import datetime
import json
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myco_browser.domain.controls import Cause, Group
from myco_browser.domain.engine_age import EngineAge, engine_age
from myco_browser.domain.settings import ALL, BLOCKING, DEFAULT_ZOOM, THEME
from myco_browser.domain.settings_search import find_settings
from myco_browser.domain.settings_snapshot import Settings
from myco_browser.domain.settings_transfer import Refusal, export_settings, import_settings

CHOSEN = Settings(MappingProxyType({THEME.key: "dark", DEFAULT_ZOOM.key: 120}))


def _file(*lines: str) -> bytes:
    body = ",\n".join(f"    {line}" for line in lines)
    whole = f'{{\n  "format": "myco-settings",\n  "version": 1,\n  "settings": {{\n{body}\n  }}\n}}'
    return whole.encode()


def test_what_was_exported_comes_back() -> None:
    assert import_settings(export_settings(CHOSEN)) == CHOSEN
    assert import_settings(export_settings(Settings())) == Settings()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", Refusal(1, "", Cause.NOT_JSON)),
        (b'{\n  "format": "myco-settings",\n  oops\n}', Refusal(3, "", Cause.NOT_JSON)),
        (b"[1, 2]", Refusal(1, "", Cause.OTHER_FILE)),
        (b'{"general.theme": "dark"}', Refusal(1, "", Cause.OTHER_FILE)),
        (b'{\n"format": "myco-settings",\n"version": 9}', Refusal(3, "version", Cause.NEWER)),
        (b'{"a": "b\xff"}', Refusal(1, "", Cause.NOT_JSON)),
        (
            _file('"general.theme": "dark"', '"general.zoom": 1000'),
            Refusal(6, "general.zoom", Cause.OUT_OF_RANGE),
        ),
        (
            _file('"general.theme": "dark"', '"general.thema": "dark"'),
            Refusal(6, "general.thema", Cause.UNKNOWN_KEY),
        ),
        (
            _file('"blocking.enabled": "yes"'),
            Refusal(5, "blocking.enabled", Cause.WRONG_TYPE),
        ),
        (
            _file('"general.theme": "dark"', '"general.theme": "light"'),
            Refusal(6, "general.theme", Cause.TWICE),
        ),
        (b'{"format": "myco-settings", "version": 1}', Refusal(1, "settings", Cause.WRONG_TYPE)),
        (b"[" * 100_000, Refusal(1, "", Cause.NOT_JSON)),
    ],
)
def test_a_wrong_file_is_refused_whole(content: bytes, refusal: Refusal) -> None:
    assert import_settings(content) == refusal


@given(st.binary(max_size=300))
def test_no_file_breaks_it(content: bytes) -> None:
    assert isinstance(import_settings(content), Settings | Refusal)


@given(st.dictionaries(st.sampled_from([one.key for one in ALL]), st.integers() | st.text()))
def test_a_file_is_taken_or_the_line_of_its_fault_is_told(chosen: dict[str, object]) -> None:
    whole = {"format": "myco-settings", "version": 1, "settings": chosen}
    text = json.dumps(whole, indent=1)
    found = import_settings(text.encode())
    if isinstance(found, Refusal):
        assert found.key in text.splitlines()[found.line - 1]


def test_settings_are_found_by_words_without_accents() -> None:
    french = {"Block ads and trackers": "Bloquer les publicités"}

    def translate(text: str) -> str:
        return french.get(text, text)

    assert find_settings("PUBLICITES", ALL, translate) == (BLOCKING,)
    assert find_settings("blocking.enabled", ALL, translate) == (BLOCKING,)
    assert find_settings("", ALL, translate) == ALL
    assert find_settings("no such words", ALL, translate) == ()


def test_every_setting_of_privacy_says_what_it_does_and_costs() -> None:
    groups = {Group.BLOCKING, Group.LISTS, Group.CONTENT, Group.DOWNLOADS, Group.PRIVATE}
    groups |= {Group.SEARCH}
    silent = [one.key for one in ALL if one.group in groups and not one.description]
    assert silent == ["search.engines"], "a table of the user's own"


def test_the_age_of_the_engine_is_counted_from_its_patch_level() -> None:
    releases = (("10.0.1.1", "2026-01-01"), ("10.0.1.5", "2026-01-11"), ("11.0.1.2", "2026-02-01"))
    today = datetime.date(2026, 2, 10)
    since = datetime.date(2026, 1, 1)
    assert engine_age("10.0.1.1", today, releases) == EngineAge(since, 40, 2, "11.0.1.2")
    assert engine_age("10.0.1.4", today, releases) == EngineAge(since, 40, 2, "11.0.1.2")
    newest = EngineAge(datetime.date(2026, 2, 1), 9, 0, "11.0.1.2")
    assert engine_age("11.0.1.2", today, releases) == newest
    assert engine_age("9.9.9.9", today, releases) is None
    assert engine_age("", today, releases) is None
    assert engine_age("unknown", today, releases) is None


def test_the_table_of_releases_is_in_order() -> None:
    ages = [engine_age(f"{major}.0.0.0", datetime.date(2027, 1, 1)) for major in range(150, 158)]
    days = [age.days for age in ages if age is not None]
    assert len(days) == 8
    assert days == sorted(days, reverse=True)

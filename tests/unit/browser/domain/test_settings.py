"""Settings: declared once, changed all or nothing, read on the safe side."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myco_browser.domain import mail_settings, reader_look
from myco_browser.domain import settings as declared
from myco_browser.domain.controls import Cause, InvalidValueError, Problem, Setting
from myco_browser.domain.search_engines import (
    EngineProblem,
    SearchEngine,
    builtin_engines,
    make_engine,
)
from myco_browser.domain.settings import (
    ALL,
    AUTOPLAY,
    BLOCKING,
    DEFAULT_ZOOM,
    HOME_PAGE,
    JAVASCRIPT,
    LIST_CHOICES,
    SEARCH_ENGINE,
    THEME,
    USER_ENGINES,
    default_engine_of,
    engines_of,
    is_list_enabled,
)
from myco_browser.domain.settings_file import RENAMES, read_settings, safest, write_settings
from myco_browser.domain.settings_snapshot import Change, Rejected, Settings, apply_changes

OWN = SearchEngine("user-mine", "Mine", ("m",), "https://mine.example/?q=%s")


def changed(*changes: Change[Any]) -> Settings:
    result = apply_changes(Settings(), changes)
    assert isinstance(result, Settings)
    return result


def test_every_setting_is_declared_once_and_listed() -> None:
    places = (declared, mail_settings, reader_look)
    values = [value for place in places for value in vars(place).values()]
    found = {id(value): value for value in values if isinstance(value, Setting)}.values()
    assert sorted(s.key for s in found) == sorted(s.key for s in ALL)
    assert len({s.key for s in ALL}) == len(ALL)


@pytest.mark.parametrize("setting", ALL, ids=lambda s: s.key)
def test_default_and_safer_values_are_valid(setting: Setting[Any]) -> None:
    for value in (setting.default, setting.safer):
        assert setting.read(value) == value
        assert setting.read(json.loads(json.dumps(setting.write(value)))) == value
    assert setting.title


def test_a_change_is_a_new_snapshot() -> None:
    old = Settings()
    new = apply_changes(old, [Change(DEFAULT_ZOOM, 120), Change(THEME, "dark")])
    assert isinstance(new, Settings)
    assert (old[DEFAULT_ZOOM], new[DEFAULT_ZOOM], new[THEME]) == (100, 120, "dark")


def test_a_change_is_all_or_nothing() -> None:
    result = apply_changes(Settings(), [Change(DEFAULT_ZOOM, 120), Change(THEME, "pink")], "f")
    assert result == Rejected((Problem("f", "general.theme", Cause.NOT_OFFERED),))


def test_the_default_is_not_stored() -> None:
    assert changed(Change(DEFAULT_ZOOM, 100)) == Settings()


def test_files_round_trip() -> None:
    snapshot = changed(
        Change(DEFAULT_ZOOM, 120),
        Change(HOME_PAGE, "example.org"),
        Change(USER_ENGINES, (OWN,)),
        Change(LIST_CHOICES, (("b", False), ("a", True))),
    )
    assert snapshot[HOME_PAGE] == "https://example.org/"
    assert read_settings(write_settings(snapshot), "f") == (snapshot, ())
    assert is_list_enabled(snapshot, "a", False)
    assert not is_list_enabled(snapshot, "b", True)
    assert is_list_enabled(snapshot, "c", True)


def test_an_unreadable_value_is_the_safer_one_and_reported() -> None:
    text = json.dumps({"content.javascript": "yes", "general.zoom": 9_999, "general.theme": "dark"})
    snapshot, problems = read_settings(text.encode(), "settings.json")
    assert not snapshot[JAVASCRIPT]
    assert snapshot[DEFAULT_ZOOM] == 100
    assert snapshot[THEME] == "dark"
    assert problems == (
        Problem("settings.json", "content.javascript", Cause.WRONG_TYPE),
        Problem("settings.json", "general.zoom", Cause.OUT_OF_RANGE),
    )


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"\xff", b"null", b"[" * 100_000, b" " * 5_000_000]
)
def test_an_unreadable_file_is_the_safest_snapshot(text: bytes) -> None:
    snapshot, problems = read_settings(text, "settings.json")
    assert snapshot == safest()
    assert not snapshot[AUTOPLAY]
    assert snapshot[BLOCKING]
    assert problems == (Problem("settings.json", None, Cause.NOT_JSON),)


def test_keys_of_other_versions_are_kept_and_reported() -> None:
    snapshot, problems = read_settings(b'{"future.thing": [1]}', "f")
    assert problems == (Problem("f", "future.thing", Cause.UNKNOWN_KEY),)
    assert json.loads(write_settings(snapshot)) == {"future.thing": [1]}
    deep = b'{"future.thing": ' + b"[" * 900 + b"]" * 900 + b"}"
    assert json.loads(write_settings(read_settings(deep, "f")[0])) == {}


def test_renamed_keys_are_read_and_the_new_name_wins() -> None:
    renames = MappingProxyType({"old.zoom": "general.zoom"})
    assert read_settings(b'{"old.zoom": 150}', "f", ALL, renames)[0][DEFAULT_ZOOM] == 150
    both = b'{"general.zoom": 120, "old.zoom": 150}'
    assert read_settings(both, "f", ALL, renames)[0][DEFAULT_ZOOM] == 120


def test_renames_lead_to_declared_keys() -> None:
    keys = {setting.key for setting in ALL}
    assert all(new in keys and old not in keys for old, new in RENAMES.items())


def test_engines_and_the_default_one() -> None:
    snapshot = changed(Change(USER_ENGINES, (OWN,)), Change(SEARCH_ENGINE, "user-mine"))
    assert default_engine_of(snapshot, "fr") == OWN
    assert engines_of(snapshot, "fr")[-1] == OWN
    gone = changed(Change(SEARCH_ENGINE, "user-gone"))
    assert default_engine_of(gone, "en").id == "qwant"


@pytest.mark.parametrize("language", ["en", "fr", "fr_CA", "de"])
def test_builtin_engines_answer_to_different_keywords(language: str) -> None:
    engines = builtin_engines(language)
    keywords = [word for engine in engines for word in engine.keywords]
    assert len(set(keywords)) == len(keywords)
    assert "w" in keywords
    for engine in engines:
        assert engine.url_for("a&b c/é").startswith("https://")
        assert engine.url_for("a&b c/é").endswith("=a%26b%20c%2F%C3%A9")


@pytest.mark.parametrize(
    ("name", "keyword", "template", "expected"),
    [
        ("", "x", "https://a.example/?q=%s", EngineProblem.NAME),
        ("A", "two words", "https://a.example/?q=%s", EngineProblem.KEYWORD),
        ("A", "ddg", "https://a.example/?q=%s", EngineProblem.KEYWORD_TAKEN),
        ("A", "x", "http://a.example/?q=%s", EngineProblem.NOT_HTTPS),
        ("A", "x", "javascript:alert(%s)", EngineProblem.NOT_HTTPS),
        ("A", "x", "https://a.example/", EngineProblem.PLACEHOLDER),
        ("A", "x", "https://a.example/%s/%s", EngineProblem.PLACEHOLDER),
        ("A", "x", "https://%s.example/", EngineProblem.PLACEHOLDER),
        ("A", "x", "https://%s@a.example/", EngineProblem.PLACEHOLDER),
        ("A", "x", "https://a@b.example/%s", EngineProblem.ADDRESS),
        ("A", "x", "https:///%s", EngineProblem.PLACEHOLDER),
        ("A", "x", "https://a..b/%s", EngineProblem.ADDRESS),
    ],
)
def test_an_unsafe_engine_is_refused(
    name: str, keyword: str, template: str, expected: EngineProblem
) -> None:
    assert make_engine(name, keyword, template, builtin_engines()) is expected


def test_a_users_engine() -> None:
    first = make_engine(" My  engine ", "ME", "https://a.example/%s", builtin_engines())
    assert first == SearchEngine("user-my-engine", "My engine", ("me",), "https://a.example/%s")
    second = make_engine("My engine", "", "https://a.example/{query}", [first])
    assert isinstance(second, SearchEngine)
    assert (second.id, second.keywords) == ("user-my-engine-2", ())


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
JSON = LEAVES | st.lists(LEAVES, max_size=3) | st.dictionaries(st.text(max_size=8), LEAVES)
KEYS = st.sampled_from([s.key for s in ALL]) | st.text(max_size=8)


@settings(max_examples=1_000, deadline=None)
@given(st.dictionaries(KEYS, JSON, max_size=4))
def test_any_file_gives_valid_settings(raw: dict[str, object]) -> None:
    snapshot, _ = read_settings(json.dumps(raw).encode(), "f")
    for setting in ALL:
        assert setting.read(snapshot[setting]) == snapshot[setting]
    again, _ = read_settings(write_settings(snapshot), "f")
    # NaN in a foreign key is unequal to itself, so only our own values are compared.
    assert again.values == snapshot.values


def test_an_invalid_value_names_its_cause() -> None:
    with pytest.raises(InvalidValueError) as caught:
        HOME_PAGE.read("javascript:1")
    assert caught.value.cause is Cause.BAD_ADDRESS

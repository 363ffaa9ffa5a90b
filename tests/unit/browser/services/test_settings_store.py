"""The settings file on disk."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from myco_browser.domain.controls import Cause, Problem
from myco_browser.domain.settings import DEFAULT_ZOOM, JAVASCRIPT, THEME
from myco_browser.domain.settings_snapshot import Change, Rejected, Settings
from myco_browser.services.settings_store import SettingsStore


def test_a_change_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "profile" / "settings.json"
    SettingsStore(path).change(Change(DEFAULT_ZOOM, 150))
    store = SettingsStore(path)
    assert store.settings[DEFAULT_ZOOM] == 150
    assert store.problems == ()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == ["settings.json"]


def test_observers_see_before_and_after_until_they_stop(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "settings.json")
    seen: list[tuple[int, int]] = []
    stop = store.observe(lambda old, new: seen.append((old[DEFAULT_ZOOM], new[DEFAULT_ZOOM])))
    store.change(Change(DEFAULT_ZOOM, 150))
    store.change(Change(DEFAULT_ZOOM, 150))
    stop()
    stop()
    store.change(Change(DEFAULT_ZOOM, 160))
    assert seen == [(100, 150)]


def test_a_rejected_change_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    store = SettingsStore(path)
    result = store.change(Change(DEFAULT_ZOOM, 150), Change(THEME, "pink"))
    assert isinstance(result, Rejected)
    assert store.settings == Settings()
    assert not path.exists()


def test_a_failed_save_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "profile" / "settings.json"
    store = SettingsStore(path)
    path.mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        store.change(Change(DEFAULT_ZOOM, 150))
    assert store.settings == Settings()


def test_a_broken_file_is_safe_reported_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text("{broken")
    store = SettingsStore(path)
    assert not store.settings[JAVASCRIPT]
    assert store.problems == (Problem(str(path), None, Cause.NOT_JSON),)
    store.change(Change(JAVASCRIPT, True))
    assert (tmp_path / "settings.json.broken").read_text() == "{broken"
    assert SettingsStore(path).settings[JAVASCRIPT]


def test_an_unreadable_file_is_safe_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.mkdir()
    store = SettingsStore(path)
    assert not store.settings[JAVASCRIPT]
    assert store.problems == (Problem(str(path), None, Cause.UNREADABLE),)


def test_a_private_store_touches_no_file(tmp_path: Path) -> None:
    store = SettingsStore(None, Settings())
    store.change(Change(DEFAULT_ZOOM, 150))
    assert store.settings[DEFAULT_ZOOM] == 150
    assert list(tmp_path.iterdir()) == []


def test_leftovers_of_a_killed_writer_are_removed(tmp_path: Path) -> None:
    (tmp_path / ".settings.json.abc").write_text("half")
    SettingsStore(tmp_path / "settings.json")
    assert list(tmp_path.iterdir()) == []

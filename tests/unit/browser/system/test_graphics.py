from __future__ import annotations

from pathlib import Path

import pytest

from myco_browser.system.graphics import has_graphics_device


def test_a_machine_without_devices_has_no_card(tmp_path: Path) -> None:
    assert not has_graphics_device(tmp_path)
    (tmp_path / "dri").mkdir()
    (tmp_path / "dri" / "by-path").mkdir()
    assert not has_graphics_device(tmp_path)


@pytest.mark.parametrize("name", ["dri/renderD128", "dri/card0", "nvidiactl", "dxg"])
def test_a_device_that_can_be_opened_is_a_card(tmp_path: Path, name: str) -> None:
    device = tmp_path / name
    device.parent.mkdir(exist_ok=True)
    device.touch()
    assert has_graphics_device(tmp_path)


def test_a_device_of_others_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dri").mkdir()
    (tmp_path / "dri" / "renderD128").touch()
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert not has_graphics_device(tmp_path)

"""What the desktop says about movement."""

from __future__ import annotations

from pathlib import Path

import pytest

from myco_browser.system.motion import wants_less_motion


@pytest.mark.parametrize(
    ("name", "text", "less"),
    [
        ("gtk-3.0/settings.ini", "[Settings]\ngtk-enable-animations=0\n", True),
        ("gtk-4.0/settings.ini", "[Settings]\ngtk-enable-animations = false\n", True),
        ("gtk-3.0/settings.ini", "[Settings]\ngtk-enable-animations=1\n", False),
        ("kdeglobals", "[General]\nx=1\n[KDE]\nAnimationDurationFactor=0\n", True),
        ("kdeglobals", "[KDE]\nAnimationDurationFactor=1.5\n", False),
        ("kdeglobals", "no such form \xff", False),
        ("unrelated", "", False),
    ],
)
def test_the_files_of_the_desktop_are_followed(
    tmp_path: Path, name: str, text: str, less: bool
) -> None:
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "latin-1")
    assert wants_less_motion({"XDG_CONFIG_HOME": str(tmp_path)}) is less

"""Installing for one user, the default browser and taking it all back, with the real tools."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from myco_browser.system.desktop import entry_files, is_installed

_ROOT = Path(__file__).parents[3]


def _environ(tmp_path: Path, path: str | None = None) -> dict[str, str]:
    packages = [str(_ROOT / part) for part in (".", "filters", "vpn", "resources")]
    return {
        "HOME": str(tmp_path),
        "PATH": path or os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(packages),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_DATA_DIRS": str(tmp_path / "shared"),
        "LANG": "C.UTF-8",
    }


def _run(tmp_path: Path, *words: str, path: str | None = None) -> tuple[int, str]:
    (tmp_path / "config").mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "myco_browser.app.desktop", *words],
        env=_environ(tmp_path, path), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout.strip()


def test_what_is_installed_is_whole_and_goes_without_a_trace(tmp_path: Path) -> None:
    status, _said = _run(tmp_path, "install", "en")
    files = entry_files(tmp_path / "data")
    assert status == 0
    assert all(path.is_file() for path in files)
    assert is_installed(_environ(tmp_path))
    for path in files:
        if path.suffix == ".png":
            with Image.open(path) as picture:
                assert f"{picture.width}x{picture.height}" == path.parents[1].name
                assert picture.getpixel((picture.width // 2, 1))[:3] == (0x0D, 0x6B, 0x5E)  # type: ignore[index]
    status, said = _run(tmp_path, "remove", "fr")
    assert status == 0
    assert "n’est plus" in said
    assert not [path for path in files if path.exists()]
    assert not is_installed(_environ(tmp_path))


@pytest.mark.skipif(not shutil.which("xdg-settings"), reason="xdg-utils are not here")
def test_the_desktop_says_that_myco_is_the_default_browser(tmp_path: Path) -> None:
    status, said = _run(tmp_path, "default", "en")
    assert (status, said) == (0, "Links of other programs open in Myco Browser now.")
    asked = subprocess.run(
        ["xdg-mime", "query", "default", "x-scheme-handler/https"],
        env=_environ(tmp_path), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert asked.stdout.strip() == "myco-browser.desktop"


def test_a_desktop_that_does_not_take_it_is_told(tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    status, said = _run(tmp_path, "default", "en", path=str(tools))
    assert status == 1
    assert "xdg-settings" in said
    deaf = tools / "xdg-settings"
    deaf.write_text("#!/bin/sh\necho no\n")
    deaf.chmod(0o755)
    status, said = _run(tmp_path, "default", "en", path=f"{tools}:/usr/bin:/bin")
    assert status == 1
    assert "did not take it" in said

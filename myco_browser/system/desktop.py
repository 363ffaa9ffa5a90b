"""Puts Myco into the desktop's menu for one user, takes it out, and makes it the default browser.

Files below $XDG_DATA_HOME only, each named by `entry_files`, so that all of it can be taken back.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path

from myco_browser.domain.desktop_entry import NAME, desktop_entry, metainfo

ICON_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
_ENTRY = f"{NAME}.desktop"
_PATIENCE_S = 20
_TOOLS = (("update-desktop-database", "applications"), ("gtk-update-icon-cache", "icons/hicolor"))

Draw = Callable[[int], bytes]
"""The icon as PNG, for a size in pixels."""


class Standing(Enum):
    """What came of making Myco the default browser."""

    DONE = "done"
    NO_TOOL = "no-tool"
    """xdg-settings (package xdg-utils) is not installed."""
    REFUSED = "refused"
    """The desktop was asked, and still starts another browser."""


def data_home(environ: Mapping[str, str]) -> Path:
    """$XDG_DATA_HOME, or its default."""
    chosen = environ.get("XDG_DATA_HOME", "")
    return Path(chosen if os.path.isabs(chosen) else os.path.expanduser("~/.local/share"))


def entry_files(home: Path) -> tuple[Path, ...]:
    """Every file that installing makes."""
    icons = home / "icons" / "hicolor"
    return (
        home / "applications" / _ENTRY,
        home / "metainfo" / f"{NAME}.metainfo.xml",
        icons / "scalable" / "apps" / f"{NAME}.svg",
        *(icons / f"{size}x{size}" / "apps" / f"{NAME}.png" for size in ICON_SIZES),
    )


def install(
    environ: Mapping[str, str], command: list[str], icon: str, draw: Draw
) -> tuple[Path, ...]:
    """Writes the files; what was written. Raises OSError."""
    home = data_home(environ)
    entry, described, scalable, *pictures = entry_files(home)
    contents = {
        entry: desktop_entry(command).encode(),
        described: metainfo().encode(),
        scalable: icon.encode(),
    }
    contents |= {path: draw(size) for path, size in zip(pictures, ICON_SIZES, strict=True)}
    for path, content in contents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_bytes(content)
        fresh.replace(path)
    _refresh(home)
    return tuple(contents)


def remove(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Takes the files away; those that were there. Raises OSError."""
    home = data_home(environ)
    gone = tuple(path for path in entry_files(home) if path.exists())
    for path in gone:
        path.unlink()
    _refresh(home)
    return gone


def is_installed(environ: Mapping[str, str]) -> bool:
    """Whether the desktop knows Myco, by the user's files or a package's."""
    shared = environ.get("XDG_DATA_DIRS", "") or "/usr/local/share:/usr/share"
    folders = (str(data_home(environ)), *shared.split(":"))
    return any(os.path.exists(os.path.join(one, "applications", _ENTRY)) for one in folders)


def make_default(environ: Mapping[str, str]) -> Standing:
    """Asks the desktop to open links with Myco, then whether it does."""
    if shutil.which("xdg-settings", path=environ.get("PATH")) is None:
        return Standing.NO_TOOL
    _settings(environ, "set")
    return Standing.DONE if _settings(environ, "check") == "yes" else Standing.REFUSED


def _settings(environ: Mapping[str, str], verb: str) -> str:
    command = ["xdg-settings", verb, "default-web-browser", _ENTRY]
    # It looks for another browser in $BROWSER first, and refuses to change anything then.
    clean = {name: value for name, value in environ.items() if name != "BROWSER"}
    try:
        done = subprocess.run(
            command, env=clean, capture_output=True, text=True, check=False, timeout=_PATIENCE_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()


def _refresh(home: Path) -> None:
    """Tells caches of the desktop; where there are none, desktops look by themselves."""
    for tool, folder in _TOOLS:
        if shutil.which(tool) is not None and (home / folder).is_dir():
            quiet = ["-f", "-t", "-q"] if tool.startswith("gtk") else ["-q"]
            subprocess.run(
                [tool, *quiet, str(home / folder)],
                capture_output=True,
                check=False,
                timeout=_PATIENCE_S,
            )

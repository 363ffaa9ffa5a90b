"""Whether the desktop is set to move less, as its files say: GTK's and KDE's.

GNOME keeps the choice in a database that only its own service reads; the setting is there for that.
"""

from __future__ import annotations

import configparser
import os
from collections.abc import Mapping
from pathlib import Path

_LONGEST = 1 << 20
_FILES = (
    ("gtk-4.0/settings.ini", "Settings", "gtk-enable-animations"),
    ("gtk-3.0/settings.ini", "Settings", "gtk-enable-animations"),
    ("kdeglobals", "KDE", "AnimationDurationFactor"),
)
_OFF = frozenset({"0", "0.0", "false", "no"})


def wants_less_motion(environ: Mapping[str, str]) -> bool:
    """Whether one of the files switches animations off; False where none says so."""
    base = environ.get("XDG_CONFIG_HOME", "")
    folder = Path(base) if os.path.isabs(base) else Path.home() / ".config"
    return any(_value(folder / name, *key).lower() in _OFF for name, *key in _FILES)


def _value(path: Path, section: str, key: str) -> str:
    try:
        with path.open("rb") as file:
            text = file.read(_LONGEST).decode("utf-8", "replace")
        parser = configparser.RawConfigParser(strict=False)
        parser.read_string(text)
        return parser.get(section, key, fallback="").strip()
    except (OSError, configparser.Error):
        return ""

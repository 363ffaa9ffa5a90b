"""Profiles of other browsers on this machine: where they lie, however they were installed.

Looked at are the folders of the browsers themselves, of snap and of Flatpak. Nothing is opened here
but the files that name the profiles.
"""

from __future__ import annotations

import configparser
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from myco_browser.services.copied_files import UnreadableError, from_json, read_whole

_MAX_FILE = 16 * 1024 * 1024


class Family(Enum):
    """How a browser keeps what it knows."""

    FIREFOX = "firefox"
    CHROMIUM = "chromium"


@dataclass(frozen=True, slots=True)
class ForeignProfile:
    """One profile; `browser` and `name` are for people."""

    browser: str
    name: str
    folder: Path
    family: Family

    @property
    def keyring_name(self) -> str:
        """What the browser calls itself in the desktop's keyring."""
        return self.browser.partition(" ")[0].casefold()


_FIREFOX: tuple[tuple[str, str], ...] = (
    ("Firefox", ".mozilla/firefox"),
    ("Firefox", ".config/mozilla/firefox"),
    ("Firefox (snap)", "snap/firefox/common/.mozilla/firefox"),
    ("Firefox (Flatpak)", ".var/app/org.mozilla.firefox/.mozilla/firefox"),
    ("Firefox (Flatpak)", ".var/app/org.mozilla.firefox/config/mozilla/firefox"),
)
_CHROMIUM: tuple[tuple[str, str], ...] = (
    ("Chrome", ".config/google-chrome"),
    ("Chrome (Flatpak)", ".var/app/com.google.Chrome/config/google-chrome"),
    ("Chromium", ".config/chromium"),
    ("Chromium (snap)", "snap/chromium/common/chromium"),
    ("Chromium (Flatpak)", ".var/app/org.chromium.Chromium/config/chromium"),
    ("Brave", ".config/BraveSoftware/Brave-Browser"),
    ("Brave (snap)", "snap/brave/current/.config/BraveSoftware/Brave-Browser"),
    ("Brave (Flatpak)", ".var/app/com.brave.Browser/config/BraveSoftware/Brave-Browser"),
    ("Vivaldi", ".config/vivaldi"),
    ("Vivaldi (snap)", "snap/vivaldi/current/.config/vivaldi"),
    ("Vivaldi (Flatpak)", ".var/app/com.vivaldi.Vivaldi/config/vivaldi"),
)


def find_profiles(home: Path) -> tuple[ForeignProfile, ...]:
    """All profiles below `home`, each folder once."""
    found: dict[Path, ForeignProfile] = {}
    for browser, below in _FIREFOX:
        for profile in _firefox(browser, home / below):
            found.setdefault(profile.folder.resolve(), profile)
    for browser, below in _CHROMIUM:
        for profile in _chromium(browser, home / below):
            found.setdefault(profile.folder.resolve(), profile)
    return tuple(found.values())


def _firefox(browser: str, root: Path) -> Iterator[ForeignProfile]:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        text = read_whole(root / "profiles.ini", _MAX_FILE) or b""
        parser.read_string(text.decode(errors="replace"))
    except (UnreadableError, configparser.Error):
        return
    for section in parser.sections():
        values = parser[section]
        path = values.get("Path", "")
        if not section.startswith("Profile") or not path:
            continue
        folder = root / path if values.get("IsRelative", "1") == "1" else Path(path)
        if (folder / "places.sqlite").is_file():
            yield ForeignProfile(browser, values.get("Name", folder.name), folder, Family.FIREFOX)


def _chromium(browser: str, root: Path) -> Iterator[ForeignProfile]:
    names = _chromium_names(root / "Local State")
    try:
        folders = sorted(path for path in root.iterdir() if path.is_dir())
    except OSError:
        return
    for folder in folders:
        known = folder.name == "Default" or folder.name.startswith("Profile ")
        if known and any((folder / name).is_file() for name in ("Bookmarks", "History")):
            name = names.get(folder.name, folder.name)
            yield ForeignProfile(browser, name, folder, Family.CHROMIUM)


def _chromium_names(path: Path) -> dict[str, str]:
    try:
        whole = from_json(read_whole(path, _MAX_FILE) or b"")
        if not isinstance(whole, dict):
            return {}
        cache = whole["profile"]["info_cache"]
        return {str(key): str(value["name"]) for key, value in cache.items()}
    except (UnreadableError, KeyError, TypeError, AttributeError):
        return {}

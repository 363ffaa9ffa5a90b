"""What a user decided for one site: zoom, how much is blocked, local network, permissions.

A site is a registrable domain, or host and port on the local network (see `urls.site_key`).
What is not decided is None or absent: the general setting holds, or the user is asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType

from myco_browser.domain.controls import Cause, Problem
from myco_browser.domain.settings_file import MAX_FILE

MAX_SITES = 20_000
ZOOM_RANGE = (30, 500)
_MAX_KEY = 300


class Permission(Enum):
    """What a page may ask for."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    SCREEN = "screen"
    LOCATION = "location"
    NOTIFICATIONS = "notifications"
    CLIPBOARD = "clipboard"
    POINTER_LOCK = "pointer-lock"
    LOCAL_FONTS = "local-fonts"
    POPUPS = "popups"


class Decision(Enum):
    """The remembered answer."""

    ALLOW = "allow"
    BLOCK = "block"


class Level(Enum):
    """How much is blocked on the pages of a site."""

    STANDARD = "standard"
    STRICT = "strict"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """Decisions for one site. `zoom` is in percent."""

    zoom: int | None = None
    level: Level = Level.STANDARD
    local_network: bool = False
    javascript: bool | None = None
    autoplay: bool | None = None
    permissions: tuple[tuple[Permission, Decision], ...] = ()
    keep: bool | None = None
    """Whether what the site stored stays when its last tab is closed."""
    opened: bool = False
    """Whether the site is open: it breaks otherwise, so nothing is kept from its pages."""
    chrome: bool | None = None
    """Whether it is told that this is Google Chrome (see `agents`)."""

    def decision(self, permission: Permission) -> Decision | None:
        """The remembered answer, None to ask."""
        return next((how for what, how in self.permissions if what is permission), None)

    def with_decision(self, permission: Permission, decision: Decision | None) -> SiteSettings:
        """These settings with another answer; None forgets it."""
        kept = [pair for pair in self.permissions if pair[0] is not permission]
        if decision is not None:
            kept.append((permission, decision))
        kept.sort(key=lambda pair: pair[0].value)
        return replace(self, permissions=tuple(kept))


Sites = Mapping[str, SiteSettings]

NOTHING_DECIDED = SiteSettings()


def sites_at(sites: Sites, level: Level) -> frozenset[str]:
    """The keys of the sites with that level."""
    return frozenset(key for key, site in sites.items() if site.level is level)


def open_sites(sites: Sites) -> frozenset[str]:
    """The keys of the sites that are open."""
    return frozenset(key for key, site in sites.items() if site.opened)


def write_sites(sites: Sites) -> bytes:
    """The file for all sites; `read_sites` gives them back."""
    rows = {key: _written(site) for key, site in sites.items() if site != NOTHING_DECIDED}
    return (json.dumps(rows, indent=1, sort_keys=True) + "\n").encode()


def read_sites(text: bytes, file: str) -> tuple[Sites, tuple[Problem, ...]]:
    """Read all sites. One that cannot be read is left out and reported.

    To leave a site out is the safe side: blocking is on for it, nothing is allowed.
    """
    try:
        if len(text) > MAX_FILE:
            raise ValueError("longer than any file of sites")
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raw = None
    if not isinstance(raw, dict):
        return MappingProxyType({}), (Problem(file, None, Cause.NOT_JSON),)
    sites: dict[str, SiteSettings] = {}
    problems: list[Problem] = []
    for key, row in raw.items():
        site = _read(row) if 0 < len(key) <= _MAX_KEY and len(sites) < MAX_SITES else None
        if site is None:
            problems.append(Problem(file, key[:_MAX_KEY], Cause.WRONG_TYPE))
        else:
            sites[key] = site
    return MappingProxyType(sites), tuple(problems)


def _written(site: SiteSettings) -> dict[str, object]:
    row: dict[str, object] = {
        "zoom": site.zoom,
        "level": None if site.level is Level.STANDARD else site.level.value,
        "local_network": site.local_network or None,
        "javascript": site.javascript,
        "autoplay": site.autoplay,
        "keep": site.keep,
        "open": site.opened or None,
        "chrome": site.chrome,
        "permissions": {what.value: how.value for what, how in site.permissions} or None,
    }
    return {key: value for key, value in row.items() if value is not None}


def _read(row: object) -> SiteSettings | None:
    if not isinstance(row, dict):
        return None
    zoom = row.get("zoom")
    if zoom is not None and not _is_zoom(zoom):
        return None
    names = ("blocking_off", "local_network", "javascript", "autoplay", "keep", "open", "chrome")
    switches = [row.get(key) for key in names]
    if not all(switch is None or isinstance(switch, bool) for switch in switches):
        return None
    permissions = _read_permissions(row.get("permissions", {}))
    # Before there were levels, blocking could be off only.
    level = _read_level(row.get("level", "off" if row.get("blocking_off") else "standard"))
    if permissions is None or level is None:
        return None
    _, local_network, javascript, autoplay, keep, opened, chrome = switches
    return SiteSettings(
        zoom,
        level,
        bool(local_network),
        javascript,
        autoplay,
        permissions,
        keep,
        bool(opened),
        chrome,
    )


def _read_level(raw: object) -> Level | None:
    return next((level for level in Level if level.value == raw), None)


def _is_zoom(value: object) -> bool:
    low, high = ZOOM_RANGE
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _read_permissions(raw: object) -> tuple[tuple[Permission, Decision], ...] | None:
    if not isinstance(raw, dict):
        return None
    try:
        pairs = [(Permission(what), Decision(how)) for what, how in raw.items()]
    except ValueError:
        return None
    return tuple(sorted(pairs, key=lambda pair: pair[0].value))

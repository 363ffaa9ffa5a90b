"""The settings file: JSON to a snapshot and back.

A stored value that cannot be read becomes the safer of the possible values, never silently the
convenient one, and the problem is reported with file, key and cause.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from myco_browser.domain.controls import Cause, InvalidValueError, Problem, Setting
from myco_browser.domain.settings import ALL
from myco_browser.domain.settings_snapshot import Settings

MAX_FILE = 4 * 1024 * 1024
"""Longest settings file that is read, in bytes."""

RENAMES: Mapping[str, str] = MappingProxyType({})
"""Keys of older versions and what they are called now."""


def read_settings(
    text: bytes,
    file: str,
    declared: Sequence[Setting[Any]] = ALL,
    renames: Mapping[str, str] = RENAMES,
) -> tuple[Settings, tuple[Problem, ...]]:
    """Read a settings file. What cannot be read has its safer value and is reported."""
    try:
        if len(text) > MAX_FILE:
            raise ValueError("longer than any settings file")
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raw = None
    if not isinstance(raw, dict):
        return safest(declared), (Problem(file, None, Cause.NOT_JSON),)
    by_key = {setting.key: setting for setting in declared}
    values: dict[str, object] = {}
    unknown: dict[str, object] = {}
    problems: list[Problem] = []
    for written, item in raw.items():
        key = renames.get(written, written)
        setting = by_key.get(key)
        if setting is None:
            unknown |= {key: item} if _is_flat(item) else {}
            problems.append(Problem(file, key, Cause.UNKNOWN_KEY))
        elif key == written or key not in raw:  # the new name wins over an old one beside it
            value, cause = _read_one(setting, item)
            problems += [Problem(file, key, cause)] if cause else []
            values |= {} if value == setting.default else {key: value}
    return Settings(MappingProxyType(values), MappingProxyType(unknown)), tuple(problems)


def write_settings(settings: Settings, declared: Sequence[Setting[Any]] = ALL) -> bytes:
    """The file for a snapshot; `read_settings` gives the snapshot back."""
    known = {
        setting.key: setting.write(settings.values[setting.key])
        for setting in declared
        if setting.key in settings.values
    }
    text = json.dumps({**settings.unknown, **known}, indent=2, sort_keys=True)
    return f"{text}\n".encode()


def safest(declared: Sequence[Setting[Any]] = ALL) -> Settings:
    """The snapshot in which every setting has its safer value."""
    values = {
        setting.key: setting.safer for setting in declared if setting.safer != setting.default
    }
    return Settings(MappingProxyType(values))


def _is_flat(item: object) -> bool:
    """Can a foreign value be written back whatever it is? Deep nesting could not."""
    parts = item if isinstance(item, list) else item.values() if isinstance(item, dict) else ()
    return not any(isinstance(part, list | dict) for part in parts)


def _read_one(setting: Setting[Any], item: object) -> tuple[object, Cause | None]:
    try:
        return setting.read(item), None
    except InvalidValueError as error:
        return setting.safer, error.cause

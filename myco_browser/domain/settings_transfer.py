"""Settings as a file to carry elsewhere. What comes in is taken whole, or not at all.

The file is JSON: what it is, in which version, and the settings that differ from the usual. A wrong
one is refused with the line and the reason, and nothing changes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from myco_browser.domain.controls import Cause, InvalidValueError, Setting
from myco_browser.domain.settings import ALL
from myco_browser.domain.settings_file import MAX_FILE, RENAMES
from myco_browser.domain.settings_snapshot import Settings

_FORMAT = "myco-settings"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was taken; `line` counts from 1, `key` is "" for the file as a whole."""

    line: int
    key: str
    cause: Cause


def export_settings(settings: Settings, declared: Sequence[Setting[Any]] = ALL) -> bytes:
    """The file for a snapshot."""
    chosen = {
        setting.key: setting.write(settings.values[setting.key])
        for setting in declared
        if setting.key in settings.values
    }
    whole = {"format": _FORMAT, "version": _VERSION, "settings": chosen}
    return f"{json.dumps(whole, indent=2, ensure_ascii=False)}\n".encode()


def import_settings(content: bytes, declared: Sequence[Setting[Any]] = ALL) -> Settings | Refusal:
    """The snapshot that a file describes; settings that it does not name have their usual value."""
    if len(content) > MAX_FILE:
        return Refusal(1, "", Cause.TOO_LONG)
    text = content.decode(errors="replace")
    try:
        content.decode()
        whole = json.loads(text, object_pairs_hook=_without_doubles)
    except json.JSONDecodeError as error:
        return Refusal(error.lineno, "", Cause.NOT_JSON)
    except UnicodeDecodeError as error:
        return Refusal(content.count(b"\n", 0, error.start) + 1, "", Cause.NOT_JSON)
    except _DoubleError as error:
        return Refusal(_line_of(text, error.key, last=True), error.key, Cause.TWICE)
    except (ValueError, RecursionError):
        return Refusal(1, "", Cause.NOT_JSON)
    if not isinstance(whole, dict) or whole.get("format") != _FORMAT:
        return Refusal(1, "", Cause.OTHER_FILE)
    if whole.get("version") != _VERSION:
        return Refusal(_line_of(text, "version"), "version", Cause.NEWER)
    chosen = whole.get("settings")
    if not isinstance(chosen, dict):
        return Refusal(_line_of(text, "settings"), "settings", Cause.WRONG_TYPE)
    return _taken(text, chosen, {setting.key: setting for setting in declared})


def _taken(
    text: str, chosen: dict[str, object], by_key: dict[str, Setting[Any]]
) -> Settings | Refusal:
    values: dict[str, object] = {}
    for written, item in chosen.items():
        setting = by_key.get(RENAMES.get(written, written))
        if setting is None:
            return Refusal(_line_of(text, written), written, Cause.UNKNOWN_KEY)
        try:
            value = setting.read(item)
        except InvalidValueError as error:
            return Refusal(_line_of(text, written), written, error.cause)
        if value != setting.default:
            values[setting.key] = value
    return Settings(MappingProxyType(values))


class _DoubleError(ValueError):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made: dict[str, object] = {}
    for key, value in pairs:
        if key in made:
            raise _DoubleError(key)
        made[key] = value
    return made


def _line_of(text: str, key: str, *, last: bool = False) -> int:
    """The line where a key stands; it is searched for as text, as JSON readers tell no places."""
    places = [json.dumps(key), json.dumps(key, ensure_ascii=False)]
    found = [text.rfind(one) if last else text.find(one) for one in places]
    at = max(found)
    return text.count("\n", 0, at) + 1 if at >= 0 else 1

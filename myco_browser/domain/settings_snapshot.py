"""Snapshots of the settings' values, and changes to them.

A snapshot is immutable and a change gives a new one, all or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar, cast

from myco_browser.domain.controls import InvalidValueError, Problem, Setting

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Settings:
    """A snapshot: `settings[BLOCKING]` is the value of that setting.

    Only values that differ from the default are held, so that a better default reaches
    everybody who did not choose. Keys of other versions are kept in `unknown`.
    """

    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    unknown: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def __getitem__(self, setting: Setting[T]) -> T:
        return cast("T", self.values.get(setting.key, setting.default))


@dataclass(frozen=True, slots=True)
class Change(Generic[T]):
    """A wish: `setting` is to have `value`."""

    setting: Setting[T]
    value: T


class Rejected(NamedTuple):
    """No change was made, and why."""

    problems: tuple[Problem, ...]


def apply_changes(
    settings: Settings, changes: Sequence[Change[Any]], file: str = ""
) -> Settings | Rejected:
    """The snapshot with all `changes`, or the reasons why there is none."""
    values = dict(settings.values)
    problems: list[Problem] = []
    for change in changes:
        try:
            value = change.setting.read(change.value)
        except InvalidValueError as error:
            problems.append(Problem(file, change.setting.key, error.cause))
            continue
        if value == change.setting.default:
            values.pop(change.setting.key, None)
        else:
            values[change.setting.key] = value
    if problems:
        return Rejected(tuple(problems))
    return Settings(MappingProxyType(values), settings.unknown)

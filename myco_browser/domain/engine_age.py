"""How old the engine's newest security fixes are.

The engine takes single fixes from Chromium's stable releases, and says up to which release. When
that release came out is looked up in a table: the days on which Debian's security team brought
Chromium's releases to its stable distribution (changelog of the package). They are one to a few
days later than Chromium's own, so that the true lag is larger by as much, never smaller.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

_RELEASES: tuple[tuple[str, str], ...] = (
    ("149.0.7827.53", "2026-06-06"),
    ("149.0.7827.102", "2026-06-09"),
    ("149.0.7827.114", "2026-06-12"),
    ("149.0.7827.155", "2026-06-17"),
    ("149.0.7827.196", "2026-06-23"),
    ("150.0.7871.46", "2026-07-04"),
    ("150.0.7871.100", "2026-07-07"),
    ("150.0.7871.114", "2026-07-10"),
    ("150.0.7871.124", "2026-07-14"),
    ("150.0.7871.181", "2026-07-21"),
    ("151.0.7922.47", "2026-07-29"),
    ("151.0.7922.71", "2026-07-30"),
    ("151.0.7922.108", "2026-08-07"),
    ("151.0.7922.137", "2026-08-12"),
    ("151.0.7922.169", "2026-08-18"),
    ("151.0.7922.173", "2026-08-22"),
    ("152.0.7977.64", "2026-08-31"),
    ("152.0.7977.75", "2026-09-02"),
    ("152.0.7977.82", "2026-09-04"),
    ("153.0.8010.47", "2026-09-16"),
    ("153.0.8010.52", "2026-09-18"),
    ("154.0.8037.57", "2026-09-24"),
    ("154.0.8037.92", "2026-09-30"),
    ("155.0.8059.39", "2026-10-11"),
    ("155.0.8059.79", "2026-10-14"),
    ("156.0.8078.47", "2026-10-21"),
    ("156.0.8078.73", "2026-10-27"),
    ("156.0.8078.79", "2026-11-01"),
)


@dataclass(frozen=True, slots=True)
class EngineAge:
    """`days` since the release that the fixes go up to; `missed` releases are known after it."""

    since: datetime.date
    days: int
    missed: int
    newest: str


def engine_age(
    patched: str, today: datetime.date, releases: tuple[tuple[str, str], ...] = _RELEASES
) -> EngineAge | None:
    """The age of fixes up to release `patched`; None when it is older than the table knows."""
    level = _numbers(patched)
    known = [(_numbers(name), name, datetime.date.fromisoformat(day)) for name, day in releases]
    reached = [entry for entry in known if entry[0] <= level]
    if not level or not reached:
        return None
    since = reached[-1][2]
    later = [entry for entry in known if entry[0] > level]
    newest = later[-1][1] if later else patched
    return EngineAge(since, max(0, (today - since).days), len(later), newest)


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else ()

"""Buckets: candidates that share a key, arranged so that a miss costs little."""

from __future__ import annotations

from collections.abc import Iterable

from myco_filters.candidates import Candidate, PathCandidate, Ready
from myco_filters.gate import Search, gate, part_of
from myco_filters.request import Request

_WORTH_A_GATE = 8
_WORTH_SITES = 6
START = 4
"""Characters after the host by which path candidates are found."""


class Bucket:
    """Candidates for the whole URL.

    Those with a suitable literal wait behind a gate, if there are many and neither the host nor the
    asking site sorts them out.
    """

    __slots__ = ("free", "gate", "gated")

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        gated: list[Candidate] = []
        free: list[Candidate] = []
        parts: list[str] = []
        for one in candidates:
            part = "" if one[3].is_narrow() else part_of(one[0])
            if part:
                parts.append(part)
                gated.append(one)
            else:
                free.append(one)
        if len(gated) < _WORTH_A_GATE:
            free, gated = [*gated, *free], []
        self.free = tuple(free)
        self.gated = tuple(gated)
        self.gate: Search | None = gate(parts) if gated else None

    def __bool__(self) -> bool:
        return bool(self.free) or self.gate is not None

    def first(self, request: Request, low: str) -> Ready | None:
        """The first filter that fits."""
        if self.gate is not None and self.gate(low):
            found = first(self.gated, request, low)
            if found is not None:
                return found
        return first(self.free, request, low)


def first(candidates: tuple[Candidate, ...], request: Request, low: str) -> Ready | None:
    """The first filter among the candidates that fits."""
    for literal, test, condition, ready in candidates:
        if (
            literal in low
            and (test is None or test(low))
            and (condition is None or condition(request))
        ):
            return ready
    return None


def every(candidates: tuple[Candidate, ...], request: Request, low: str) -> list[Ready]:
    """All filters among the candidates that fit."""
    return [
        ready
        for literal, test, condition, ready in candidates
        if literal in low
        and (test is None or test(low))
        and (condition is None or condition(request))
    ]


Paths = tuple[PathCandidate, ...]


class PathBucket:
    """Candidates for what follows the host, found by its first characters.

    Where many begin alike, those that are limited to certain sites are found by the asking site.
    """

    __slots__ = ("by_site", "by_start", "free")

    def __init__(self, candidates: Iterable[PathCandidate]) -> None:
        starts: dict[str, list[PathCandidate]] = {}
        for one in candidates:
            start = one[0][:START] if len(one[0]) >= START else ""
            starts.setdefault(start, []).append(one)
        self.by_site: dict[str, list[tuple[str, PathCandidate]]] = {}
        """By site: (first characters, candidate)."""
        for start, found in starts.items():
            if len(found) >= _WORTH_SITES:
                starts[start] = self._without_sites(start, found)
        self.free: Paths = tuple(starts.pop("", ()))
        """Those that may begin with anything."""
        self.by_start = {start: (*found, *self.free) for start, found in starts.items() if found}
        """All that are to be tried, where they are more than ``free``."""

    def __bool__(self) -> bool:
        return bool(self.free or self.by_start or self.by_site)

    def for_site(self, names: frozenset[str]) -> tuple[dict[str, Paths], Paths]:
        """``by_start`` and ``free`` with what is limited to a site of these names."""
        extra = [one for name in self.by_site.keys() & names for one in self.by_site[name]]
        if not extra:
            return self.by_start, self.free
        free = (*self.free, *(one for start, one in extra if not start))
        by_start = dict(self.by_start)
        if len(free) > len(self.free):
            by_start = {start: (*found, *free) for start, found in by_start.items()}
        for start, one in extra:
            if start:
                by_start[start] = (one, *by_start.get(start, free))
        return by_start, free

    def _without_sites(self, start: str, candidates: list[PathCandidate]) -> list[PathCandidate]:
        free: list[PathCandidate] = []
        for one in candidates:
            sites = one[3].filter.domains
            if sites.include and not sites.include_regex:
                for name in sites.include:
                    self.by_site.setdefault(name, []).append((start, one))
            else:
                free.append(one)
        return free


def every_path(
    candidates: tuple[PathCandidate, ...], request: Request, low: str, end: int
) -> list[Ready]:
    """All filters among the candidates that fit after ``end``, where the host ends."""
    return [
        ready
        for literal, test_at, condition, ready in candidates
        if low.startswith(literal, end)
        and (test_at is None or test_at(low, end))
        and (condition is None or condition(request))
    ]

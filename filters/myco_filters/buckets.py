"""Buckets: candidates that share a key, arranged so that a miss costs little."""

from __future__ import annotations

from collections.abc import Iterable

from myco_filters.candidates import Candidate, PathCandidate, Ready
from myco_filters.gate import Search, gate, part_of
from myco_filters.request import Request

_WORTH_A_GATE = 8
_WORTH_SITES = 6
_START = 4


class Bucket:
    """Candidates for the whole URL; those with a suitable literal wait behind a gate."""

    __slots__ = ("free", "gate", "gated")

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        gated: list[Candidate] = []
        free: list[Candidate] = []
        parts: list[str] = []
        for one in candidates:
            part = part_of(one[0])
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
        return bool(self.free or self.gated)

    def first(self, request: Request, low: str) -> Ready | None:
        """The first filter that fits."""
        return self.first_gated(request, low) or first(self.free, request, low)

    def every(self, request: Request, low: str) -> list[Ready]:
        """All filters that fit."""
        possible = self.free
        if self.gate is not None and self.gate(low):
            possible += self.gated
        return every(possible, request, low)

    def first_gated(self, request: Request, low: str) -> Ready | None:
        """The first filter behind the gate that fits."""
        if self.gate is None or not self.gate(low):
            return None
        return first(self.gated, request, low)


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


class PathBucket:
    """Candidates for what follows the host, found by its first characters.

    Where many begin alike, those that are limited to certain sites are found by the asking site.
    """

    __slots__ = ("by_site", "by_start", "free")

    def __init__(self, candidates: Iterable[PathCandidate]) -> None:
        starts: dict[str, list[PathCandidate]] = {}
        for one in candidates:
            start = one[0][:_START] if len(one[0]) >= _START else ""
            starts.setdefault(start, []).append(one)
        self.by_site: dict[str, dict[str, tuple[PathCandidate, ...]]] = {}
        for start, found in starts.items():
            if len(found) >= _WORTH_SITES:
                starts[start], by_site = _split_by_site(found)
                self.by_site[start] = by_site
        self.free = tuple(starts.pop("", ()))
        self.by_start = {start: tuple(found) for start, found in starts.items()}

    def __bool__(self) -> bool:
        return bool(self.free or self.by_start or self.by_site)

    def first(self, request: Request, low: str, end: int) -> Ready | None:
        """The first filter that fits after ``end``, where the host ends."""
        for literal, test_at, condition, ready in self._possible(request, low, end):
            if (
                low.startswith(literal, end)
                and (test_at is None or test_at(low, end))
                and (condition is None or condition(request))
            ):
                return ready
        return None

    def every(self, request: Request, low: str, end: int) -> list[Ready]:
        """All filters that fit."""
        return [
            ready
            for literal, test_at, condition, ready in self._possible(request, low, end)
            if low.startswith(literal, end)
            and (test_at is None or test_at(low, end))
            and (condition is None or condition(request))
        ]

    def _possible(self, request: Request, low: str, end: int) -> tuple[PathCandidate, ...]:
        start = low[end : end + _START]
        found = self.by_start.get(start)
        possible = self.free if found is None else found + self.free
        if self.by_site:
            for by_site in (self.by_site.get(start), self.by_site.get("")):
                if by_site is not None:
                    for name in by_site.keys() & request.source_names:
                        possible += by_site[name]
        return possible


def _split_by_site(
    candidates: list[PathCandidate],
) -> tuple[list[PathCandidate], dict[str, tuple[PathCandidate, ...]]]:
    """Candidates for every site, and those for certain sites by each of these."""
    free: list[PathCandidate] = []
    by_site: dict[str, tuple[PathCandidate, ...]] = {}
    for one in candidates:
        sites = one[3].filter.domains
        if sites.include and not sites.include_regex:
            for name in sites.include:
                by_site[name] = (*by_site.get(name, ()), one)
        else:
            free.append(one)
    return free, by_site

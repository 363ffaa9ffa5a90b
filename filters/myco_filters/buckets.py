"""Buckets: candidates that share a key, arranged so that a miss costs little."""

from __future__ import annotations

from collections.abc import Iterable

from myco_filters.candidates import Candidate, PathCandidate, Ready
from myco_filters.gate import Search, gate, part_of
from myco_filters.request import Request

_WORTH_A_GATE = 8
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
        if self.gate is not None and self.gate(low):
            for literal, test, condition, ready in self.gated:
                if (
                    literal in low
                    and (test is None or test(low))
                    and (condition is None or condition(request))
                ):
                    return ready
        for literal, test, condition, ready in self.free:
            if (
                literal in low
                and (test is None or test(low))
                and (condition is None or condition(request))
            ):
                return ready
        return None

    def every(self, request: Request, low: str) -> list[Ready]:
        """All filters that fit."""
        possible = self.free
        if self.gate is not None and self.gate(low):
            possible += self.gated
        return every(possible, request, low)

    def on_host(self, host: str) -> Bucket:
        """The same bucket without what cannot fit the host (see :mod:`myco_filters.origin`)."""
        possible = [one for one in self.free if one[3].can_fit(host)]
        if len(possible) == len(self.free):
            return self
        made = Bucket(())
        made.free, made.gated, made.gate = tuple(possible), self.gated, self.gate
        return made


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
    """Candidates for what follows the host, found by its first characters."""

    __slots__ = ("by_start", "free")

    def __init__(self, candidates: Iterable[PathCandidate]) -> None:
        starts: dict[str, list[PathCandidate]] = {}
        free: list[PathCandidate] = []
        for one in candidates:
            if len(one[0]) >= _START:
                starts.setdefault(one[0][:_START], []).append(one)
            else:
                free.append(one)
        self.by_start = {start: tuple(found) for start, found in starts.items()}
        self.free = tuple(free)

    def __bool__(self) -> bool:
        return bool(self.free or self.by_start)

    def first(self, request: Request, low: str, end: int) -> Ready | None:
        """The first filter that fits after ``end``, where the host ends."""
        for literal, test_at, condition, ready in self._possible(low, end):
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
            for literal, test_at, condition, ready in self._possible(low, end)
            if low.startswith(literal, end)
            and (test_at is None or test_at(low, end))
            and (condition is None or condition(request))
        ]

    def _possible(self, low: str, end: int) -> tuple[PathCandidate, ...]:
        found = self.by_start.get(low[end : end + _START])
        return self.free if found is None else found + self.free

"""Looking up the filters that could match a request, and trying them.

One :class:`Index` serves one purpose (blocking, exceptions, …). What depends on the host alone, or
on the asking site alone, is worked out once per host and kept in bounded tables; per request there
remain the tokens of the path. Every shortcut is exact: it only leaves out filters that cannot fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from myco_filters.candidates import Candidate, PathCandidate, Ready, candidate, path_candidate
from myco_filters.hosts import names, suffixes
from myco_filters.request import Request
from myco_filters.tables import Realm

_TOKENS = re.compile(r"[0-9a-z%]{2,}").findall
_KEPT = 4096
_BITS = 32

Lookup = Callable[[int], Ready | None]


class HostFacts:
    """What the buckets hold for one request host, kind and party."""

    __slots__ = ("others", "paths", "plain")

    def __init__(
        self,
        plain: tuple[str, int] | None,
        paths: tuple[PathCandidate, ...],
        others: tuple[Candidate, ...],
    ) -> None:
        self.plain = plain
        """(matching suffix, group number) of a plain host filter."""
        self.paths = paths
        self.others = others


class Index:
    """The filters of one realm, found by request."""

    def __init__(self, realm: Realm, lookup: Lookup) -> None:
        self._realm = realm
        self._lookup = lookup
        self._by_host: list[dict[str, HostFacts]] = [{} for _ in range(_BITS)]
        self._by_source: list[dict[str, tuple[Candidate, ...]]] = [{} for _ in range(_BITS)]
        self._by_token: list[dict[str, str | tuple[Candidate, ...]] | None] = [None] * _BITS
        self._rest: list[tuple[Candidate, ...] | None] = [None] * _BITS

    def find(self, request: Request) -> Ready | tuple[str, int] | None:
        """The first filter that fits: a plain host as (host, group), another as Ready."""
        number = 2 * request.kind + request.third_party
        host = request.host
        facts = self._by_host[number].get(host)
        if facts is None:
            facts = self._host_facts(number, host)
        if facts.plain is not None:
            return facts.plain
        low = request.low
        if facts.paths:
            end = request.host_end
            for literal, test_at, condition, ready in facts.paths:
                if (
                    low.startswith(literal, end)
                    and (test_at is None or test_at(low, end))
                    and (condition is None or condition(request))
                ):
                    return ready
        for literal, test, condition, ready in facts.others:
            if (
                literal in low
                and (test is None or test(low))
                and (condition is None or condition(request))
            ):
                return ready
        return self._find_in_url(number, request, low)

    def _find_in_url(self, number: int, request: Request, low: str) -> Ready | None:
        by_token = self._tokens(number)
        if by_token:
            for token in _TOKENS(low, request.scan):
                bucket = by_token.get(token)
                if bucket:
                    if bucket.__class__ is str:
                        bucket = self._made(by_token, token, number)
                    found = _first(bucket, request, low)  # type: ignore[arg-type]
                    if found is not None:
                        return found
        source = self._source_facts(number, request.source_host)
        if source:
            found = _first(source, request, low)
            if found is not None:
                return found
        return _first(self._rest_of(number), request, low)

    def every(self, request: Request) -> Iterator[Ready]:
        """All filters that fit and are no plain hosts. For rare questions: it is not fast."""
        number = 2 * request.kind + request.third_party
        low = request.low
        seen: set[int] = set()
        for literal, test_at, condition, ready in self._host_facts(number, request.host).paths:
            if (
                low.startswith(literal, request.host_end)
                and (test_at is None or test_at(low, request.host_end))
                and (condition is None or condition(request))
            ):
                seen.add(ready.number)
                yield ready
        for bucket in self._buckets(number, request):
            for literal, test, condition, ready in bucket:
                if (
                    ready.number not in seen
                    and literal in low
                    and (test is None or test(low))
                    and (condition is None or condition(request))
                ):
                    seen.add(ready.number)
                    yield ready

    def plain(self, request: Request) -> tuple[str, int] | None:
        """The plain host filter that fits, if any."""
        return self._host_facts(2 * request.kind + request.third_party, request.host).plain

    def _buckets(self, number: int, request: Request) -> Iterator[tuple[Candidate, ...]]:
        yield self._host_facts(number, request.host).others
        by_token = self._tokens(number)
        for token in _TOKENS(request.low, request.scan):
            bucket = by_token.get(token)
            if bucket:
                yield self._made(by_token, token, number)
        yield self._source_facts(number, request.source_host)
        yield self._rest_of(number)

    def _tokens(self, number: int) -> dict[str, str | tuple[Candidate, ...]]:
        by_token = self._by_token[number]
        if by_token is None:
            by_token = self._by_token[number] = dict(self._realm.tokens)
        return by_token

    def _made(
        self, by_token: dict[str, str | tuple[Candidate, ...]], token: str, number: int
    ) -> tuple[Candidate, ...]:
        bucket = by_token[token]
        if isinstance(bucket, str):
            bucket = by_token[token] = self._candidates(bucket, number)
        return bucket

    def _rest_of(self, number: int) -> tuple[Candidate, ...]:
        rest = self._rest[number]
        if rest is None:
            rest = self._rest[number] = self._candidates(self._realm.rest, number)
        return rest

    def _host_facts(self, number: int, host: str) -> HostFacts:
        known = self._by_host[number]
        found = known.get(host)
        if found is not None:
            return found
        realm = self._realm
        paths: list[PathCandidate] = []
        others: list[Candidate] = []
        plain = None
        for suffix in suffixes(host):
            group = realm.plain.get(suffix)
            if group is not None and plain is None and self._group_mask(group) >> number & 1:
                plain = (suffix, group)
            packed = realm.hosts.get(suffix)
            if packed is not None:
                self._sort_host(packed, number, suffix, paths, others)
        for token in dict.fromkeys(_TOKENS(host)):
            packed = realm.tokens.get(token)
            if packed is not None:
                others.extend(self._candidates(packed, number))
        if len(known) >= _KEPT:
            known.clear()
        facts = known[host] = HostFacts(plain, tuple(paths), tuple(others))
        return facts

    def _sort_host(
        self,
        packed: str,
        number: int,
        suffix: str,
        paths: list[PathCandidate],
        others: list[Candidate],
    ) -> None:
        for ready in self._ready(packed, number):
            at_host = path_candidate(ready)
            if at_host is not None and suffix in ready.filter.pattern:
                paths.append(at_host)
                continue
            anywhere = candidate(ready)
            if anywhere is not None:
                others.append(anywhere)

    def _group_mask(self, group: int) -> int:
        groups = self._realm.groups
        return groups[group].mask if 0 <= group < len(groups) else 0

    def _source_facts(self, number: int, host: str) -> tuple[Candidate, ...]:
        known = self._by_source[number]
        found = known.get(host)
        if found is not None:
            return found
        sources = self._realm.sources
        packed = [sources[name] for name in names(host) if name in sources] if sources else []
        lines = dict.fromkeys(" ".join(packed).split())
        if len(known) >= _KEPT:
            known.clear()
        made = known[host] = self._candidates(" ".join(lines), number)
        return made

    def _candidates(self, packed: str, number: int) -> tuple[Candidate, ...]:
        made = (candidate(ready) for ready in self._ready(packed, number))
        return tuple(one for one in made if one is not None)

    def _ready(self, packed: str, number: int) -> Iterator[Ready]:
        for line in packed.split():
            ready = self._lookup(int(line)) if line.isdecimal() else None
            if ready is not None and ready.mask >> number & 1:
                yield ready


def _first(bucket: tuple[Candidate, ...], request: Request, low: str) -> Ready | None:
    for literal, test, condition, ready in bucket:
        if (
            literal in low
            and (test is None or test(low))
            and (condition is None or condition(request))
        ):
            return ready
    return None

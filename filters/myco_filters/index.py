"""Looking up the filters that could match a request, and trying them.

One :class:`Index` serves one purpose (blocking, exceptions, …). What depends on the host alone, or
on the asking site alone, is worked out once per host and kept in bounded tables; per request there
remain the tokens of the path. Every shortcut is exact: it only leaves out filters that cannot fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from myco_filters.buckets import Bucket, PathBucket, every
from myco_filters.candidates import Candidate, PathCandidate, Ready
from myco_filters.hosts import names, suffixes
from myco_filters.request import Request
from myco_filters.tables import Realm
from myco_filters.tokens import tokens_of

_KEPT = 4096
_BITS = 32
_FEW = 1000
_EMPTY = Bucket(())

Candidates = tuple[Candidate, ...]
Lookup = Callable[[int, int], Ready | None]
"""Line number and mask bit to a filter; None when it is not for that bit."""
Plain = tuple[str, int]
"""A plain host filter: (the suffix of the request's host, its group)."""


class _HostFacts:
    """What the buckets hold for one request host, kind and party."""

    __slots__ = ("is_void", "others", "paths", "plain")

    def __init__(self, plain: Plain | None, paths: PathBucket, others: Candidates) -> None:
        self.plain = plain
        self.paths = paths or None
        self.others = others
        self.is_void = not (plain or paths or others)


class Index:
    """The filters of one realm, found by request."""

    def __init__(self, realm: Realm, lookup: Lookup) -> None:
        self._realm = realm
        self._lookup = lookup
        self._by_host: list[dict[str, _HostFacts]] = [{} for _ in range(_BITS)]
        self._by_source: list[dict[str, Bucket]] = [{} for _ in range(_BITS)]
        self._by_token: list[dict[str, Candidates | str] | None] = [None] * _BITS
        self._rest: list[Bucket | None] = [None] * _BITS
        self._token_keys = realm.tokens.keys()
        # Only where few tokens are known is it likely that a request has none of them.
        self._has_few_tokens = len(realm.tokens) < _FEW
        self.is_empty = realm.is_empty

    def find(self, request: Request, tokens: list[str]) -> Ready | Plain | None:
        """The first filter that fits; ``tokens`` are those from the host's end on."""
        number = request.number
        facts = self._by_host[number].get(request.host if request.is_usual else "")
        if facts is None:
            facts = self._host_facts(number, request)
        low = request.low
        if not facts.is_void:
            if facts.plain is not None:
                return facts.plain
            if facts.paths is not None:
                found = facts.paths.first(request, low, request.host_end)
                if found is not None:
                    return found
            for literal, test, condition, ready in facts.others:
                if (
                    literal in low
                    and (test is None or test(low))
                    and (condition is None or condition(request))
                ):
                    return ready
        if not (self._has_few_tokens and self._token_keys.isdisjoint(tokens)):
            found = self._find_by_token(number, request, tokens)
            if found is not None:
                return found
        return self._find_by_source(number, request)

    def _find_by_token(self, number: int, request: Request, tokens: list[str]) -> Ready | None:
        by_token = self._by_token[number]
        if by_token is None:
            by_token = self._tokens(number)
        low = request.low
        get: Callable[[str], Candidates | str | None] = by_token.get
        buckets: Iterator[Candidates | str] = filter(None, map(get, tokens))
        for bucket in buckets:
            if isinstance(bucket, str):
                self._make_all(by_token, tokens, number)
                return self._find_by_token(number, request, tokens)
            for literal, test, condition, ready in bucket:
                if (
                    literal in low
                    and (test is None or test(low))
                    and (condition is None or condition(request))
                ):
                    return ready
        return None

    def _find_by_source(self, number: int, request: Request) -> Ready | None:
        source = self._by_source[number].get(request.source_host)
        if source is None:
            source = self._source_facts(number, request.source_host)
        if source is not _EMPTY:
            found = source.first(request, request.low)
            if found is not None:
                return found
        rest = self._rest[number]
        if rest is None or rest.gate is None:
            return None
        return rest.first_gated(request, request.low)

    def every(self, request: Request, tokens: list[str]) -> list[Ready]:
        """All filters that fit and are no plain hosts."""
        if self.is_empty:
            return []
        low = request.low
        number = request.number
        found: list[Ready] = []
        facts = self._by_host[number].get(request.host if request.is_usual else "")
        if facts is None:
            facts = self._host_facts(number, request)
        if not facts.is_void:
            if facts.paths is not None:
                found += facts.paths.every(request, low, request.host_end)
            found += every(facts.others, request, low)
        if not self._token_keys.isdisjoint(tokens):
            by_token = self._tokens(number)
            self._make_all(by_token, tokens, number)
            for bucket in map(by_token.get, tokens):
                if isinstance(bucket, tuple):
                    found += every(bucket, request, low)
        source = self._by_source[number].get(request.source_host)
        if source is None:
            source = self._source_facts(number, request.source_host)
        if source is not _EMPTY:
            found += source.every(request, low)
        rest = self._rest_of(number)
        if rest.gate is not None and rest.gate(low):
            found += every(rest.gated, request, low)
        return list(dict.fromkeys(found)) if len(found) > 1 else found

    def warm(self, number: int) -> None:
        """Make what the first request with this bit of the mask would make."""
        self._tokens(number)
        self._rest_of(number)

    def _tokens(self, number: int) -> dict[str, Candidates | str]:
        by_token = self._by_token[number]
        if by_token is None:
            by_token = self._by_token[number] = dict(self._realm.tokens)
        return by_token

    def _make_all(
        self, by_token: dict[str, Candidates | str], tokens: list[str], number: int
    ) -> None:
        for token in tokens:
            bucket = by_token.get(token)
            if isinstance(bucket, str):
                by_token[token] = tuple(self._candidates(bucket, number))

    def _rest_of(self, number: int) -> Bucket:
        rest = self._rest[number]
        if rest is None:
            rest = self._rest[number] = self._bucket(self._realm.rest, number)
        return rest

    def _host_facts(self, number: int, request: Request) -> _HostFacts:
        host, realm = request.host, self._realm
        # With a port or user name, the host alone does not tell what is around it: nothing is
        # sorted out then, and the facts have a key that no host has.
        key = host if request.is_usual else f"{host} unusual"
        known = self._by_host[number]
        if key in known:
            return known[key]
        paths: list[PathCandidate] = []
        others = list(self._rest_of(number).free)
        plain = None
        for suffix in suffixes(host):
            group = realm.plain.get(suffix)
            if group is not None and plain is None and self._group_mask(group) >> number & 1:
                plain = (suffix, group)
            packed = realm.hosts.get(suffix)
            if packed is not None:
                self._sort_host(packed, number, suffix, paths, others)
        for token in dict.fromkeys(tokens_of(host)):
            packed = realm.tokens.get(token)
            if packed is not None:
                others.extend(self._candidates(packed, number))
        if request.is_usual:
            others = [one for one in others if one[3].can_fit(host)]
        if len(known) >= _KEPT:
            known.clear()
        facts = known[key] = _HostFacts(plain, PathBucket(paths), tuple(others))
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
            at_host = ready.at_host()
            if at_host is not None and suffix in ready.filter.pattern:
                paths.append(at_host)
                continue
            anywhere = ready.anywhere()
            if anywhere is not None:
                others.append(anywhere)

    def _group_mask(self, group: int) -> int:
        groups = self._realm.groups
        return groups[group].mask if 0 <= group < len(groups) else 0

    def _source_facts(self, number: int, host: str) -> Bucket:
        known = self._by_source[number]
        found = known.get(host)
        if found is not None:
            return found
        sources = self._realm.sources
        packed = [sources[name] for name in names(host) if name in sources] if sources else []
        if len(known) >= _KEPT:
            known.clear()
        made = self._bucket(" ".join(dict.fromkeys(" ".join(packed).split())), number)
        known[host] = made
        return made

    def _bucket(self, packed: str, number: int) -> Bucket:
        return Bucket(self._candidates(packed, number)) or _EMPTY

    def _candidates(self, packed: str, number: int) -> Iterator[Candidate]:
        for ready in self._ready(packed, number):
            made = ready.anywhere()
            if made is not None:
                yield made

    def _ready(self, packed: str, number: int) -> Iterator[Ready]:
        for line in packed.split():
            ready = self._lookup(int(line), number) if line.isdecimal() else None
            if ready is not None and ready.mask >> number & 1:
                yield ready

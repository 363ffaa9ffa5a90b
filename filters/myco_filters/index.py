"""Looking up the filters that could match a request, and trying them.

One :class:`Index` serves one purpose (blocking, exceptions, …). What depends on the host and the
asking site alone is worked out once per scene (see :mod:`myco_filters.scene`) and kept in bounded
tables; per request there remain the tokens of the path. Every shortcut is exact: it only leaves
out filters that cannot fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from myco_filters.buckets import START, Bucket, PathBucket, every, every_path, first
from myco_filters.candidates import Candidate, PathCandidate, PlainHost, Ready
from myco_filters.hosts import names, suffixes
from myco_filters.lines import Lines, emptied
from myco_filters.request import Request
from myco_filters.scene import EMPTY, HostFacts, Scene
from myco_filters.tables import Realm
from myco_filters.tokens import tokens_of

_KEPT = 4096
_SCENES_KEPT = 8192
_BITS = 32
_FEW = 1000
_AT_ONCE = 60
_COMPILED_AT_ONCE = 4
_LOOKED_THROUGH = 500
_LONG = 600
"""Characters of a bucket's line numbers, about a hundred of them."""

Candidates = tuple[Candidate, ...]
_Sorted = tuple[list[PathCandidate], list[Candidate]]
"""The filters of one host: those for what follows it, and others."""


class Index:
    """The filters of one realm, found by request."""

    def __init__(self, realm: Realm, lines: Lines) -> None:
        self._realm = realm
        self._lines = lines
        self._scenes: list[dict[tuple[str, str], Scene]] = [{} for _ in range(_BITS)]
        self._by_host: list[dict[str, HostFacts]] = [{} for _ in range(_BITS)]
        self._sorted: dict[str, _Sorted] = {}
        """The filters of hosts that hundreds of filters name, for every bit of the mask."""
        self._by_source: list[dict[str, Bucket]] = [{} for _ in range(_BITS)]
        self._by_token: list[dict[bytes, Candidates | str] | None] = [None] * _BITS
        self._rest: list[Bucket | None] = [None] * _BITS
        self._packed = {key.encode("utf-8", "replace"): text for key, text in realm.tokens.items()}
        self.token_keys = frozenset(self._packed)
        """The tokens of the path by which filters are found."""
        # Only where few tokens are known is it likely that a request has none of them.
        self._has_few_tokens = len(realm.tokens) < _FEW
        self.is_empty = realm.is_empty

    def find(self, request: Request, tokens: list[bytes]) -> Ready | PlainHost | None:
        """The first filter that fits; ``tokens`` are those from the host's end on."""
        number = request.number
        scene = self._scenes[number].get(request.scene)
        if scene is None:
            scene = self._make_scene(number, request)
        low = request.low
        if not scene.is_void:
            found = scene.plain or self._in_scene(scene, request, low)
            if found is not None:
                return found
        if self._has_few_tokens and self.token_keys.isdisjoint(tokens):
            return None
        by_token = self._by_token[number]
        if by_token is None:
            by_token = self._tokens(number)
        get: Callable[[bytes], Candidates | str | None] = by_token.get
        buckets: Iterator[Candidates | str] = filter(None, map(get, tokens))
        for bucket in buckets:
            if isinstance(bucket, str):
                self._make_all(by_token, tokens, number)
                return self.find(request, tokens)
            for literal, test, condition, ready in bucket:
                if (
                    literal in low
                    and (test is None or test(low))
                    and (condition is None or condition(request))
                ):
                    return ready
        return None

    def _in_scene(self, scene: Scene, request: Request, low: str) -> Ready | None:
        if scene.has_paths:
            end = request.host_end
            for begin, test_at, condition, ready in scene.by_start.get(
                low[end : end + START], scene.free
            ):
                if (
                    low.startswith(begin, end)
                    and (test_at is None or test_at(low, end))
                    and (condition is None or condition(request))
                ):
                    return ready
        for literal, test, condition, ready in scene.others:
            if (
                literal in low
                and (test is None or test(low))
                and (condition is None or condition(request))
            ):
                return ready
        rest = scene.rest
        if rest is not None and rest.gate is not None and rest.gate(low):
            found = first(rest.gated, request, low)
            if found is not None:
                return found
        return scene.source.first(request, low) if scene.source is not None else None

    def every(self, request: Request, tokens: list[bytes]) -> list[Ready]:
        """All filters that fit and are no plain hosts."""
        if self.is_empty:
            return []
        number = request.number
        scene = self._scenes[number].get(request.scene)
        if scene is None:
            scene = self._make_scene(number, request)
        found: list[Ready] = []
        if not scene.is_void:
            self._add_in_scene(found, scene, request)
        if not self.token_keys.isdisjoint(tokens):
            for bucket in self._made_buckets(number, tokens):
                found += every(bucket, request, request.low)
        return list(dict.fromkeys(found)) if len(found) > 1 else found

    def _add_in_scene(self, found: list[Ready], scene: Scene, request: Request) -> None:
        low = request.low
        if scene.has_paths:
            end = request.host_end
            possible = scene.by_start.get(low[end : end + START], scene.free)
            found += every_path(possible, request, low, end)
        if scene.others:
            found += every(scene.others, request, low)
        for bucket in (scene.source, scene.rest):
            if bucket is not None and bucket.gate is not None and bucket.gate(low):
                found += every(bucket.gated, request, low)
        if scene.source is not None:
            found += every(scene.source.free, request, low)

    def _made_buckets(self, number: int, tokens: list[bytes]) -> list[Candidates]:
        by_token = self._tokens(number)
        found: list[Candidates] = []
        buckets: Iterator[Candidates | str] = filter(None, map(by_token.get, tokens))
        for bucket in buckets:
            if isinstance(bucket, str):
                self._make_all(by_token, tokens, number)
                return self._made_buckets(number, tokens)
            found.append(bucket)
        return found

    def warm(self, number: int) -> Iterator[None]:
        """Make, step by step, what the first request with this bit of the mask would make."""
        self._tokens(number)
        yield
        lines = self._realm.rest.split() if self._rest[number] is None else []
        for at in range(0, len(lines), _AT_ONCE):
            for ready in self._ready(" ".join(lines[at : at + _AT_ONCE]), number):
                ready.anywhere()
            yield
        self._rest_of(number)
        yield

    def warm_hosts(self) -> Iterator[None]:
        """Make ready, step by step, the filters of hosts that hundreds of filters name, and
        compile those that are compared with requests to all hosts, or all of one domain.

        The first request to such a host would have to wait for all of them.
        """
        yield from self._compile(self._realm.rest)
        for at, (host, packed) in enumerate(self._realm.hosts.items()):
            if at % _LOOKED_THROUGH == 0:
                yield
            if "." not in host:
                yield from self._compile(packed)
            elif len(packed) > _LONG:
                yield from self._warm_host(host, packed.split())

    def _compile(self, packed: str) -> Iterator[None]:
        compiled = 0
        for line in packed.split():
            ready = self._lines.ready_for_any(int(line)) if line.isdecimal() else None
            if ready is not None and ready.compile():
                compiled += 1
                if compiled % _COMPILED_AT_ONCE == 0:
                    yield
        yield

    def _warm_host(self, host: str, lines: list[str]) -> Iterator[None]:
        paths: list[PathCandidate] = []
        others: list[Candidate] = []
        for start in range(0, len(lines), _AT_ONCE):
            for line in lines[start : start + _AT_ONCE]:
                ready = self._lines.ready_for_any(int(line)) if line.isdecimal() else None
                if ready is not None:
                    _sort(ready, host, paths, others)
            yield
        self._sorted[host] = paths, others

    def cool(self) -> Iterator[None]:
        """Forget, step by step, what was made for requests."""
        yield from emptied(self._sorted)
        for number in range(_BITS):
            if self._by_token[number] is not None or self._rest[number] is not None:
                self._by_token[number] = self._rest[number] = None
                yield
            yield from emptied(self._scenes[number])
            yield from emptied(self._by_host[number])
            yield from emptied(self._by_source[number])

    def _tokens(self, number: int) -> dict[bytes, Candidates | str]:
        by_token = self._by_token[number]
        if by_token is None:
            by_token = self._by_token[number] = dict(self._packed)
        return by_token

    def _make_all(
        self, by_token: dict[bytes, Candidates | str], tokens: list[bytes], number: int
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

    def _make_scene(self, number: int, request: Request) -> Scene:
        known = self._scenes[number]
        if len(known) >= _SCENES_KEPT:
            known.clear()
        host = self._host_facts(number, request)
        source = self._source_facts(number, request.source_host)
        made = known[request.scene] = Scene(request, host, source, self._rest_of(number))
        return made

    def _host_facts(self, number: int, request: Request) -> HostFacts:
        host, realm = request.host, self._realm
        known = self._by_host[number]
        # With a port or user name, the host alone does not tell what is around it: nothing is
        # sorted out then, and the facts have a key that no host has.
        key = request.scene[0]
        if key in known:
            return known[key]
        paths: list[PathCandidate] = []
        others = list(self._rest_of(number).free)
        plain = None
        for suffix in suffixes(host):
            group = realm.plain.get(suffix)
            if group is not None and plain is None and self._group_mask(group) >> number & 1:
                plain = PlainHost(self._lines.plain(realm, suffix, group, number))
            packed = realm.hosts.get(suffix)
            if packed is not None:
                self._add_host(packed, number, suffix, paths, others)
        for token in dict.fromkeys(tokens_of(host)):
            packed = self._packed.get(token)
            if packed is not None:
                others.extend(self._candidates(packed, number))
        if request.is_usual:
            others = [one for one in others if one[3].can_fit(host)]
        if len(known) >= _KEPT:
            known.clear()
        facts = known[key] = HostFacts(plain, PathBucket(paths), tuple(others))
        return facts

    def _add_host(
        self,
        packed: str,
        number: int,
        suffix: str,
        paths: list[PathCandidate],
        others: list[Candidate],
    ) -> None:
        known = self._sorted.get(suffix)
        if known is not None:
            # One look at a thousand filters: the first request to the host waits for it.
            paths += [one for one in known[0] if one[3].mask >> number & 1]
            others += [one for one in known[1] if one[3].mask >> number & 1]
            return
        for ready in self._ready(packed, number):
            _sort(ready, suffix, paths, others)

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
        return Bucket(self._candidates(packed, number)) or EMPTY

    def _candidates(self, packed: str, number: int) -> Iterator[Candidate]:
        for ready in self._ready(packed, number):
            made = ready.anywhere()
            if made is not None:
                yield made

    def _ready(self, packed: str, number: int) -> Iterator[Ready]:
        for line in packed.split():
            ready = self._lines.ready(int(line), number) if line.isdecimal() else None
            if ready is not None and ready.mask >> number & 1:
                yield ready


def _sort(ready: Ready, host: str, paths: list[PathCandidate], others: list[Candidate]) -> None:
    at_host = ready.at_host()
    if at_host is not None and host in ready.filter.pattern:
        paths.append(at_host)
        return
    anywhere = ready.anywhere()
    if anywhere is not None:
        others.append(anywhere)

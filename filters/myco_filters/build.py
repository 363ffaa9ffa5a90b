"""From lists to tables: cancel what ``badfilter`` names, then put each filter in one bucket.

A filter goes where the fewest requests will meet it: under the host it begins with, else under
its rarest token, else under the sites it is limited to, else among the rest.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable

from myco_filters import masks
from myco_filters.build_cosmetic import CosmeticBuilder
from myco_filters.gate import part_of
from myco_filters.pattern import host_first, inner_tokens, literal_of, tokens
from myco_filters.syntax.directives import FEATURES
from myco_filters.syntax.lists import FilterList, ParsedList, parse_list, pieces_of
from myco_filters.syntax.network import Action, NetworkFilter, parse_network
from myco_filters.tables import ALLOW, BLOCK, Group, ListInfo, Realm, Tables

# Tokens that most pages use, from rarer to commoner in addresses: a filter is kept under one of
# them only when it has nothing else, and then under the rarest.
_EVERYDAY_WORDS = """
ads adv affiliate banners banner tracking analytics pixel popup ad events stats track impression
log cgi bin amp dist query tag tags view video test new news blog vendor widget search loads load
libs pub pro cloud client server service public resources loc event type top ajax build app web
image themes scripts script upload uploads files lib main info index page pages site media nl ru fr
gr es uk us utm xml txt ie php user json data api common get global cdn content plugins wp en url
v1 v2 v3 60 20 de id io ip html htm min org net com assets svg gif css static img images png jpg
jpeg js 2f 3a
"""
EVERYDAY = {word: rank for rank, word in enumerate(_EVERYDAY_WORDS.split())}
_COMMONEST = EVERYDAY["id"]
_SINGLE = EVERYDAY["json"]
_NEVER = frozenset({"http", "https", "ws", "wss"})
_GATE_PART = 5
_MOST_SITES = 400


def compile_tables(
    lists: Iterable[FilterList], features: frozenset[str] | None = None
) -> tuple[Tables, list[ParsedList]]:
    """Read all lists into tables. The parsed lists are returned for reports."""
    sources = list(lists)
    parsed = [parse_list(one.text, FEATURES if features is None else features) for one in sources]
    told: dict[str, str] = {}
    for one in parsed:
        told |= one.expressions
    builder = _Builder(_cancelled(parsed), told)
    for number, (source, one) in enumerate(zip(sources, parsed, strict=True)):
        builder.add_list(number, source, one)
    return builder.finish(), parsed


def identity(made: NetworkFilter) -> tuple[object, ...]:
    """What makes two filters the same for ``badfilter``, however they are spelled."""
    options = [_spelled(*option) for option in made.options if option[1] != "badfilter"]
    return made.exception, made.pattern, tuple(sorted(options))


def _digest(text: str) -> str:
    digest = hashlib.sha256()
    for piece in pieces_of(text):
        digest.update(piece.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _spelled(negated: bool, name: str, value: str | None) -> tuple[bool, str, str]:
    if name == "first-party":
        return not negated, "third-party", ""
    if value is not None and name in ("domain", "to", "denyallow", "method", "top"):
        return negated, name, "|".join(sorted(value.lower().split("|")))
    return negated, name, value or ""


def _cancelled(parsed: list[ParsedList]) -> dict[str, set[tuple[object, ...]]]:
    found: dict[str, set[tuple[object, ...]]] = defaultdict(set)
    for one in parsed:
        for made in one.network:
            if made.badfilter:
                found[made.pattern].add(identity(made))
    return dict(found)


class _Builder:
    def __init__(self, cancelled: dict[str, set[tuple[object, ...]]], told: dict[str, str]) -> None:
        self._cancelled = cancelled
        self._cancelled_hosts = frozenset(name[2:-1] for name in cancelled if name[-1:] == "^")
        self._tables = Tables()
        self._tables.expressions = told
        self._cosmetic = CosmeticBuilder()
        self._group_numbers: dict[str, dict[Group, int]] = defaultdict(dict)
        self._tails: dict[str, int] = {}
        self._lines: dict[str, int] = {}
        """The numbers of lines."""
        self._line_lists: list[int] = []
        self._line_masks: list[int] = []
        self._plain: dict[str, dict[str, int]] = defaultdict(dict)
        self._buckets: dict[tuple[str, str], dict[str, list[int]]] = defaultdict(dict)
        self._waiting: list[tuple[str, int, NetworkFilter, str, list[str]]] = []
        self._counts: dict[str, int] = defaultdict(int)

    def add_list(self, number: int, source: FilterList, parsed: ParsedList) -> None:
        self._add_hosts(number, source.strict, parsed)
        self._add_paths(number, parsed)
        cancelled = self._cancelled
        for made in parsed.network:
            if made.badfilter or (made.pattern in cancelled and self._is_cancelled(made)):
                continue
            self._add(number, source.strict, made)
        self._line_lists += [number] * (len(self._lines) - len(self._line_lists))
        self._cosmetic.add(number, parsed.cosmetic)
        self._tables.lists.append(
            ListInfo(
                source.id,
                source.title,
                _digest(source.text),
                parsed.kept,
                len(parsed.unsupported),
            )
        )

    def finish(self) -> Tables:
        buckets = self._buckets
        for realm, line, made, host, found in self._waiting:
            table, keys = ("hosts", (host,)) if host else self._place(made, found)
            bucket = buckets[realm, table]
            for key in keys:
                bucket.setdefault(key, []).append(line)
        for (name, table), bucket in buckets.items():
            packed = {
                key: str(lines[0]) if len(lines) == 1 else " ".join(map(str, lines))
                for key, lines in bucket.items()
            }
            realm_tables = self._realm(name)
            if table == "rest":
                realm_tables.rest = packed[""]
            else:
                setattr(realm_tables, table, packed)
        for name, plain in self._plain.items():
            self._realm(name).plain = plain
        self._tables.lines = list(self._lines)
        self._tables.line_lists = self._line_lists
        self._tables.line_masks = self._line_masks
        self._tables.cosmetic = self._cosmetic.finish()
        return self._tables

    def _realm(self, name: str) -> Realm:
        return self._tables.realms.setdefault(name, Realm())

    def _is_cancelled(self, made: NetworkFilter) -> bool:
        known = self._cancelled.get(made.pattern)
        return known is not None and identity(made) in known

    def _is_cancelled_line(self, raw: str) -> bool:
        made = parse_network(raw)
        return isinstance(made, NetworkFilter) and self._is_cancelled(made)

    def _add_hosts(self, number: int, is_strict: bool, parsed: ParsedList) -> None:
        plain = self._plain[BLOCK]
        for tail, hosts in parsed.hosts.items():
            before, mask = "||", self._tail_mask(tail)
            if not tail:
                before, mask = "", masks.DEFAULT | (masks.ALL if is_strict else 0)
            group = self._group(BLOCK, mask, number, before, tail)
            found = dict.fromkeys(hosts, group)
            for host in found.keys() & self._cancelled_hosts:
                if self._is_cancelled_line(f"{before}{host}{tail}"):
                    del found[host]
            if not plain:
                plain = self._plain[BLOCK] = found
                continue
            if not plain.keys().isdisjoint(found):
                for host in sorted(plain.keys() & found.keys()):
                    if plain[host] != group:
                        found[host] = self._joined(BLOCK, plain[host], group)
            plain.update(found)

    def _add_paths(self, number: int, parsed: ParsedList) -> None:
        bucket = self._buckets[BLOCK, "hosts"]
        cancelled = self._cancelled
        lines, line_masks = self._lines, self._line_masks
        for host, rest in parsed.paths:
            raw = f"||{host}{rest}"
            pattern, dollar, options = raw.partition("$")
            if pattern in cancelled and self._is_cancelled_line(raw):
                continue
            if raw not in lines:
                line = lines[raw] = len(lines)
                line_masks.append(self._tail_mask(f"/${options}") if dollar else masks.DEFAULT)
                bucket.setdefault(host, []).append(line)

    def _tail_mask(self, tail: str) -> int:
        mask = self._tails.get(tail)
        if mask is None:
            made = parse_network("||a.example" + tail)
            mask = self._tails[tail] = made.mask if isinstance(made, NetworkFilter) else 0
        return mask

    def _group(self, realm: str, mask: int, number: int, before: str, after: str) -> int:
        return self._numbered(realm, Group(mask, number, before, after))

    def _numbered(self, realm: str, group: Group) -> int:
        numbers = self._group_numbers[realm]
        number = numbers.get(group)
        if number is None:
            groups = self._realm(realm).groups
            number = numbers[group] = len(groups)
            groups.append(group)
        return number

    def _joined(self, realm: str, first: int, second: int) -> int:
        groups = self._realm(realm).groups
        one, two = groups[first], groups[second]
        if two.mask & ~one.mask == 0:
            return first
        parts = (*(one.parts or (first,)), second)
        return self._numbered(realm, Group(one.mask | two.mask, one.list_number, "", "", parts))

    def _add(self, number: int, strict: bool, made: NetworkFilter) -> None:
        if made.is_bare and strict:
            made.mask |= masks.ALL
        pattern = made.pattern
        host = host_first(pattern) if pattern[:2] == "||" else None
        if host is not None and host[1] == "^" and made.is_plain:
            before, found, after = made.raw.partition(host[0])
            if found:
                self._add_plain(number, made, host[0], before, after)
                return
        raw = made.raw
        if raw in self._lines:
            return
        line = self._lines[raw] = len(self._lines)
        self._line_masks.append(made.mask)
        if host is None and pattern[:2] == "||":
            # It may have capitals.
            host = host_first(pattern.lower())
        found_tokens = [] if host is not None else self._tokens_of(made)
        if made.parameter:
            # A parameter's name stands between "?" or "&" and "=" in every URL that carries it.
            found_tokens += tokens(f"^{made.parameter}^")
        for token in found_tokens:
            self._counts[token] += 1
        for realm in realms_of(made):
            self._waiting.append((realm, line, made, host[0] if host else "", found_tokens))

    def _add_plain(
        self, number: int, made: NetworkFilter, host: str, before: str, after: str
    ) -> None:
        realm = ALLOW if made.exception else BLOCK
        group = self._group(realm, made.mask, number, before, after)
        plain = self._plain[realm]
        known = plain.setdefault(host, group)
        if known != group:
            plain[host] = self._joined(realm, known, group)

    def _place(self, made: NetworkFilter, found: list[str]) -> tuple[str, Iterable[str]]:
        usable = [token for token in found if token not in _NEVER]
        best = usable[0] if len(usable) == 1 else min(usable, key=self._commonness, default=None)
        rank = self._commonness(best)[0] if best is not None else 0
        if best is not None and not rank:
            return "tokens", (best,)
        sites = () if made.domains.include_regex else sorted(made.domains.include)
        if sites and (len(sites) <= _MOST_SITES or not usable):
            return "sources", sites
        if best is not None and not (rank >= _COMMONEST and self._has_gate(made)):
            return "tokens", (best,)
        targets = () if made.to.include_regex else sorted(made.to.include)
        if targets and not any(name.endswith(".*") for name in targets):
            return "hosts", targets
        return "rest", ("",)

    def _tokens_of(self, made: NetworkFilter) -> list[str]:
        return inner_tokens(self._literal(made)) if made.is_regex else tokens(made.pattern)

    def _literal(self, made: NetworkFilter) -> str:
        if made.is_regex:
            return self._tables.expressions.get(made.pattern, "").split(" ", 3)[-1]
        return literal_of(made.pattern)

    def _has_gate(self, made: NetworkFilter) -> bool:
        """Whether a look at the whole address finds it more rarely than its token."""
        return len(part_of(self._literal(made))) >= _GATE_PART

    def _commonness(self, token: str) -> tuple[int, int, int]:
        """Its rank among everyday tokens (0 for others), then how many filters have it."""
        rank = EVERYDAY.get(token, -1) + 1
        if len(token) == 1:
            rank = _SINGLE
        return rank, self._counts.get(token, 0), -len(token)


def realms_of(made: NetworkFilter) -> tuple[str, ...]:
    """Where a filter is asked: its own realm, and the blocking one for ``redirect=``."""
    if made.action is Action.BLOCK:
        return (ALLOW,) if made.exception else (BLOCK,)
    own = made.action.value + ("!" if made.exception else "")
    return (own, BLOCK) if made.also_blocks and not made.exception else (own,)

"""A whole list: every line sorted into plain hosts, network filters, cosmetic filters, and rest.

Most lines of today's lists are ``||host^`` with at most a party option. They never become objects:
they are collected as host, text before and text after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from myco_filters.regex import RegexRefusedError, translate
from myco_filters.syntax.causes import Cause, Unsupported
from myco_filters.syntax.cosmetic import CosmeticFilter, parse_cosmetic
from myco_filters.syntax.directives import FEATURES, Conditions
from myco_filters.syntax.network import Known, NetworkFilter, parse_network
from myco_filters.syntax.usual import take_usual

_PIECE = 1 << 16
_COMMENT = re.compile(r"!|#(?:\s|#{3}|$)|\[[^\]]*\]$|#[^#@?$%]").match
_DIRECTIVE = re.compile(r"^[^\S\n]*!#.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FilterList:
    """One list as the engine takes it."""

    id: str
    title: str
    text: str
    strict: bool = False
    """For lists of malicious hosts: a line that is a bare host also refuses pages of that host."""


@dataclass(slots=True)
class ParsedList:
    """What the lines of one list say. ``number`` is the line's, from 1."""

    hosts: dict[str, list[str]] = field(default_factory=dict)
    """Hosts by what follows ``||host``, e.g. ``{"^$third-party": ["ads.example"]}``; by nothing
    where the line is the host alone."""
    paths: list[tuple[str, str]] = field(default_factory=list)
    """Blocking filters ``||host`` with more behind the host, as (host, what follows)."""
    network: list[NetworkFilter] = field(default_factory=list)
    cosmetic: list[CosmeticFilter] = field(default_factory=list)
    expressions: dict[str, str] = field(default_factory=dict)
    """What is to be remembered of each regular expression (see ``regex.recall``), by pattern."""
    unsupported: list[tuple[int, Unsupported]] = field(default_factory=list)
    comments: int = 0
    skipped: int = 0
    """Lines inside ``!#if`` blocks meant for others."""

    @property
    def kept(self) -> int:
        """How many filters there are."""
        hosts = sum(map(len, self.hosts.values()))
        return hosts + len(self.paths) + len(self.network) + len(self.cosmetic)


def parse_list(text: str, features: frozenset[str] = FEATURES) -> ParsedList:
    """Sort every line of a list. Never raises."""
    parsed = ParsedList()
    conditions = Conditions(features)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    at, number = 0, 1
    for found in _DIRECTIVE.finditer(text):
        number = _segment(parsed, text[at : found.start()], number, conditions.is_active)
        _directive(parsed, conditions, number, found[0].strip())
        at = found.end()
    _segment(parsed, text[at:], number, conditions.is_active)
    if not conditions.is_closed:
        parsed.unsupported.append((0, Unsupported("!#if", Cause.BAD_DIRECTIVE, "never ended")))
    return parsed


def _segment(parsed: ParsedList, text: str, number: int, is_active: bool) -> int:
    """Read the lines between two directives, from a line number on; returns the last number."""
    if not is_active:
        lines = text.split("\n")
        parsed.skipped += sum(1 for line in lines if line.strip())
        return number + len(lines) - 1
    known: Known = {}
    for piece in pieces_of(text):
        taken = take_usual(piece, number)
        for tail, hosts in taken.hosts.items():
            parsed.hosts.setdefault(tail, []).extend(hosts)
        parsed.paths += taken.paths
        parsed.cosmetic += taken.cosmetic
        for at, untrimmed in taken.others:
            line = untrimmed.strip()
            if line:
                _line(parsed, at, line, known)
        number += piece.count("\n")
    return number


def pieces_of(text: str) -> Iterator[str]:
    """A text in pieces that end with lines.

    One letter beyond Latin makes all characters of a text two or four bytes wide; most pieces
    have none, and are read and copied faster.
    """
    start = 0
    while start < len(text):
        end = text.find("\n", start + _PIECE) + 1 or len(text)
        yield text[start:end]
        start = end


def _line(parsed: ParsedList, number: int, line: str, known: Known) -> None:
    if line[0] in "!#[" and _COMMENT(line):
        parsed.comments += 1
        return
    read: CosmeticFilter | NetworkFilter | Unsupported | None = None
    if "#" in line:
        read = parse_cosmetic(line)
    if read is None:
        read = parse_network(line, known)
        if isinstance(read, NetworkFilter) and read.is_regex:
            read = _checked(parsed, read)
    if isinstance(read, NetworkFilter):
        parsed.network.append(read)
    elif isinstance(read, CosmeticFilter):
        parsed.cosmetic.append(read)
    else:
        parsed.unsupported.append((number, read))


def _checked(parsed: ParsedList, made: NetworkFilter) -> NetworkFilter | Unsupported:
    """The same, unless its regular expression cannot be used; what is known of it is kept."""
    if made.pattern in parsed.expressions:
        return made
    try:
        parsed.expressions[made.pattern] = translate(made.pattern[1:-1]).told()
    except RegexRefusedError as refused:
        cause = Cause.REGEX_DANGEROUS if refused.dangerous else Cause.REGEX_SYNTAX
        return Unsupported(made.raw, cause, str(refused))
    return made


def _directive(parsed: ParsedList, conditions: Conditions, number: int, line: str) -> None:
    if line.startswith("!#include"):
        if conditions.is_active:
            parsed.unsupported.append((number, Unsupported(line, Cause.INCLUDE, line[10:])))
        else:
            parsed.skipped += 1
    elif not conditions.read(line) and not line.startswith("!##"):
        parsed.unsupported.append((number, Unsupported(line, Cause.BAD_DIRECTIVE)))
    else:
        parsed.comments += 1

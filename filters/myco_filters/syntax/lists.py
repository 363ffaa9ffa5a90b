"""A whole list: every line sorted into plain hosts, network filters, cosmetic filters, and rest.

Most lines of today's lists are ``||host^`` with at most a party option. They never become objects:
they are collected as host, text before and text after.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from myco_filters.regex import RegexRefusedError, translate
from myco_filters.syntax.causes import Cause, Unsupported
from myco_filters.syntax.cosmetic import CosmeticFilter, parse_cosmetic
from myco_filters.syntax.directives import FEATURES, Conditions
from myco_filters.syntax.network import NetworkFilter, parse_network

_COMMENT = re.compile(r"!|#(?:\s|#{3}|$)|\[[^\]]*\]$|#[^#@?$%]").match
_LINE_END = re.compile(r"\r\n|\r|\n")
_SIMPLE = r"(?:~?third-party|[13]p|all|doc|document|popup|script|image|xhr|subdocument)"
_HOST_LINE = re.compile(
    r"\|\|((?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)"
    rf"(\^(?:\${_SIMPLE}(?:,{_SIMPLE})*)?)"
).fullmatch


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

    hosts: list[tuple[str, str]] = field(default_factory=list)
    """(host, what follows ``||host``), e.g. ``("ads.example", "^$third-party")``."""
    network: list[NetworkFilter] = field(default_factory=list)
    cosmetic: list[CosmeticFilter] = field(default_factory=list)
    expressions: dict[str, str] = field(default_factory=dict)
    """What is to be remembered of each regular expression (see ``regex.recall``), by pattern."""
    unsupported: list[tuple[int, Unsupported]] = field(default_factory=list)
    comments: int = 0
    skipped: int = 0
    """Lines inside ``!#if`` blocks meant for others."""


def parse_list(text: str, features: frozenset[str] = FEATURES) -> ParsedList:
    """Sort every line of a list. Never raises."""
    parsed = ParsedList()
    conditions = Conditions(features)
    is_active = True
    add_host = parsed.hosts.append
    for number, untrimmed in enumerate(_LINE_END.split(text), 1):
        found = _HOST_LINE(untrimmed) if is_active else None
        if found is not None:
            add_host(found.groups())  # type: ignore[arg-type]
            continue
        line = untrimmed.strip()
        if not line:
            continue
        if line.startswith("!#"):
            _directive(parsed, conditions, number, line)
            is_active = conditions.is_active
        elif is_active:
            _line(parsed, number, line)
        else:
            parsed.skipped += 1
    if not conditions.is_closed:
        parsed.unsupported.append((0, Unsupported("!#if", Cause.BAD_DIRECTIVE, "never ended")))
    return parsed


def _line(parsed: ParsedList, number: int, line: str) -> None:
    if _COMMENT(line):
        parsed.comments += 1
        return
    made = parse_cosmetic(line) if "#" in line else None
    if isinstance(made, CosmeticFilter):
        parsed.cosmetic.append(made)
        return
    read = made or _checked(parsed, parse_network(line))
    if isinstance(read, Unsupported):
        parsed.unsupported.append((number, read))
    else:
        parsed.network.append(read)


def _checked(parsed: ParsedList, made: NetworkFilter | Unsupported) -> NetworkFilter | Unsupported:
    """The same, unless its regular expression cannot be used; what is known of it is kept."""
    if isinstance(made, Unsupported) or not made.is_regex or made.pattern in parsed.expressions:
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

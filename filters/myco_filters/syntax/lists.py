"""A whole list: every line sorted into plain hosts, network filters, cosmetic filters, and rest.

Most lines of today's lists are ``||host^`` with at most a party option. They never become objects:
they are collected as host, text before and text after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from myco_filters.syntax.causes import Cause, Unsupported
from myco_filters.syntax.cosmetic import CosmeticFilter, parse_cosmetic
from myco_filters.syntax.directives import FEATURES, Conditions
from myco_filters.syntax.network import NetworkFilter, parse_network

_COMMENT = re.compile(r"!|#(?:\s|#{3}|$)|\[[^\]]*\]$|#[^#@?$%]")
_LINE_END = re.compile(r"\r\n|\r|\n")
_SIMPLE = r"(?:~?third-party|[13]p|all|doc|document|popup|script|image|xhr|subdocument)"
_HOST_LINE = re.compile(
    r"\|\|((?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)"
    rf"(\^(?:\${_SIMPLE}(?:,{_SIMPLE})*)?)"
)


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
    unsupported: list[tuple[int, Unsupported]] = field(default_factory=list)
    comments: int = 0
    skipped: int = 0
    """Lines inside ``!#if`` blocks meant for others."""


def parse_list(text: str, features: frozenset[str] = FEATURES) -> ParsedList:
    """Sort every line of a list. Never raises."""
    parsed = ParsedList()
    for number, line in _active(text, features, parsed):
        found = _HOST_LINE.fullmatch(line)
        if found is not None:
            parsed.hosts.append((found[1], found[2]))
        elif _COMMENT.match(line):
            parsed.comments += 1
        else:
            _filter(parsed, number, line)
    return parsed


def _filter(parsed: ParsedList, number: int, line: str) -> None:
    made = parse_cosmetic(line) or parse_network(line)
    match made:
        case Unsupported():
            parsed.unsupported.append((number, made))
        case CosmeticFilter():
            parsed.cosmetic.append(made)
        case NetworkFilter():
            parsed.network.append(made)


def _active(text: str, features: frozenset[str], parsed: ParsedList) -> Iterator[tuple[int, str]]:
    conditions = Conditions(features)
    for number, untrimmed in enumerate(_LINE_END.split(text), 1):
        line = untrimmed.strip()
        if line.startswith("!#"):
            _directive(parsed, conditions, number, line)
        elif not line:
            continue
        elif conditions.is_active:
            yield number, line
        else:
            parsed.skipped += 1
    if not conditions.is_closed:
        parsed.unsupported.append((0, Unsupported("!#if", Cause.BAD_DIRECTIVE, "never ended")))


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

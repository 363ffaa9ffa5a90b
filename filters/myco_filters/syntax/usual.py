"""The commonest lines of lists, taken out of a text at once instead of line by line.

Nine of ten lines are ``||host^`` or ``||host/path`` with at most types and a party, or a plain
selector or scriptlet call for plain domains. One expression finds them all; what it leaves keeps
its place, so that line numbers stay.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from myco_filters.syntax.cosmetic import CosmeticFilter
from myco_filters.syntax.procedural import USUAL_SELECTOR

_SIMPLE = r"(?:~?third-party|[13]p|all|doc|document|popup|script|image|xhr|subdocument)"
_OPTIONS = rf"\${_SIMPLE}(?:,{_SIMPLE})*"
_DOMAIN = r"[a-z0-9][a-z0-9.-]*(?:\.\*)?"
_FIELDS = 8
_LINE = re.compile(
    r"^(?:"
    # Labels are looked at more closely below.
    rf"\|\|([a-z0-9_.-]+)(\^(?:{_OPTIONS})?)"
    rf"|(\|\|([a-z0-9_.-]+)(?:[/:?]|\^[^\s$#])[^\s$#]*({_OPTIONS})?)"
    # A line that begins with four "#" is a comment.
    rf"|(?!####)({_DOMAIN}(?:,{_DOMAIN})*|)##(?! )({USUAL_SELECTOR}|\+js\((?!\)$).*\))"
    r")$",
    re.MULTILINE | re.ASCII,
)
_NO_LABEL = re.compile(r"^[.-]|[.-]$|[.-]\.|\.-", re.MULTILINE)


class Taken(NamedTuple):
    """The lines that were taken, and the others."""

    hosts: list[tuple[str, str]]
    """(host, what follows ``||host``)"""
    paths: list[tuple[str, str, str]]
    """(line, the host it begins with, options)"""
    cosmetic: list[CosmeticFilter]
    others: list[str]
    """All lines; those that were taken are empty."""


def take_usual(text: str) -> Taken:
    """Take what is usual out of a text whose lines end with line feeds."""
    parts = _LINE.split(text)
    fields = [parts[at::_FIELDS] for at in range(_FIELDS)]
    others, hosts, tails, lines, path_hosts, options, domains, bodies = fields
    named = [host for host in (*hosts, *path_hosts) if host]
    if _NO_LABEL.search("\n".join(named)):
        return Taken([], [], [], text.split("\n"))
    return Taken(
        [(host, tail) for host, tail in zip(hosts, tails, strict=True) if host],
        [
            (line, host, option or "")
            for line, host, option in zip(lines, path_hosts, options, strict=True)
            if line
        ],
        [
            CosmeticFilter(body, False, tuple(names.split(",")) if names else ())
            for names, body in zip(domains, bodies, strict=True)
            if body
        ],
        "".join(others).split("\n"),
    )

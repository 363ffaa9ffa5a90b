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
_FIELDS = 6
_LINE = re.compile(
    r"^(?:"
    # Labels are looked at more closely below.
    rf"\|\|([a-z0-9_.-]+)"
    rf"(?:(\^(?:{_OPTIONS})?)|((?:[/:?]|\^[^\s$#])[^\s$#]*(?:{_OPTIONS})?))"
    # A line that begins with four "#" is a comment.
    rf"|(?!####)({_DOMAIN}(?:,{_DOMAIN})*|)##(?! )({USUAL_SELECTOR}|\+js\((?!\)$).*\))"
    r")$",
    re.MULTILINE | re.ASCII,
)
# Where one of these is in host names joined by dots, a label is empty or begins or ends with "-".
_NO_LABELS = ("..", ".-", "-.")


class Taken(NamedTuple):
    """The lines that were taken, and the others."""

    hosts: dict[str, list[str]]
    """Hosts by what follows ``||host``"""
    paths: list[tuple[str, str]]
    """(host, what follows ``||host``)"""
    cosmetic: list[CosmeticFilter]
    others: list[str]
    """All lines; those that were taken are empty."""


def take_usual(text: str) -> Taken:
    """Take what is usual out of a text whose lines end with line feeds."""
    parts = _LINE.split(text)
    fields = [parts[at::_FIELDS] for at in range(_FIELDS)]
    others, hosts, tails, rests, domains, bodies = fields
    named = ".".join(filter(None, hosts))
    if named and any(wrong in f".{named}." for wrong in _NO_LABELS):
        return Taken({}, [], [], text.split("\n"))
    by_tail: dict[str, list[str]] = {}
    for host, tail in zip(hosts, tails, strict=True):
        if tail:
            if tail in by_tail:
                by_tail[tail].append(host)
            else:
                by_tail[tail] = [host]
    return Taken(
        by_tail,
        [(host, rest) for host, rest in zip(hosts, rests, strict=True) if rest],
        [
            CosmeticFilter(body, False, tuple(names.split(",")) if names else ())
            for names, body in zip(domains, bodies, strict=True)
            if body
        ],
        "".join(others).split("\n"),
    )

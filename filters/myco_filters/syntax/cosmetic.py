"""Cosmetic lines: telling them from network filters and taking them apart.

A network filter may contain ``##`` inside a path or an expression, so the separator alone does not
decide: what stands before it must read as a list of domains.
"""

from __future__ import annotations

import re

_SEPARATOR = re.compile(r"#@?[?$%]{0,2}#")
_WITH_REGEX = re.compile(
    r"(?:~?/(?:\\.|[^/])+/|[^\s/|^$=&]*)(?:,(?:~?/(?:\\.|[^/])+/|[^\s/|^$=&]*))*"
)


def find_separator(line: str) -> tuple[int, int] | None:
    """Where the separator of a cosmetic line starts and ends, or None for a network line."""
    found = _SEPARATOR.search(line)
    if found is None:
        return None
    before = line[: found.start()]
    if before and not _WITH_REGEX.fullmatch(before):
        return None
    return found.span()


def is_cosmetic(line: str) -> bool:
    """Whether the line is a cosmetic filter (or a scriptlet, HTML or header filter)."""
    return "#" in line and find_separator(line) is not None

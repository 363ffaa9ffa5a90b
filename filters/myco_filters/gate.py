"""One look at a URL that tells whether any of many literals can be in it.

Filters without a usable token would each cost a search. Their literals (or a part of each that
begins with a separator) are joined into one expression, factored by common beginnings. The
interpreter skips quickly to the places where a separator stands, and most of those fail at the
next character. A miss is certain; after a hit the filters are tried one by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

Search = Callable[[str], object]

_START = re.compile(r"[^0-9a-z]")
# Every address has these, or very many have.
_USUAL = re.compile(r"[:/.]*(?:https?)?[:/.]*(?:www|com|js|html?)?[:/.]*").fullmatch
_DEPTH = 8
_SHORTEST = 3
_Trie = dict[str, "_Trie"]


def part_of(literal: str) -> str:
    """The part of a literal that a gate looks for, or an empty string when it has none."""
    if _USUAL(literal):
        return ""
    parts = [literal[found.start() :][:_DEPTH] for found in _START.finditer(literal)]
    parts = [part for part in parts if len(part) >= _SHORTEST]
    # The longer the rarer; "/" is the commonest beginning.
    return min(parts, key=lambda part: (-len(part), part[0] == "/"), default="")


def gate(parts: Iterable[str]) -> Search:
    """A search that finds something in every text which contains one of the parts."""
    root: _Trie = {}
    for part in parts:
        node = root
        for character in part:
            if "" in node:
                break
            node = node.setdefault(character, {})
        else:
            node.clear()
            node[""] = {}
    return re.compile(_expression(root), re.ASCII).search


def _expression(node: _Trie) -> str:
    if "" in node:
        return ""
    branches = [re.escape(character) + _expression(below) for character, below in node.items()]
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"

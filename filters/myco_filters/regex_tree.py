"""Reading the tree of a regular expression: what it can consume, need and cost.

The tree is the one that the interpreter's own ``re`` builds.
"""

from __future__ import annotations

import re
from functools import lru_cache
from re import _compiler, _parser  # type: ignore[attr-defined]
from re import _constants as sre  # type: ignore[attr-defined]
from typing import Any

Tree = list[tuple[Any, Any]]

# Parts that consume nothing but letters, digits, dots and hyphens, and look at nothing else.
_HARMLESS = re.compile(
    r"(?:[a-z0-9_-]|\\[.d-]|\[(?:\\d|0-9|a-z|[a-z0-9_])*-?\]|\((?:\?:)?|[)|+*?]|\{[0-9,]*\})*",
    re.IGNORECASE | re.ASCII,
).fullmatch
_SEVERAL = 4
_MANY = 32
_LITERAL = 3
_FULL = (1 << 129) - 1
_OTHER = 1 << 128


class ExponentialError(Exception):
    """The expression can need exponential time."""


def parse(source: str) -> Tree:
    """The tree. Raises what ``re`` raises."""
    return _nodes(_parser.parse(source, re.ASCII))


def checked(source: str) -> Tree:
    """The tree of an expression that can be compiled. Raises what ``re`` raises."""
    parsed = _parser.parse(source, re.ASCII)
    if "(?<" in source:
        # What the parser takes and the compiler refuses: a look-behind of variable length.
        _compiler.compile(parsed, re.ASCII)
    return _nodes(parsed)


@lru_cache(maxsize=256)
def can_match_slash(part: str) -> bool:
    """Whether a part of an expression can consume a slash, or looks beyond what it consumes."""
    if _HARMLESS(part):
        return False
    try:
        tree = parse(part)
    except (re.error, OverflowError, RecursionError):
        return True
    return _looks_around(tree) or bool(_union(tree) & _character(ord("/")))


def _looks_around(tree: Tree) -> bool:
    return any(
        op in (sre.ASSERT, sre.ASSERT_NOT, sre.AT, sre.GROUPREF, sre.GROUPREF_EXISTS)
        or any(_looks_around(part) for part in _parts(op, value))
        for op, value in tree
    )


def _is_repeat(op: Any) -> bool:
    return op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)


def is_anchored(tree: Tree) -> bool:
    return bool(tree) and tree[0][0] is sre.AT and tree[0][1] is sre.AT_BEGINNING


def _parts(op: Any, value: Any) -> list[Tree]:
    """The sub-trees of a node."""
    if op in _LEAVES:
        return []
    found: list[Any] = []
    if op is sre.BRANCH:
        found = value[1]
    elif op is sre.SUBPATTERN:
        found = [value[3]]
    elif _is_repeat(op):
        found = [value[2]]
    elif op in (sre.ASSERT, sre.ASSERT_NOT):
        found = [value[1]]
    elif op is sre.ATOMIC_GROUP:
        found = [value]
    elif op is sre.GROUPREF_EXISTS:
        found = [part for part in value[1:] if part]
    return [_nodes(part) for part in found]


_LEAVES = frozenset({sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY, sre.AT, sre.GROUPREF})


def _nodes(part: Any) -> Tree:
    """The nodes of a sub-tree (going through one by its indices takes ten times as long)."""
    found: Tree = part.data if isinstance(part, _parser.SubPattern) else list(part)
    return found


def _flat(tree: Tree) -> Tree:
    """The nodes with plain groups opened."""
    found: Tree = []
    for op, value in tree:
        if op is sre.SUBPATTERN:
            found.extend(_flat(_nodes(value[3])))
        else:
            found.append((op, value))
    return found


_CLASSES = {
    sre.CATEGORY_DIGIT: sum(1 << c for c in range(128) if chr(c).isdigit()),
    sre.CATEGORY_SPACE: sum(1 << c for c in range(128) if chr(c).isspace()),
    sre.CATEGORY_WORD: sum(1 << c for c in range(128) if chr(c).isalnum() or c == 95),
}
_OPPOSITES = {
    sre.CATEGORY_NOT_DIGIT: sre.CATEGORY_DIGIT,
    sre.CATEGORY_NOT_SPACE: sre.CATEGORY_SPACE,
    sre.CATEGORY_NOT_WORD: sre.CATEGORY_WORD,
}


def _characters(op: Any, value: Any) -> int:
    """The set of characters that a node can consume, as bits; 128 stands for all beyond ASCII."""
    if op is sre.LITERAL:
        # Both cases, since expressions usually ignore case.
        return _character(value) | _character(ord(chr(value).swapcase()[0]))
    if op is sre.NOT_LITERAL:
        return _FULL & ~_character(value) | _OTHER
    if op is sre.IN:
        return _class(tuple(value))
    if op in (sre.ANY, sre.GROUPREF):
        return _FULL
    if op in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
        return 0
    return _union(part for tree in _parts(op, value) for part in tree)


def _union(nodes: Any) -> int:
    found = 0
    for op, value in nodes:
        found |= _characters(op, value)
    return found


def _character(code: int) -> int:
    return 1 << code if code < 128 else _OTHER


@lru_cache(maxsize=256)
def _range(first: int, last: int) -> int:
    return _union((sre.LITERAL, code) for code in range(first, min(last, 128) + 1))


@lru_cache(maxsize=256)
def _class(members: tuple[Any, ...]) -> int:
    found, negated = 0, False
    for op, value in members:
        if op is sre.NEGATE:
            negated = True
        elif op is sre.RANGE:
            found |= _range(value[0], value[1])
        elif op is sre.CATEGORY:
            opposite = _OPPOSITES.get(value)
            found |= _FULL & ~_CLASSES[opposite] if opposite else _CLASSES[value]
        else:
            found |= _characters(op, value)
    return (_FULL & ~found) | _OTHER if negated else found


def _is_variable(op: Any, value: Any) -> bool:
    if _is_repeat(op):
        return bool(value[0] != value[1]) or any(_has_variable(t) for t in _parts(op, value))
    return op is sre.BRANCH or any(_has_variable(tree) for tree in _parts(op, value))


def _has_variable(tree: Tree) -> bool:
    return any(_is_variable(op, value) for op, value in tree)


def refuse_exponential(tree: Tree) -> None:
    for op, value in tree:
        if op in _LEAVES:
            continue
        inner = _parts(op, value)
        if _is_repeat(op) and value[1] >= _SEVERAL and not _is_delimited(_flat(inner[0])):
            raise ExponentialError("nested repetition")
        for part in inner:
            refuse_exponential(part)


def _is_delimited(body: Tree) -> bool:
    """Whether each turn of a repeated body can be told from the next in one way only."""
    if not _has_variable(body):
        return True
    if len(body) == 1 and body[0][0] is sre.BRANCH:
        return _has_distinct_starts(_parts(*body[0]))
    for at, (op, value) in enumerate(body):
        if op in (sre.LITERAL, sre.IN, sre.NOT_LITERAL):
            others = _union(node for i, node in enumerate(body) if i != at)
            if not _characters(op, value) & others:
                return True
    return False


def _has_distinct_starts(branches: list[Tree]) -> bool:
    seen = 0
    for branch in map(_flat, branches):
        if not branch or _has_variable(branch):
            return False
        first = _characters(*branch[0])
        if not first or seen & first:
            return False
        seen |= first
    return True


def degree_of(tree: Tree) -> int:
    """The power of a text's length that bounds the time of a search.

    A long repetition costs one power; it adds to those of others when it can trade characters with
    what follows it, so that there are many ways to divide a text. Where the search starts is free,
    unless the expression is anchored or begins with a literal.
    """
    trades, repetitions = _repetitions(tree)
    start = 0 if is_anchored(tree) or _begins_with_literal(tree) else 1
    return min(trades + 1, repetitions) + start


def _repetitions(tree: Tree) -> tuple[int, int]:
    """(long repetitions that can trade characters, long repetitions that can fail later)."""
    nodes = _flat(tree)
    trades = total = 0
    for at, (op, value) in enumerate(nodes):
        if op in _LEAVES:
            continue
        inner = [_repetitions(part) for part in _parts(op, value)]
        own_trades = max((found[0] for found in inner), default=0)
        own_total = max((found[1] for found in inner), default=0)
        if _is_repeat(op) and value[1] > _MANY and value[0] != value[1] and at + 1 < len(nodes):
            # What repeats inside is delimited, or the expression were refused: it divides the
            # text no further.
            can_trade = _next_characters(nodes[at + 1 :]) & _characters(op, value) != 0
            own_trades, own_total = max(own_trades, int(can_trade)), max(own_total, 1)
        trades += own_trades
        total += own_total
    return trades, total


def _begins_with_literal(tree: Tree) -> bool:
    beginning = [op for op, _ in _flat(tree)[:_LITERAL]]
    return len(beginning) == _LITERAL and all(op is sre.LITERAL for op in beginning)


def _next_characters(nodes: Tree) -> int:
    """What may come next; an end of the expression takes nothing back."""
    found = 0
    for op, value in nodes:
        found |= _characters(op, value)
        if op is sre.AT or (_is_repeat(op) and value[0] == 0):
            continue
        if op is sre.BRANCH or op in (sre.ASSERT, sre.ASSERT_NOT):
            found |= _union(nodes)
        break
    return found


def literal_of(tree: Tree) -> str:
    """The longest run of literals that every match contains."""
    best = run = ""
    for op, value in _flat(tree):
        if op is sre.LITERAL and value < 128:
            run += chr(value).lower()
            continue
        best, run = max(best, run, key=len), ""
        if _is_repeat(op) and value[0] >= 1:
            best = max(best, literal_of(_nodes(value[2])), key=len)
        elif op is sre.ATOMIC_GROUP:
            best = max(best, literal_of(_nodes(value)), key=len)
    return max(best, run, key=len)

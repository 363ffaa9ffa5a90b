"""Patterns of network filters made ready for matching.

A pattern becomes a literal that the lower-cased URL must contain (tested first: it costs almost
nothing) and, where that is not all, a test. Wildcards are matched piece by piece from left to
right, which is exact and linear; they are never turned into a backtracking expression.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, Protocol

from myco_filters.regex import Expression, translate

Test = Callable[[str], object]
TestAt = Callable[[str, int], object]
Search = Callable[[str, int], re.Match[str] | None]

_HOST_FIRST = re.compile(r"\|\|([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)([\^/:?].*)", re.DOTALL)
_LABEL = r"[a-z][a-z0-9+.\-]*:/{1,2}(?:[^/?#]*?[.@])??"
_SEPARATOR = r"(?:[^0-9a-z%._\-]|\Z)"
_SEPARATOR_CASED = r"(?:[^0-9A-Za-z%._\-]|\Z)"
_TOKEN = re.compile(r"[0-9a-z]+")
_BOUNDED = re.compile(r"(?<![0-9a-z*])[0-9a-z]+(?![0-9a-z*])")
_RUN = re.compile(r"[^*^|]+")


class _Ordered(Protocol):
    def __call__(self, urlstr: str, start: int = 0, /) -> object: ...


class Glob(NamedTuple):
    """A pattern that is no regular expression, split into anchors and body."""

    body: str
    host_anchor: bool
    left_anchor: bool
    right_anchor: bool


def split_anchors(pattern: str) -> Glob:
    """Take the anchors off; wildcards at the ends mean nothing and go as well."""
    host = pattern.startswith("||")
    left = not host and pattern.startswith("|")
    body = pattern[2:] if host else pattern[1:] if left else pattern
    right = body.endswith("|")
    if right:
        body = body[:-1]
    if body.startswith("*"):
        host = left = False
        body = body.lstrip("*")
    if body.endswith("*"):
        right = False
        body = body.rstrip("*")
    return Glob(body, host, left, right)


def host_first(pattern: str) -> tuple[str, str] | None:
    """For ``||host`` followed by a separator: the host and what follows it, else None.

    Such a pattern fits exactly where the request's host ends in that host, so the host is its key.
    """
    found = _HOST_FIRST.fullmatch(pattern) if pattern[:2] == "||" else None
    return (found[1], found[2]) if found else None


def tokens(pattern: str) -> list[str]:
    """The runs of letters and digits that stand alone in every URL which the pattern fits."""
    if "|" not in pattern:
        return _BOUNDED.findall(f"*{pattern.lower()}*")
    glob = split_anchors(pattern.lower())
    left = "" if glob.host_anchor or glob.left_anchor else "*"
    return _BOUNDED.findall(f"{left}{glob.body}{'' if glob.right_anchor else '*'}")


def inner_tokens(literal: str) -> list[str]:
    """The runs of letters and digits that end within a literal, so in every URL that has it."""
    return [run[0] for run in _TOKEN.finditer(literal) if run.start() and run.end() < len(literal)]


def literal_of(pattern: str) -> str:
    """The longest literal run of the pattern, in lower case; may be empty."""
    return max(_RUN.findall(split_anchors(pattern.lower()).body), key=len, default="")


def whole_test(pattern: str, match_case: bool) -> Test | None:
    """The test on the (lower-cased) URL that remains after the literal; None when nothing does."""
    glob = split_anchors(pattern if match_case else pattern.lower())
    if not glob.body:
        return None
    pieces = [piece for piece in glob.body.split("*") if piece]
    plain = len(pieces) == 1 and "^" not in glob.body
    if plain and not (glob.host_anchor or glob.left_anchor or glob.right_anchor):
        return None if not match_case else _contains(glob.body)
    return _in_order(pieces, glob, match_case)


def rest_test(rest: str) -> tuple[str, TestAt | None]:
    """For a :func:`host_first` remainder: its literal beginning and the test of the whole.

    The test is given the URL and the place where the host ends. A ``^`` right after the host
    always fits there.
    """
    right = rest.endswith("|")
    body = rest[:-1] if right else rest
    if body.endswith("*"):
        right = False
        body = body.rstrip("*")
    if body == "^" and not right:
        return "", None
    if not right and "*" not in body and "^" not in body:
        return body, None
    beginning = _RUN.match(body)
    pieces = [piece for piece in body.split("*") if piece]
    glob = Glob(body, host_anchor=False, left_anchor=True, right_anchor=right)
    return (beginning[0] if beginning else ""), _in_order(pieces, glob, match_case=False)


def expression_of(pattern: str) -> Expression:
    """The guarded expression of a ``/…/`` pattern. Raises RegexRefusedError."""
    return translate(pattern[1:-1])


def expression_test(expression: Expression, match_case: bool) -> Test:
    """The test of an expression, on as much of the URL as it may see."""
    reach = expression.reach
    find: Test | None = None

    def test(urlstr: str) -> object:
        nonlocal find
        if find is None:
            compiled = expression.compiled(match_case)
            # search() would try an anchored expression again at every place.
            find = compiled.match if expression.anchored else compiled.search
        # "%" stands where the URL was cut, so that an end anchor does not fit there.
        return find(urlstr if len(urlstr) <= reach else urlstr[:reach] + "%")

    return test


def _contains(text: str) -> Test:
    return lambda urlstr: text in urlstr


def _steps(pieces: list[str], glob: Glob, match_case: bool) -> list[re.Pattern[str]]:
    steps = []
    separator = _SEPARATOR_CASED if match_case else _SEPARATOR
    for at, piece in enumerate(pieces):
        source = separator.join(re.escape(part) for part in piece.split("^"))
        if at == 0 and glob.host_anchor:
            source = _LABEL + source
        if at == len(pieces) - 1 and glob.right_anchor:
            source += r"\Z"
        steps.append(re.compile(source, re.ASCII))
    return steps


def _in_order(pieces: list[str], glob: Glob, match_case: bool) -> _Ordered:
    """The pieces one after the other, from a place on; compiled when first needed."""
    first: Search | None = None
    rest: list[Search] = []
    anchored = glob.host_anchor or glob.left_anchor

    def test(urlstr: str, start: int = 0, /) -> object:
        nonlocal first, rest
        if first is None:
            steps = _steps(pieces, glob, match_case)
            first = steps[0].match if anchored else steps[0].search
            rest = [step.search for step in steps[1:]]
        found = first(urlstr, start)
        for search in rest:
            if found is None:
                return None
            found = search(urlstr, found.end())
        return found

    return test

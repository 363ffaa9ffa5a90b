"""Regular expressions of filters: translated from JavaScript, and guarded.

Lists are only half trusted, and Python's ``re`` backtracks. So the tree of every expression is
read before it is used: an expression that can need exponential time is refused, and one that can
need polynomial time sees only as many characters of a URL as keep a match in the milliseconds.
The tree also yields a literal that every match must contain, which makes most candidates cheap.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from myco_filters.lazy import lazy_pattern

PATTERN_LIMIT = 4096
# Characters that an expression of this degree may look at; a higher degree is refused.
_REACH = {0: 4096, 1: 4096, 2: 1024, 3: 192}
# What is written differently: escapes, named groups, and characters in classes ("[" and doubled
# operators are reserved there in Python; "[]" and "[^]" are empty classes in JavaScript).
_PIECE = lazy_pattern(r"\\.|\(\?<(?=[A-Za-z_])|\[\^?\]|\[(?:\\.|[^\]\\])*\]?", re.DOTALL)
_IN_CLASS = lazy_pattern(r"\\.|(?<!^)\[|([-&~|])(?=\1)", re.DOTALL)
_SCHEME = lazy_pattern(r"\^https?\??://")
_REWRITTEN = {r"\/": "/", "(?<": "(?P<", "[]": "(?!)", "[^]": r"[\s\S]"}


class RegexRefusedError(Exception):
    """The expression cannot be used; ``dangerous`` tells whether it could be translated at all."""

    def __init__(self, reason: str, dangerous: bool) -> None:
        super().__init__(reason)
        self.dangerous = dangerous


class Expression(NamedTuple):
    """A translated expression."""

    source: str
    literal: str
    """Lower-cased text that any match contains; may be empty."""
    reach: int
    """How many characters of a URL it may see."""
    anchored: bool
    """Whether it can only match at the beginning."""
    origin_end: int
    """Up to where ``source`` is about scheme and host alone; 0 when that is unclear."""

    def told(self) -> str:
        """What the tree said, as one line for :func:`recall`."""
        return f"{self.reach} {int(self.anchored)} {self.origin_end} {self.literal}"

    def compiled(self, match_case: bool) -> re.Pattern[str]:
        """The expression, to be applied to the lower-cased URL unless ``match_case``."""
        if match_case:
            return re.compile(self.source, re.ASCII)
        # On a lower-cased URL an expression without capitals needs no case folding.
        bare = re.sub(r"\\.", "", self.source)
        folds = re.IGNORECASE if bare != bare.lower() else 0
        return re.compile(self.source, re.ASCII | folds)


def translate(body: str) -> Expression:
    """Read the text between the slashes. Raises RegexRefusedError."""
    from myco_filters import regex_tree as trees  # a start of the program recalls what was read

    if len(body) > PATTERN_LIMIT:
        raise RegexRefusedError("too long", dangerous=True)
    source = _in_python(body)
    try:
        tree = trees.checked(source)
        trees.refuse_exponential(tree)
        reach = _REACH.get(trees.degree_of(tree))
    except trees.ExponentialError as error:
        raise RegexRefusedError(str(error), dangerous=True) from None
    except (re.error, OverflowError, RecursionError, ValueError, TypeError, KeyError) as error:
        raise RegexRefusedError(str(error)[:100], dangerous=False) from None
    if reach is None:
        raise RegexRefusedError("too many unbounded parts", dangerous=True)
    literal = trees.literal_of(tree)
    origin_end = _origin_end(source, trees.can_match_slash)
    return Expression(source, literal, reach, trees.is_anchored(tree), origin_end)


def recall(body: str, told: str) -> Expression:
    """An expression from what :meth:`Expression.told` said of it when it was checked.

    Spares reading its tree again. Raises RegexRefusedError, as :func:`translate` does, when the
    words are not of that form and the expression is refused.
    """
    words = told.split(" ", 3)
    if len(words) != 4 or not all(word.isdecimal() and len(word) < 6 for word in words[:3]):
        return translate(body)
    reach, anchored, origin_end = map(int, words[:3])
    source = _in_python(body)
    return Expression(source, words[3], min(reach, _REACH[0]), anchored == 1, origin_end)


def _in_python(body: str) -> str:
    return _PIECE.sub(_piece, body)


def _piece(found: re.Match[str]) -> str:
    text = found[0]
    known = _REWRITTEN.get(text)
    if known is not None or text[0] != "[":
        return known or text
    return _IN_CLASS.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return found[0] if found[0][0] == "\\" else "\\" + found[0]


def _origin_end(source: str, can_match_slash: Callable[[str], bool]) -> int:
    """Where the part about scheme and host ends, behind the slash that follows the host."""
    scheme = _SCHEME.match(source)
    end = _next_slash(source, scheme.end()) if scheme else None
    if scheme is None or end is None or can_match_slash(source[scheme.end() : end]):
        return 0
    return end + 1


def _next_slash(source: str, start: int) -> int | None:
    """The first slash from ``start`` on that every match must contain."""
    outside = _outside_groups(source, start)
    places = [at for at, character in outside if character == "/"]
    if not places or any(character == "|" for _, character in outside):
        # With an alternative, a match may begin in another way.
        return None
    first = places[0]
    return first if source[first + 1 : first + 2] not in ("?", "*", "{", "+") else None


def _outside_groups(source: str, at: int) -> list[tuple[int, str]]:
    """The characters of an expression that stand outside groups, classes and escapes."""
    found = []
    depth = 0
    in_class = False
    while at < len(source):
        character = source[at]
        if character == "\\":
            at += 1
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
            at += source[at + 1 : at + 2] in ("]", "^")
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif depth == 0:
            found.append((at, character))
        at += 1
    return found

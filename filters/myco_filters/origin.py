"""What can be told from a request's host alone: filters that can never fit it.

Many filters without a usable token are expressions or patterns about the host. Sorting them out
once for each host spares trying them on each request. The answer "can fit" may be wrong, "cannot
fit" never is. It holds for URLs whose host is followed by ``/`` and preceded by ``://``.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from myco_filters import pattern as patterns
from myco_filters.conditions import fits_host
from myco_filters.regex import RegexRefusedError, can_match_slash
from myco_filters.syntax.network import NetworkFilter

_SCHEME = re.compile(r"\^https?\??://")
_HOST_PIECE = re.compile(r"[a-z0-9_.-]+")
_SCHEMES = ("https://", "http://")

CanFit = Callable[[str], bool]


def host_test(made: NetworkFilter) -> CanFit | None:
    """The test on a host, or None when the host tells nothing."""
    tests: list[CanFit] = []
    if not made.to.is_empty or made.denyallow:
        tests.append(fits_host(made))
    about_pattern = (
        _of_expression(made.pattern) if made.is_regex else _of_glob(made.pattern.lower())
    )
    if about_pattern is not None:
        tests.append(about_pattern)
    if not tests:
        return None
    return lambda host: all(test(host) for test in tests)


def _of_glob(pattern: str) -> CanFit | None:
    glob = patterns.split_anchors(pattern)
    piece = _HOST_PIECE.match(glob.body) if glob.host_anchor else None
    if piece is None:
        return None
    text = piece[0]
    # The pattern begins with the host's own characters, at the start of one of its labels.
    return lambda host: host.startswith(text) or "." + text in host


def _of_expression(pattern: str) -> CanFit | None:
    try:
        source = patterns.expression_of(pattern).source
    except RegexRefusedError:
        return None
    beginning = origin_part(source)
    if beginning is None:
        return None
    match = re.compile(beginning, re.ASCII | re.IGNORECASE).match

    def can_fit(host: str) -> bool:
        return any(match(f"{scheme}{host}/") for scheme in _SCHEMES)

    return can_fit


def origin_part(source: str) -> str | None:
    """The beginning of an expression up to the slash after the host; None when unclear."""
    scheme = _SCHEME.match(source)
    if scheme is None:
        return None
    end = _next_slash(source, scheme.end())
    if end is None or can_match_slash(source[scheme.end() : end]):
        return None
    return source[: end + 1]


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

"""What can be told from a request's host alone: filters that can never fit it.

Many filters without a usable token are expressions or patterns about the host. Sorting them out
once for each host spares trying them on each request. The answer "can fit" may be wrong, "cannot
fit" never is. It holds for URLs whose host is followed by ``/`` and preceded by ``://``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from myco_filters import pattern as patterns
from myco_filters.conditions import fits_host
from myco_filters.regex import Expression
from myco_filters.syntax.network import NetworkFilter

_HOST_PIECE = re.compile(r"[a-z0-9_.-]+")
_SCHEMES = ("https://", "http://")

CanFit = Callable[[str], bool]
_KEPT = 512
"""Compiled beginnings of expressions; the default lists have about 300."""


def host_test(made: NetworkFilter, expression: Expression | None) -> CanFit | None:
    """The test on a host, or None when the host tells nothing; with the filter's expression."""
    tests: list[CanFit] = []
    if not made.to.is_empty or made.denyallow:
        tests.append(fits_host(made))
    about_pattern = _of_glob(made.pattern.lower()) if not made.is_regex else None
    if expression is not None:
        about_pattern = _of_expression(expression)
    if about_pattern is not None:
        tests.append(about_pattern)
    if not tests:
        return None
    return lambda host: all(test(host) for test in tests)


def _of_glob(pattern: str) -> CanFit | None:
    glob = patterns.split_anchors(pattern)
    if glob.host_anchor and glob.body[:1] == "[":
        return lambda host: False  # an address in brackets, which no host asked here is
    piece = _HOST_PIECE.match(glob.body) if glob.host_anchor else None
    if piece is None:
        return None
    text = piece[0]
    # The pattern begins with the host's own characters, at the start of one of its labels.
    return lambda host: host.startswith(text) or "." + text in host


def prepare(expression: Expression) -> None:
    """Compile, before a request waits for it, what the test on a host needs of an expression."""
    if expression.origin_end:
        _beginning(expression.source[: expression.origin_end])


@lru_cache(_KEPT)
def _beginning(source: str) -> Callable[[str], object]:
    return re.compile(source, re.ASCII | re.IGNORECASE).match


def _of_expression(expression: Expression) -> CanFit | None:
    if not expression.origin_end:
        return None
    beginning = expression.source[: expression.origin_end]
    match: Callable[[str], object] | None = None

    def can_fit(host: str) -> bool:
        nonlocal match
        if match is None:
            match = _beginning(beginning)
        return any(match(f"{scheme}{host}/") for scheme in _SCHEMES)

    return can_fit

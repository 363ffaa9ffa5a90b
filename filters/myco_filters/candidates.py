"""Filters ready to be tried: the tests of pattern and options, made when first needed.

Only filters whose bucket a request touches are ever made ready, which keeps loading fast and the
engine small.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from myco_filters import pattern as patterns
from myco_filters.hosts import names, suffixes
from myco_filters.regex import RegexRefusedError
from myco_filters.request import URL_LIMIT, Request, host_of
from myco_filters.syntax.network import Names, NetworkFilter
from myco_filters.verdict import Block, FilterRef

Condition = Callable[[Request], bool]


class Ready:
    """One filter with everything but its tests. Immutable by convention; slots for speed."""

    __slots__ = ("filter", "important", "mask", "number", "ref", "verdict")

    def __init__(self, number: int, made: NetworkFilter, ref: FilterRef) -> None:
        self.number = number
        self.filter = made
        self.mask = made.mask
        self.important = made.important
        self.ref = ref
        self.verdict = Block(ref)


Candidate = tuple[str, patterns.Test | None, Condition | None, Ready]
"""(literal that the URL contains, test on the URL, test on the request, the filter)."""
PathCandidate = tuple[str, patterns.TestAt | None, Condition | None, Ready]
"""The same for what follows the host: (literal there, test there, …)."""


def candidate(ready: Ready) -> Candidate | None:
    """The tests of a filter on the whole URL; None when its expression is refused."""
    made = ready.filter
    condition = condition_of(made)
    if not made.is_regex:
        literal = patterns.literal_of(made.pattern)
        test = patterns.whole_test(made.pattern, made.match_case)
    else:
        try:
            expression = patterns.expression_of(made.pattern)
        except RegexRefusedError:
            return None
        literal = expression.literal
        test = patterns.expression_test(expression, made.match_case)
    if made.match_case and test is not None:
        return literal, None, _cased(test, condition), ready
    return literal, test, condition, ready


def path_candidate(ready: Ready) -> PathCandidate | None:
    """The tests of a ``||host/…`` filter after its host; None when it has no such form."""
    made = ready.filter
    if made.match_case or made.is_regex:
        return None
    found = patterns.host_first(made.pattern.lower())
    if found is None:
        return None
    literal, test = patterns.rest_test(found[1])
    return literal, test, condition_of(made), ready


def _cased(test: patterns.Test, condition: Condition | None) -> Condition:
    def holds(request: Request) -> bool:
        fits = test(request.url[:URL_LIMIT])
        return bool(fits) and (condition is None or condition(request))

    return holds


def condition_of(made: NetworkFilter) -> Condition | None:
    """All options beyond type and party as one test, or None when there are none."""
    tests = list(_conditions(made))
    if not tests:
        return None
    if len(tests) == 1:
        return tests[0]
    return lambda request: all(test(request) for test in tests)


def _conditions(made: NetworkFilter) -> list[Condition]:
    found: list[Condition] = []
    if made.parameter:
        parameter = made.parameter
        found.append(lambda request: parameter in request.url)
    if not made.domains.is_empty:
        found.append(_on(made.domains, lambda request: request.source_host))
    if not made.to.is_empty:
        found.append(_on(made.to, lambda request: request.host))
    if not made.top.is_empty:
        found.append(_on(made.top, lambda request: host_of(request.top or request.source)))
    if made.denyallow:
        found.append(_denyallow(made.denyallow))
    if made.methods or made.not_methods:
        found.append(_method(made.methods, made.not_methods))
    if made.strict_party:
        found.append(_strict(made.strict_party == 1))
    return found


def _on(listed: Names, host_for: Callable[[Request], str]) -> Condition:
    include, exclude = listed.include, listed.exclude
    if not listed.include_regex and not listed.exclude_regex:

        def fits(request: Request) -> bool:
            known = names(host_for(request))
            return not ((include and include.isdisjoint(known)) or not exclude.isdisjoint(known))

        return fits
    wanted, refused = _searches(listed.include_regex), _searches(listed.exclude_regex)
    open_include = not include and not listed.include_regex

    def fits_regex(request: Request) -> bool:
        host = host_for(request)
        known = names(host)
        if not exclude.isdisjoint(known) or any(search(host) for search in refused):
            return False
        return (
            open_include or not include.isdisjoint(known) or any(search(host) for search in wanted)
        )

    return fits_regex


def _searches(expressions: tuple[str, ...]) -> list[Callable[[str], object]]:
    found: list[Callable[[str], object]] = []
    for body in expressions:
        try:
            found.append(patterns.expression_of(f"/{body}/").compiled(match_case=False).search)
        except (RegexRefusedError, re.error):
            continue
    return found


def _denyallow(allowed: frozenset[str]) -> Condition:
    return lambda request: allowed.isdisjoint(suffixes(request.host))


def _method(wanted: frozenset[str], refused: frozenset[str]) -> Condition:
    def fits(request: Request) -> bool:
        method = request.method.lower()
        return method not in refused and (not wanted or method in wanted)

    return fits


def _strict(same: bool) -> Condition:
    return lambda request: (request.host == request.source_host) is same

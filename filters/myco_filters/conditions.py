"""The options of filters beyond type and party, as tests on a request."""

from __future__ import annotations

import re
from collections.abc import Callable

from myco_filters import pattern as patterns
from myco_filters.hosts import names, suffixes
from myco_filters.regex import RegexRefusedError
from myco_filters.request import Request, host_of
from myco_filters.syntax.network import Names, NetworkFilter

Condition = Callable[[Request], bool]


def site_condition(made: NetworkFilter) -> Condition | None:
    """The options about the request's host and the asking site alone, as one test, or None."""
    found: list[Condition] = []
    if not made.domains.is_empty:
        found.append(_on_source(made.domains))
    if not made.to.is_empty:
        found.append(_on(made.to, lambda request: request.host))
    if made.denyallow:
        found.append(_denyallow(made.denyallow))
    if made.strict_party:
        found.append(_strict(made.strict_party == 1))
    return both(found)


def other_condition(made: NetworkFilter) -> Condition | None:
    """The remaining options beyond type and party, as one test, or None."""
    found: list[Condition] = []
    if made.parameter:
        parameter = made.parameter
        found.append(lambda request: parameter in request.url)
    if not made.top.is_empty:
        found.append(_on(made.top, lambda request: host_of(request.top or request.source)))
    if made.methods or made.not_methods:
        found.append(_method(made.methods, made.not_methods))
    return both(found)


def both(tests: list[Condition]) -> Condition | None:
    """Several tests as one, or None when there is none."""
    if len(tests) < 2:
        return tests[0] if tests else None
    first, *others = tests
    second = both(others)
    assert second is not None
    return lambda request: first(request) and second(request)


def fits_host(made: NetworkFilter) -> Callable[[str], bool]:
    """The options about the request's host (``to=``, ``denyallow=``) as a test on that host."""
    listed = _fits(made.to)
    allowed = made.denyallow
    return lambda host: listed(host) and allowed.isdisjoint(suffixes(host))


def _on_source(listed: Names) -> Condition:
    include, exclude = listed.include, listed.exclude
    if listed.include_regex or listed.exclude_regex:
        return _on(listed, lambda request: request.source_host)
    # The usual cases, without a call more than needed.
    if not exclude:
        return lambda request: not include.isdisjoint(request.source_names)
    if not include:
        return lambda request: exclude.isdisjoint(request.source_names)
    return lambda request: (
        exclude.isdisjoint(request.source_names) and not include.isdisjoint(request.source_names)
    )


def _on(listed: Names, host_for: Callable[[Request], str]) -> Condition:
    fits = _fits(listed)
    return lambda request: fits(host_for(request))


def _fits(listed: Names) -> Callable[[str], bool]:
    include, exclude = listed.include, listed.exclude
    wanted, refused = _searches(listed.include_regex), _searches(listed.exclude_regex)
    is_open = not include and not listed.include_regex

    def fits(host: str) -> bool:
        known = names(host)
        if not exclude.isdisjoint(known) or any(search(host) for search in refused):
            return False
        return is_open or not include.isdisjoint(known) or any(search(host) for search in wanted)

    return fits


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

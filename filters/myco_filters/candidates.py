"""Filters ready to be tried: the tests of pattern and options, made when first needed.

Only filters whose bucket a request touches are ever made ready, which keeps loading fast and the
engine small.
"""

from __future__ import annotations

from contextlib import suppress

from myco_filters import pattern as patterns
from myco_filters.conditions import Condition, condition_of
from myco_filters.origin import CanFit, host_test
from myco_filters.regex import Expression, RegexRefusedError, recall
from myco_filters.request import URL_LIMIT, Request
from myco_filters.syntax.network import NetworkFilter
from myco_filters.verdict import Block, FilterRef


class Ready:
    """One filter with its tests, made when first asked for. Immutable to its readers."""

    __slots__ = (
        "_anywhere",
        "_at_host",
        "_expression",
        "_host_test",
        "_told",
        "filter",
        "important",
        "mask",
        "number",
        "ref",
        "verdict",
    )

    def __init__(self, number: int, made: NetworkFilter, ref: FilterRef, told: str = "") -> None:
        self.number = number
        self.filter = made
        self.mask = made.mask
        self.important = made.important
        self.ref = ref
        self.verdict = Block(ref)
        self._told = told
        self._expression: Expression | bool | None = False
        self._anywhere: Candidate | bool | None = False
        self._at_host: PathCandidate | bool | None = False
        self._host_test: CanFit | bool | None = False

    def expression(self) -> Expression | None:
        """The expression of a ``/…/`` filter; None when it has none or it is refused."""
        if isinstance(self._expression, bool):
            self._expression = None
            if self.filter.is_regex:
                with suppress(RegexRefusedError):
                    self._expression = recall(self.filter.pattern[1:-1], self._told)
        return self._expression

    def anywhere(self) -> Candidate | None:
        """The tests on the whole URL; None when the expression is refused."""
        if isinstance(self._anywhere, bool):
            self._anywhere = _candidate(self)
        return self._anywhere

    def at_host(self) -> PathCandidate | None:
        """The tests of a ``||host/…`` filter after its host; None when it has no such form."""
        if isinstance(self._at_host, bool):
            self._at_host = _path_candidate(self)
        return self._at_host

    def can_fit(self, host: str) -> bool:
        """Whether a request to this host may match (see :mod:`myco_filters.origin`)."""
        if isinstance(self._host_test, bool):
            self._host_test = host_test(self.filter, self.expression())
        return self._host_test is None or self._host_test(host)


Candidate = tuple[str, patterns.Test | None, Condition | None, Ready]
"""(literal that the URL contains, test on the URL, test on the request, the filter)."""
PathCandidate = tuple[str, patterns.TestAt | None, Condition | None, Ready]
"""The same for what follows the host: (literal there, test there, …)."""


def _candidate(ready: Ready) -> Candidate | None:
    made = ready.filter
    condition = condition_of(made)
    if not made.is_regex:
        literal = patterns.literal_of(made.pattern)
        test = patterns.whole_test(made.pattern, made.match_case)
    else:
        expression = ready.expression()
        if expression is None:
            return None
        literal = expression.literal
        test = patterns.expression_test(expression, made.match_case)
    if made.match_case and test is not None:
        return literal, None, _cased(test, condition), ready
    return literal, test, condition, ready


def _path_candidate(ready: Ready) -> PathCandidate | None:
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

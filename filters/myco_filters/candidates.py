"""Filters ready to be tried: the tests of pattern and options, made when first needed.

Only filters whose bucket a request touches are ever made ready, which keeps loading fast and the
engine small.
"""

from __future__ import annotations

from contextlib import suppress

from myco_filters import pattern as patterns
from myco_filters.conditions import Condition, both, other_condition, site_condition
from myco_filters.gate import part_of
from myco_filters.origin import CanFit, host_test, prepare
from myco_filters.regex import Expression, RegexRefusedError, recall
from myco_filters.request import URL_LIMIT, Kind, Request
from myco_filters.syntax.network import NetworkFilter
from myco_filters.verdict import Block, FilterRef


class Ready:
    """One filter with its tests, made when first asked for. Immutable to its readers."""

    __slots__ = (
        *("_anywhere", "_at_host", "_expression", "_host_test", "_in_scene", "_site", "_told"),
        *("filter", "important", "mask", "ref", "verdict"),
    )

    def __init__(self, made: NetworkFilter, ref: FilterRef, told: str = "") -> None:
        self.filter = made
        self.mask = made.mask
        self.important = made.important
        self.ref = ref
        self.verdict = Block(ref)
        self._told = told
        self._expression: Expression | bool | None = False
        self._anywhere: Candidate | bool | None = False
        self._in_scene: Candidate | bool | None = False
        self._at_host: PathCandidate | bool | None = False
        self._host_test: CanFit | bool | None = False
        self._site: Condition | bool | None = False

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
            self._anywhere = _with_site(self.in_scene(), self.site())
        return self._anywhere

    def in_scene(self) -> Candidate | None:
        """The same without those on hosts and sites, for where these are known to hold."""
        if isinstance(self._in_scene, bool):
            self._in_scene = _candidate(self)
        return self._in_scene

    def site(self) -> Condition | None:
        """The tests on the request's host and the asking site."""
        if isinstance(self._site, bool):
            self._site = site_condition(self.filter)
        return self._site

    def at_host(self) -> PathCandidate | None:
        """The tests of a ``||host/…`` filter after its host; None when it has no such form."""
        if isinstance(self._at_host, bool):
            self._at_host = _path_candidate(self)
        return self._at_host

    def is_narrow(self) -> bool:
        """Whether the host or the asking site alone may rule it out."""
        self.can_fit("")
        return self._host_test is not None or self.site() is not None

    def compile(self) -> bool:
        """Compile what requests to most hosts would have to wait for; false if that is nothing."""
        expression = self.expression()
        candidate = self.in_scene()
        if expression is None or candidate is None:
            return False
        prepare(expression)
        if not part_of(candidate[0]):
            _fits(candidate, Request.make("https://a.example/", "", Kind.OTHER))
        return True

    def can_fit(self, host: str) -> bool:
        """Whether a request to this host may match (see :mod:`myco_filters.origin`)."""
        if isinstance(self._host_test, bool):
            self._host_test = host_test(self.filter, self.expression())
        return self._host_test is None or self._host_test(host)


class PlainHost:
    """A plain host filter that fits everything of one kind and party on a host."""

    __slots__ = ("important", "ref", "verdict")

    def __init__(self, ref: FilterRef) -> None:
        self.ref = ref
        self.important = False
        self.verdict = Block(ref)


Candidate = tuple[str, patterns.Test | None, Condition | None, Ready]
"""(literal that the URL contains, test on the URL, test on the request, the filter)."""
PathCandidate = tuple[str, patterns.TestAt | None, Condition | None, Ready]
"""The same for what follows the host: (literal there, test there, …)."""


def _fits(candidate: Candidate, request: Request) -> bool:
    """Whether a candidate matches a request whose URL has its literal."""
    _, test, condition, _ = candidate
    return bool(test is None or test(request.low)) and (condition is None or condition(request))


def _candidate(ready: Ready) -> Candidate | None:
    made = ready.filter
    condition = other_condition(made)
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


def _with_site(candidate: Candidate | None, site: Condition | None) -> Candidate | None:
    if candidate is None or site is None:
        return candidate
    literal, test, condition, ready = candidate
    return literal, test, both([site, condition] if condition is not None else [site]), ready


def _path_candidate(ready: Ready) -> PathCandidate | None:
    made = ready.filter
    if made.match_case or made.is_regex:
        return None
    found = patterns.host_first(made.pattern.lower())
    if found is None:
        return None
    literal, test = patterns.rest_test(found[1])
    conditions = [one for one in (ready.site(), other_condition(made)) if one is not None]
    return literal, test, both(conditions), ready


def _cased(test: patterns.Test, condition: Condition | None) -> Condition:
    def holds(request: Request) -> bool:
        fits = test(request.url[:URL_LIMIT])
        return bool(fits) and (condition is None or condition(request))

    return holds

"""From cosmetic filters to tables: one number per body, buckets by site or by class and id."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from myco_filters.syntax.cosmetic import CosmeticFilter
from myco_filters.syntax.procedural import BodyError, Hide, read_body
from myco_filters.tables import CosmeticTables

_KEY = re.compile(r"[A-Za-z0-9*-]*([.#][A-Za-z_-][A-Za-z0-9_-]*)(?![\\A-Za-z0-9_-])")
_PLAIN = re.compile(r"[.#][A-Za-z_-][A-Za-z0-9_-]*")
_EVERYWHERE = "*"

_Buckets = defaultdict[str, list[str]]
"""Numbers of bodies, as text, by key."""


def generic_key(selector: str) -> str:
    """The class or id that a page must show for the selector to find anything; may be empty."""
    if _PLAIN.fullmatch(selector):
        return selector
    found = _KEY.match(selector)
    # A comma outside parentheses would make it several selectors with different needs.
    return found[1] if found and "," not in selector else ""


class CosmeticBuilder:
    """Collects the filters of all lists."""

    def __init__(self) -> None:
        self._bodies: list[str] = []
        self._body_lists: list[int] = []
        self._numbers: dict[str, str] = {}
        self._specific: _Buckets = defaultdict(list)
        self._specific_off: _Buckets = defaultdict(list)
        self._expressions: _Buckets = defaultdict(list)
        self._generic: dict[str, None] = {}
        self._off_everywhere: set[str] = set()
        self._off: set[str] = set()

    def add(self, list_number: int, filters: Iterable[CosmeticFilter]) -> None:
        """Take the filters of one list."""
        numbers, bodies = self._numbers, self._bodies
        specific, generic = self._specific, self._generic
        # A call has a number for each list: what a trusted one says of its sites must not lend
        # its trust to the same words of another.
        calls: dict[str, str] = {}
        for one in filters:
            body, exception, include, exclude, include_regex, exclude_regex = one
            known = calls if body[:4] == "+js(" else numbers
            number = known.get(body)
            if number is None:
                number = known[body] = str(len(bodies))
                bodies.append(body)
            if exception or exclude or include_regex or exclude_regex:
                self._add(number, one)
            elif include:
                for name in include:
                    specific[name].append(number)
            else:
                generic[number] = None
        self._body_lists += [list_number] * (len(bodies) - len(self._body_lists))

    def finish(self) -> CosmeticTables:
        """The tables, without what exceptions lift everywhere."""
        tables = CosmeticTables()
        tables.bodies, tables.body_lists = self._bodies, self._body_lists
        off = self._off_everywhere
        if off:
            self._off = {str(number) for number, body in enumerate(self._bodies) if body in off}
        keys: _Buckets = defaultdict(list)
        for number in self._generic:
            key = self._key(number)
            if key is None:
                self._specific[_EVERYWHERE].append(number)
            else:
                keys[key].append(number)
        tables.generic_always = self._packed(keys.pop("", []))
        tables.generic = self._all_packed(keys)
        tables.specific = self._all_packed(self._specific)
        tables.specific_off = self._all_packed(self._specific_off)
        tables.expressions = self._all_packed(self._expressions)
        return tables

    def _add(self, number: str, one: CosmeticFilter) -> None:
        specific, off = self._specific, self._specific_off
        if one.exception:
            specific, off = off, specific
        if not one.is_generic:
            for name in one.include:
                specific[name].append(number)
        elif not one.exception:
            self._generic[number] = None
        elif not one.exclude and not one.exclude_regex:
            self._off_everywhere.add(one.body)
        for name in one.exclude:
            off[name].append(number)
        for expression in one.include_regex:
            key = "!" * one.exception + expression
            self._expressions[key].append(number)
        for expression in one.exclude_regex:
            key = "!" * (not one.exception) + expression
            self._expressions[key].append(number)

    def _key(self, number: str) -> str | None:
        """The key of a generic selector; None for a body that is more than a selector."""
        body = self._bodies[int(number)]
        if _PLAIN.fullmatch(body):
            return body
        try:
            meaning = read_body(body)
        except BodyError:
            return None
        return generic_key(meaning.selector) if isinstance(meaning, Hide) else None

    def _packed(self, numbers: list[str]) -> str:
        if not self._off.isdisjoint(numbers):
            numbers = [number for number in numbers if number not in self._off]
        return " ".join(dict.fromkeys(numbers))

    def _all_packed(self, buckets: _Buckets) -> dict[str, str]:
        off, packed = self._off, {}
        for key, numbers in buckets.items():
            if len(numbers) > 1:
                text = self._packed(numbers)
                if text:
                    packed[key] = text
            elif numbers[0] not in off:
                packed[key] = numbers[0]
        return packed

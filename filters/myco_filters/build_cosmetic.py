"""From cosmetic filters to tables: one number per body, buckets by site or by class and id."""

from __future__ import annotations

import re
from collections.abc import Iterable

from myco_filters.syntax.cosmetic import CosmeticFilter
from myco_filters.syntax.procedural import BodyError, Hide, read_body
from myco_filters.tables import CosmeticTables

_KEY = re.compile(r"[A-Za-z0-9*-]*([.#][A-Za-z_-][A-Za-z0-9_-]*)(?![\\A-Za-z0-9_-])")
_PLAIN = re.compile(r"[.#][A-Za-z_-][A-Za-z0-9_-]*")
_EVERYWHERE = "*"

_Buckets = dict[str, dict[int, None]]


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
        self._numbers: dict[tuple[str, int], int] = {}
        self._specific: _Buckets = {}
        self._specific_off: _Buckets = {}
        self._expressions: _Buckets = {}
        self._generic: dict[int, None] = {}
        self._off_everywhere: set[str] = set()

    def add(self, list_number: int, filters: Iterable[CosmeticFilter]) -> None:
        """Take the filters of one list."""
        for one in filters:
            # A call has a number for each list: what a trusted one says of its sites must not
            # lend its trust to the same words of another.
            key = one.body, list_number if one.is_scriptlet else -1
            number = self._numbers.get(key)
            if number is None:
                number = self._numbers[key] = len(self._bodies)
                self._bodies.append(one.body)
                self._body_lists.append(list_number)
            self._add(number, one)

    def finish(self) -> CosmeticTables:
        """The tables, without what exceptions lift everywhere."""
        tables = CosmeticTables()
        tables.bodies, tables.body_lists = self._bodies, self._body_lists
        keys: _Buckets = {}
        for number in self._generic:
            key = self._key(number)
            if key is None:
                self._specific.setdefault(_EVERYWHERE, {})[number] = None
            else:
                keys.setdefault(key, {})[number] = None
        tables.generic_always = self._packed(keys.pop("", {}))
        tables.generic = self._all_packed(keys)
        tables.specific = self._all_packed(self._specific)
        tables.specific_off = self._all_packed(self._specific_off)
        tables.expressions = self._all_packed(self._expressions)
        return tables

    def _add(self, number: int, one: CosmeticFilter) -> None:
        specific, off = self._specific, self._specific_off
        if one.exception:
            specific, off = off, specific
        if not one.is_generic:
            for name in one.include:
                specific.setdefault(name, {})[number] = None
        elif not one.exception:
            self._generic[number] = None
        elif not one.exclude and not one.exclude_regex:
            self._off_everywhere.add(one.body)
        for name in one.exclude:
            off.setdefault(name, {})[number] = None
        for expression in one.include_regex:
            key = "!" * one.exception + expression
            self._expressions.setdefault(key, {})[number] = None
        for expression in one.exclude_regex:
            key = "!" * (not one.exception) + expression
            self._expressions.setdefault(key, {})[number] = None

    def _key(self, number: int) -> str | None:
        """The key of a generic selector; None for a body that is more than a selector."""
        body = self._bodies[number]
        if _PLAIN.fullmatch(body):
            return body
        try:
            meaning = read_body(body)
        except BodyError:
            return None
        return generic_key(meaning.selector) if isinstance(meaning, Hide) else None

    def _packed(self, numbers: Iterable[int]) -> str:
        off, bodies = self._off_everywhere, self._bodies
        return " ".join(str(number) for number in numbers if bodies[number] not in off)

    def _all_packed(self, buckets: _Buckets) -> dict[str, str]:
        packed = {key: self._packed(numbers) for key, numbers in buckets.items()}
        return {key: text for key, text in packed.items() if text}

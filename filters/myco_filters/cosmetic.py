"""Cosmetic filtering as a page asks for it: what to hide, style, remove and run on a site."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from myco_filters.hosts import names
from myco_filters.pattern import expression_of
from myco_filters.regex import RegexRefusedError
from myco_filters.syntax.procedural import (
    Body,
    BodyError,
    Hide,
    Procedural,
    Scriptlet,
    Style,
    read_body,
)
from myco_filters.tables import CosmeticTables

_EVERYWHERE = "*"
_NO_SCRIPTLETS = "+js()"
_MOST_NAMES = 20_000


class Cosmetics(NamedTuple):
    """What concerns one page. ``selectors`` hide; each is valid on its own."""

    selectors: tuple[str, ...] = ()
    styles: tuple[Style, ...] = ()
    procedural: tuple[Procedural, ...] = ()
    scriptlets: tuple[Scriptlet, ...] = ()
    scriptlet_lists: tuple[str, ...] = ()
    """For each of ``scriptlets`` the id of the list that calls it here; the same call of two lists
    is there twice."""
    exceptions: frozenset[str] = frozenset()
    """Selectors that must not hide here; to be handed back when generic ones are asked for."""
    hides_generic: bool = True
    """Whether generic selectors apply (no ``generichide`` or ``elemhide`` exception)."""
    hides_specific: bool = True
    """Whether ``selectors``, ``styles`` and ``procedural`` were given."""


class CosmeticIndex:
    """Answers for sites. Immutable but for its memory of parsed bodies."""

    def __init__(self, tables: CosmeticTables, lists: Sequence[str] = ()) -> None:
        self._tables = tables
        self._lists = lists
        self._bodies: dict[int, Body | None] = {}
        self._searches: list[tuple[bool, re.Pattern[str], str]] | None = None

    def for_page(
        self, host: str, ancestors: Iterable[str], hides_generic: bool, hides_specific: bool
    ) -> Cosmetics:
        """What concerns a page of that host, framed by pages of the ancestors' hosts."""
        wanted, off = self._numbers(host, tuple(ancestors))
        bodies = self._tables.bodies
        lifted = {bodies[number] for number in off}
        found: dict[type[Body], list[Body]] = {}
        origins: list[str] = []
        for number in wanted:
            if bodies[number] in lifted:
                continue
            body = self._body(number)
            if body is None or (isinstance(body, Scriptlet) and _NO_SCRIPTLETS in lifted):
                continue
            if hides_specific or isinstance(body, Scriptlet):
                found.setdefault(type(body), []).append(body)
            if isinstance(body, Scriptlet):
                origins.append(self._origin(number))
        return Cosmetics(
            tuple(b.selector for b in found.get(Hide, ()) if isinstance(b, Hide)),
            tuple(b for b in found.get(Style, ()) if isinstance(b, Style)),
            tuple(b for b in found.get(Procedural, ()) if isinstance(b, Procedural)),
            tuple(b for b in found.get(Scriptlet, ()) if isinstance(b, Scriptlet)),
            tuple(origins),
            frozenset(lifted),
            hides_generic,
            hides_specific,
        )

    def generic(
        self, classes: Iterable[str], ids: Iterable[str], exceptions: frozenset[str]
    ) -> tuple[str, ...]:
        """The generic selectors that need one of these classes or ids; at most 20,000 are read."""
        table = self._tables.generic
        found: list[str] = []
        for mark, given in ((".", classes), ("#", ids)):
            for _, name in zip(range(_MOST_NAMES), given, strict=False):
                packed = table.get(mark + name)
                if packed is not None:
                    found.extend(self._selectors(packed, exceptions))
        return tuple(dict.fromkeys(found))

    def generic_always(self, exceptions: frozenset[str]) -> tuple[str, ...]:
        """The generic selectors for every page, whatever classes and ids it has."""
        return tuple(self._selectors(self._tables.generic_always, exceptions))

    def _selectors(self, packed: str, exceptions: frozenset[str]) -> Iterator[str]:
        bodies = self._tables.bodies
        for number in _numbers(packed):
            body = self._body(number)
            if isinstance(body, Hide) and bodies[number] not in exceptions:
                yield body.selector

    def _numbers(
        self, host: str, ancestors: tuple[str, ...]
    ) -> tuple[dict[int, None], frozenset[int]]:
        keys = [_EVERYWHERE, *names(host)]
        for ancestor in ancestors:
            keys += [f"{name}>>" for name in names(ancestor)]
        wanted: dict[int, None] = {}
        off: set[int] = set()
        for key in keys:
            if key in self._tables.specific:
                wanted |= dict.fromkeys(_numbers(self._tables.specific[key]))
            if key in self._tables.specific_off:
                off.update(_numbers(self._tables.specific_off[key]))
        for is_off, search, packed in self._all_searches():
            if search.search(host):
                if is_off:
                    off.update(_numbers(packed))
                else:
                    wanted |= dict.fromkeys(_numbers(packed))
        known = len(self._tables.bodies)
        return (
            {number: None for number in sorted(wanted) if number < known},
            frozenset(number for number in off if number < known),
        )

    def _all_searches(self) -> list[tuple[bool, re.Pattern[str], str]]:
        if self._searches is None:
            self._searches = [
                (off, search, packed)
                for key, packed in self._tables.expressions.items()
                for off, search in _search(key)
            ]
        return self._searches

    def _origin(self, number: int) -> str:
        """The id of the list that has a call; empty, so trusted by nobody, when unknown."""
        known = self._tables.body_lists
        where = known[number] if number < len(known) else -1
        return self._lists[where] if 0 <= where < len(self._lists) else ""

    def _body(self, number: int) -> Body | None:
        if number not in self._bodies:
            try:
                self._bodies[number] = read_body(self._tables.bodies[number])
            except (BodyError, IndexError):
                self._bodies[number] = None
        return self._bodies[number]


def _search(key: str) -> Iterator[tuple[bool, re.Pattern[str]]]:
    is_off = key.startswith("!")
    try:
        expression = expression_of(f"/{key[1:] if is_off else key}/")
        yield is_off, expression.compiled(match_case=False)
    except (RegexRefusedError, re.error):
        return


@lru_cache(maxsize=512)
def _numbers(packed: str) -> tuple[int, ...]:
    return tuple(int(word) for word in packed.split() if word.isdecimal() and len(word) < 12)

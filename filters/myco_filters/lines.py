"""The lines of an engine's tables as filters, each made when first asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from myco_filters.candidates import Ready
from myco_filters.syntax.network import NetworkFilter, parse_network
from myco_filters.tables import Realm, Tables
from myco_filters.verdict import FilterRef

_AT_ONCE = 400


def emptied(table: dict[Any, Any]) -> Iterator[None]:
    """Empty a table in steps of about a millisecond."""
    while table:
        for _ in range(min(len(table), _AT_ONCE)):
            table.popitem()
        yield


class Lines:
    """Filters by line number. It knows no engine, so that an engine that is let go is freed."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._ready: dict[int, Ready] = {}

    def ready(self, number: int, bit: int) -> Ready | None:
        """The filter of a line; None when it is not for that bit of the mask, or unusable."""
        known = self._ready.get(number)
        if known is not None:
            return known
        tables = self._tables
        if number >= len(tables.lines) or not tables.line_masks[number] >> bit & 1:
            return None
        raw = tables.lines[number]
        made = parse_network(raw)
        if not isinstance(made, NetworkFilter):
            return None
        told = tables.expressions.get(made.pattern, "")
        ready = self._ready[number] = Ready(made, self._ref(raw, tables.line_lists[number]), told)
        return ready

    def ready_for_any(self, number: int) -> Ready | None:
        """The same for whatever bits of the mask the filter has."""
        masks = self._tables.line_masks
        mask = masks[number] if number < len(masks) else 0
        return self.ready(number, (mask & -mask).bit_length() - 1) if mask else None

    def cool(self) -> Iterator[None]:
        """Forget, step by step, the filters that were made."""
        return emptied(self._ready)

    def plain(self, realm: Realm, host: str, number: int, bit: int) -> FilterRef:
        """What a verdict tells of the plain filter on a host: that of its group, or of the first of
        its group's parts that has that bit of the mask."""
        groups = realm.groups
        group = groups[number]
        part = next((part for part in group.parts if groups[part].mask >> bit & 1), number)
        group = groups[part]
        return self._ref(group.before + host + group.after, group.list_number)

    def _ref(self, raw: str, number: int) -> FilterRef:
        info = self._tables.lists[number]
        return FilterRef(raw, info.title, info.id)

"""What the engine answers: a closed union, to be matched in full."""

from __future__ import annotations

from typing import Final, NamedTuple

from myco_filters.value import Value


class FilterRef(NamedTuple):
    """Where a decision comes from: the filter as its list spells it, and that list."""

    raw: str
    list_title: str
    list_id: str


class Allow(Value):
    """Let it pass; ``exception`` names the filter that lifted a block, if one did."""

    __slots__ = ("exception",)

    def __init__(self, exception: FilterRef | None) -> None:
        self.exception: Final = exception


class Block(Value):
    """Do not send it."""

    __slots__ = ("filter",)

    def __init__(self, filter: FilterRef) -> None:
        self.filter: Final = filter


class Redirect(Value):
    """Do not send it; answer with the named harmless resource instead, e.g. ``noop.js``."""

    __slots__ = ("filter", "resource")

    def __init__(self, filter: FilterRef, resource: str) -> None:
        self.filter: Final = filter
        self.resource: Final = resource


class Rewrite(Value):
    """Send it to ``url`` instead (the same URL without tracking parameters)."""

    __slots__ = ("filter", "url")

    def __init__(self, filter: FilterRef, url: str) -> None:
        self.filter: Final = filter
        self.url: Final = url


Verdict = Allow | Block | Redirect | Rewrite
PASS = Allow(None)

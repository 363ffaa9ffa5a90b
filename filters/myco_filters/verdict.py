"""What the engine answers: a closed union, to be matched in full."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FilterRef:
    """Where a decision comes from: the filter as its list spells it, and that list."""

    raw: str
    list_title: str
    list_id: str


@dataclass(frozen=True, slots=True)
class Allow:
    """Let it pass; ``exception`` names the filter that lifted a block, if one did."""

    exception: FilterRef | None


@dataclass(frozen=True, slots=True)
class Block:
    """Do not send it."""

    filter: FilterRef


@dataclass(frozen=True, slots=True)
class Redirect:
    """Do not send it; answer with the named harmless resource instead, e.g. ``noop.js``."""

    filter: FilterRef
    resource: str


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Send it to ``url`` instead (the same URL without tracking parameters)."""

    filter: FilterRef
    url: str


Verdict = Allow | Block | Redirect | Rewrite
PASS = Allow(None)

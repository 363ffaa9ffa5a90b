"""What an engine is made of: plain tables of text and numbers.

These tables are what the cache file holds, and most are read where they lie in it (see
:mod:`myco_filters.mapped`). A bucket is the text of line numbers, e.g. ``"17 4021"``; it is made
into candidates when first touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

Value_co = TypeVar("Value_co", covariant=True)


class Lookup(Protocol[Value_co]):
    """What a table by key can do: a dictionary, or one that lies in a file."""

    def __len__(self) -> int: ...

    def __contains__(self, key: object, /) -> bool: ...

    def __getitem__(self, key: str, /) -> Value_co: ...

    def get(self, key: str, /) -> Value_co | None: ...

    def items(self) -> Iterable[tuple[str, Value_co]]: ...


@dataclass(frozen=True, slots=True)
class Group:
    """Plain host filters that differ in nothing but their host."""

    mask: int
    list_number: int
    before: str
    after: str
    parts: tuple[int, ...] = ()
    """For hosts that stand in several groups: those groups, and ``mask`` is theirs together."""


@dataclass(slots=True)
class Realm:
    """The buckets of one purpose (blocking, exceptions, redirects …)."""

    plain: Lookup[int] = field(default_factory=dict)
    """Host to group number."""
    groups: list[Group] = field(default_factory=list)
    hosts: Lookup[str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    sources: Lookup[str] = field(default_factory=dict)
    rest: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether no filter is here."""
        return not (self.plain or self.hosts or self.tokens or self.sources or self.rest)


@dataclass(slots=True)
class CosmeticTables:
    """Cosmetic filters; a bucket is the text of body numbers."""

    bodies: Sequence[str] = ()
    body_lists: Sequence[int] = ()
    specific: Lookup[str] = field(default_factory=dict)
    """By host, entity, ``name>>`` for ancestors, ``*`` for what concerns every site."""
    specific_off: Lookup[str] = field(default_factory=dict)
    """Exceptions, by the same names."""
    expressions: dict[str, str] = field(default_factory=dict)
    """The same by expression on the host; exceptions have ``!`` before it."""
    generic: Lookup[str] = field(default_factory=dict)
    """Selectors for every site, by a class (``.name``) or id (``#name``) that they need."""
    generic_always: str = ""
    """Selectors for every site that need no certain class or id."""


@dataclass(frozen=True, slots=True)
class ListInfo:
    """A list as the engine remembers it."""

    id: str
    title: str
    sha256: str
    filters: int
    unsupported: int


@dataclass(slots=True)
class Tables:
    """Everything an engine needs."""

    lists: list[ListInfo] = field(default_factory=list)
    lines: Sequence[str] = ()
    """The filters that are not plain hosts, as their lists spell them."""
    line_lists: Sequence[int] = ()
    line_masks: Sequence[int] = ()
    """The mask of each line, so that lines of other types need not be read."""
    expressions: dict[str, str] = field(default_factory=dict)
    """What is known of each regular expression, by pattern (see ``regex.recall``)."""
    realms: dict[str, Realm] = field(default_factory=dict)
    cosmetic: CosmeticTables = field(default_factory=CosmeticTables)

"""What an engine is made of: plain tables of text and numbers.

These tables are what the cache file holds, and most are read where they lie in it (see
:mod:`myco_filters.mapped`). A bucket is the text of line numbers, e.g. ``"17 4021"``; it is made
into candidates when first touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol, TypeVar

BLOCK = "block"
ALLOW = "allow"
"""The names of the realms of blocking filters and of exceptions."""

Value_co = TypeVar("Value_co", covariant=True)


class Lookup(Protocol[Value_co]):
    """What a table by key can do: a dictionary, or one that lies in a file."""

    def __len__(self) -> int: ...

    def __contains__(self, key: object, /) -> bool: ...

    def __getitem__(self, key: str, /) -> Value_co: ...

    def get(self, key: str, /) -> Value_co | None: ...

    def items(self) -> Iterable[tuple[str, Value_co]]: ...


class Group(NamedTuple):
    """Plain host filters that differ in nothing but their host."""

    mask: int
    list_number: int
    before: str
    after: str
    parts: tuple[int, ...] = ()
    """For hosts that stand in several groups: those groups, and ``mask`` is theirs together."""


class Realm:
    """The buckets of one purpose (blocking, exceptions, redirects …)."""

    __slots__ = ("groups", "hosts", "plain", "rest", "sources", "tokens")

    def __init__(self, groups: list[Group] | None = None) -> None:
        self.plain: Lookup[int] = {}
        """Host to group number."""
        self.groups: list[Group] = groups or []
        self.hosts: Lookup[str] = {}
        self.tokens: dict[str, str] = {}
        self.sources: Lookup[str] = {}
        self.rest = ""

    @property
    def is_empty(self) -> bool:
        """Whether no filter is here."""
        return not (self.plain or self.hosts or self.tokens or self.sources or self.rest)


class CosmeticTables:
    """Cosmetic filters; a bucket is the text of body numbers."""

    __slots__ = (
        *("bodies", "body_lists", "specific", "specific_off"),
        *("expressions", "generic", "generic_always"),
    )

    def __init__(self) -> None:
        self.bodies: Sequence[str] = ()
        self.body_lists: Sequence[int] = ()
        self.specific: Lookup[str] = {}
        """By host, entity, ``name>>`` for ancestors, ``*`` for what concerns every site."""
        self.specific_off: Lookup[str] = {}
        """Exceptions, by the same names."""
        self.expressions: dict[str, str] = {}
        """The same by expression on the host; exceptions have ``!`` before it."""
        self.generic: Lookup[str] = {}
        """Selectors for every site, by a class (``.name``) or id (``#name``) that they need."""
        self.generic_always = ""
        """Selectors for every site that need no certain class or id."""


class ListInfo(NamedTuple):
    """A list as the engine remembers it."""

    id: str
    title: str
    sha256: str
    filters: int
    unsupported: int


class Tables:
    """Everything an engine needs."""

    __slots__ = (
        *("lists", "lines", "line_lists", "line_masks", "expressions", "realms", "cosmetic"),
    )

    def __init__(self, lists: list[ListInfo] | None = None) -> None:
        self.lists: list[ListInfo] = lists or []
        self.lines: Sequence[str] = ()
        """The filters that are not plain hosts, as their lists spell them."""
        self.line_lists: Sequence[int] = ()
        self.line_masks: Sequence[int] = ()
        """The mask of each line, so that lines of other types need not be read."""
        self.expressions: dict[str, str] = {}
        """What is known of each regular expression, by pattern (see ``regex.recall``)."""
        self.realms: dict[str, Realm] = {}
        self.cosmetic = CosmeticTables()

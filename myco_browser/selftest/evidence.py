"""What the servers of a self-test saw and were told: all that the judgement may look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived."""

    host: str
    path: str
    headers: Mapping[str, str]
    """By lower-case name."""
    connection: int
    """The same number for requests of one connection."""


@dataclass(slots=True)
class Evidence:
    """What one session left at the servers."""

    requests: list[Request] = field(default_factory=list)
    realms: dict[str, Mapping[str, object]] = field(default_factory=dict)
    window: Mapping[str, object] = field(default_factory=dict)
    third: dict[int, Mapping[str, object]] = field(default_factory=dict)
    """What the third party found, by the visit's number."""
    window_names: dict[int, str] = field(default_factory=dict)
    leaks: Mapping[str, object] = field(default_factory=dict)
    service_worker: bool | None = None
    reached: tuple[str, ...] | None = None
    """Servers of this machine that a page of the web says it reached."""
    trapped: int = 0
    """Connections to servers of this machine that pages may not reach."""
    datagrams: int = 0
    """What came to the address that pages were told for finding out addresses (STUN)."""
    hello_first: bool | None = None
    """Whether the page that was asked for in the clear was asked for by TLS first."""
    sealed: bool = False

    def to(self, host: str, path: str = "") -> list[Request]:
        """The requests for a host, in order; with a path, those alone."""
        return [one for one in self.requests if one.host == host and path in ("", one.path)]


@dataclass(slots=True)
class Seen:
    """Both sessions, and what belongs to neither."""

    private: Evidence = field(default_factory=Evidence)
    everyday: Evidence = field(default_factory=Evidence)
    strangers: list[str] = field(default_factory=list)
    """Where any other connection was meant to go, as far as its beginning says."""

    def of(self, kind: str) -> Evidence:
        """One session's; `kind` is "private" or "everyday"."""
        return self.private if kind == "private" else self.everyday

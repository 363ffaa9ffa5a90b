"""What went through the door, and what lately failed: plain books, no sockets.

Both are bounded. Hosts beyond `MAX_ROWS` of a session are counted together under `OTHERS`, so that
a page with endless random names cannot fill memory and totals stay true.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from enum import Enum

MAX_ROWS = 4096
MAX_CLIENTS = 64
MAX_FAILURES = 256
OTHERS = "(others)"


class Cause(Enum):
    """Why a connection could not be made; the words of the control protocol."""

    NAME_NOT_FOUND = "name-not-found"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    LOCAL_BLOCKED = "local-blocked"
    EXIT_BLOCKED = "exit-blocked"
    RESOLVER = "resolver"
    """The resolver that the user chose does not answer; the detail says why."""
    FILTERED = "filtered"
    """The session's filters refuse what the name leads to, or could not be asked."""


@dataclass(slots=True)
class Count:
    """Connections made, and bytes of payload in each direction (handshakes not counted)."""

    connections: int = 0
    sent: int = 0
    received: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """The last failure for one target."""

    cause: Cause
    detail: str


@dataclass(slots=True)
class Ledger:
    """One session's books."""

    _counts: dict[tuple[str, str], Count] = field(default_factory=dict)
    _failures: OrderedDict[tuple[str, int], Failure] = field(default_factory=OrderedDict)

    def open_count(self, host: str, client: str) -> Count:
        """Count one more connection; add its bytes to the value returned."""
        key = (host, client)
        if key not in self._counts and len(self._counts) >= MAX_ROWS:
            key = (OTHERS, client)
        if key not in self._counts and len(self._counts) >= MAX_ROWS + MAX_CLIENTS:
            key = (OTHERS, OTHERS)
        count = self._counts.setdefault(key, Count())
        count.connections += 1
        return count

    def rows(self) -> list[tuple[str, str, Count]]:
        """(host, client, count) of everything so far."""
        return [(host, client, count) for (host, client), count in self._counts.items()]

    def total(self) -> Count:
        """The sum of all rows."""
        counts = self._counts.values()
        return Count(
            sum(count.connections for count in counts),
            sum(count.sent for count in counts),
            sum(count.received for count in counts),
        )

    def note_failure(self, host: str, port: int, failure: Failure) -> None:
        """Remember a failure, forgetting the oldest."""
        self._failures[host, port] = failure
        self._failures.move_to_end((host, port))
        while len(self._failures) > MAX_FAILURES:
            self._failures.popitem(last=False)

    def note_success(self, host: str, port: int) -> None:
        """A target that answers has no last failure."""
        self._failures.pop((host, port), None)

    def last_failure(self, host: str, port: int) -> Failure | None:
        """Why `host` and `port` failed last, if they did."""
        return self._failures.get((host, port))

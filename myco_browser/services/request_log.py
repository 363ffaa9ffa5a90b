"""What was decided on every request and why: kept in memory only, the newest entries.

The interceptor leaves a note for each request, which costs it an append. Notes become entries when
somebody drains them, a few times a second. What never asks the network (pages of the browser,
`data:`, `blob:`) is not noted.
"""

from __future__ import annotations

import time
from collections import deque
from enum import Enum
from typing import NamedTuple

from myco_browser.services.request_policy import Decision, GrantLocal, RefuseLocal
from myco_filters.request import Request
from myco_filters.verdict import Allow, Block, FilterRef, Redirect, Rewrite

ENTRIES_KEPT = 8000
CHARACTERS_KEPT = 8_000_000
"""URLs, filters and pages of all entries together."""

LONGEST_URL = 2000
"""Characters of a URL that are kept."""

_NOTES_KEPT = 4000


class Outcome(Enum):
    """What became of a request, as far as it was decided here."""

    ALLOWED = "allowed"
    EXCEPTED = "allowed-by-exception"
    UNFILTERED = "allowed-unfiltered"
    GRANTED_LOCAL = "allowed-local"
    BLOCKED = "blocked"
    REPLACED = "replaced"
    REWRITTEN = "rewritten"
    REFUSED_LOCAL = "refused-local"
    REFUSED_DOOR = "refused-by-door"
    REFUSED_WORKER = "refused-service-worker"
    HELD_FORM = "form-in-the-clear"
    FAILED = "failed"


class LogEntry(NamedTuple):
    """One request; a named tuple, because one is made for everything that pages load.

    `target` is the address it was sent to, or the stand-in that answered; `alias` the canonical
    name of the host, where the door found one that a filter is about.
    """

    number: int
    time: float
    outcome: Outcome
    kind: str
    method: str
    url: str
    host: str
    page: str
    filter_text: str = ""
    list_id: str = ""
    list_title: str = ""
    target: str = ""
    alias: str = ""

    @property
    def weight(self) -> int:
        """Characters that it holds."""
        return len(self.url) + len(self.page) + len(self.filter_text) + len(self.target)


# A filter that would have changed the request, but did not, is no reason.
_WITHOUT_FILTER = frozenset({Outcome.ALLOWED, Outcome.UNFILTERED, Outcome.REFUSED_LOCAL})

_Note = tuple[float, Request, Decision | None, Outcome, str]


class RequestLog:
    """Bounded; one per session process. Qt thread only."""

    def __init__(self) -> None:
        self._notes: deque[_Note] = deque(maxlen=_NOTES_KEPT)
        self._entries: deque[LogEntry] = deque()
        self._characters = 0
        self._next = 0

    def note(
        self, request: Request, decision: Decision | None, outcome: Outcome, alias: str = ""
    ) -> None:
        """Leaves a note; `decision` is None when no filter was asked."""
        if len(request.url) > LONGEST_URL or len(request.top) > LONGEST_URL:
            request = request._replace(
                url=request.url[:LONGEST_URL], low="", top=request.top[:LONGEST_URL]
            )
        self._notes.append((time.time(), request, decision, outcome, alias))

    def drain(self) -> None:
        """Makes the notes into entries; what is too old for the bounds goes."""
        while self._notes:
            entry = _entry(self._next, *self._notes.popleft())
            self._next += 1
            self._entries.append(entry)
            self._characters += entry.weight
        while len(self._entries) > ENTRIES_KEPT or self._characters > CHARACTERS_KEPT:
            self._characters -= self._entries.popleft().weight

    def clear(self) -> None:
        """Forgets everything."""
        self._notes.clear()
        self._entries.clear()
        self._characters = 0

    @property
    def first(self) -> int:
        """The number of the oldest entry; that of the next one when there is none."""
        return self._entries[0].number if self._entries else self._next

    def since(self, number: int) -> list[LogEntry]:
        """The drained entries from that number on, the oldest first."""
        missing = max(0, number - self.first)
        if missing >= len(self._entries):
            return []
        newest = reversed(self._entries)
        found = [next(newest) for _ in range(len(self._entries) - missing)]
        found.reverse()
        return found


def _entry(
    number: int,
    when: float,
    request: Request,
    decision: Decision | None,
    outcome: Outcome,
    alias: str,
) -> LogEntry:
    reason, target = _reason(decision)
    if outcome in _WITHOUT_FILTER or reason is None:
        reason = FilterRef("", "", "")
    if outcome not in (Outcome.REPLACED, Outcome.REWRITTEN):
        target = ""
    return LogEntry(
        number,
        when,
        outcome,
        request.kind.label,
        request.method,
        request.url,
        request.host[:LONGEST_URL],
        request.top,
        reason.raw[:LONGEST_URL],
        reason.list_id,
        reason.list_title,
        target[:LONGEST_URL],
        alias,
    )


def _reason(decision: Decision | None) -> tuple[FilterRef | None, str]:
    match decision:
        case Allow(exception=reason):
            return reason, ""
        case Block(filter=reason):
            return reason, ""
        case Redirect(filter=reason, resource=resource):
            return reason, resource
        case Rewrite(filter=reason, url=url):
            return reason, url
        case RefuseLocal() | GrantLocal() | None:
            return None, ""

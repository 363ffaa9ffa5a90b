"""When lists are fetched, and how: a pure plan, and a use case over three ports.

The fetcher is the only one that touches the network; the browser makes it dial through the door.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from myco_filters.lists.catalogue import Subscription
from myco_filters.lists.check import SIZE_LIMIT, Refused, RefusedCause, check
from myco_filters.lists.includes import address_of, included, with_included
from myco_filters.lists.store import ListStore, Metadata

FIRST_WAIT = 300
"""Seconds after a first failure; doubled with each further one."""
LONGEST_WAIT = 86_400


@dataclass(frozen=True, slots=True)
class Fetched:
    """A body, and the validators for the next time (empty when the server sent none)."""

    body: bytes
    etag: str
    last_modified: str


@dataclass(frozen=True, slots=True)
class NotModified:
    """What we have is current (status 304)."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing came. ``cause`` is a sentence for the log."""

    cause: str


class Fetcher(Protocol):
    """Fetches one body of at most ``limit`` bytes, conditionally. Never raises on bad networks."""

    async def fetch(
        self, url: str, etag: str, last_modified: str, limit: int
    ) -> Fetched | NotModified | Failed:
        """Ask ``url``; empty validators mean unconditionally."""
        ...


class Clock(Protocol):
    """The time."""

    def now(self) -> float:
        """Seconds since the epoch."""
        ...


@dataclass(frozen=True, slots=True)
class UpdateSettings:
    """What the user wants."""

    automatic: bool = True
    on_metered: bool = False


@dataclass(frozen=True, slots=True)
class Updated:
    """A new text is stored."""

    id: str
    count: int


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The server has nothing newer."""

    id: str


@dataclass(frozen=True, slots=True)
class Kept:
    """It did not work; what we had stays."""

    id: str
    cause: str


Outcome = Updated | Unchanged | Kept


def due(
    now: float,
    known: Iterable[tuple[Subscription, Metadata]],
    settings: UpdateSettings,
    metered: bool | None = None,
) -> tuple[Subscription, ...]:
    """The lists to fetch now, longest overdue first; ``metered`` None means unknown."""
    if not settings.automatic or (metered and not settings.on_metered):
        return ()
    late = [(now - due_at(now, metadata), one) for one, metadata in known]
    return tuple(one for by, one in sorted(late, key=lambda pair: -pair[0]) if by >= 0)


def due_at(now: float, metadata: Metadata) -> float:
    """When a list is next due, in seconds since the epoch."""
    fetched = metadata.fetched_at if metadata.fetched_at <= now else 0.0
    at = fetched + metadata.expires
    if metadata.failures and metadata.failed_at <= now:
        wait = min(FIRST_WAIT * 2 ** min(metadata.failures - 1, 16), LONGEST_WAIT)
        at = max(at, metadata.failed_at + wait)
    return at


async def update(
    fetcher: Fetcher, clock: Clock, store: ListStore, wanted: Iterable[Subscription]
) -> tuple[Outcome, ...]:
    """Fetch the wanted lists, one after the other, and store what passes the checks.

    A list that cannot be stored is kept like one that cannot be fetched. Cancelling between or
    during fetches leaves every list whole.
    """
    return tuple([await _update_one(fetcher, clock, store, one) for one in wanted])


async def _update_one(
    fetcher: Fetcher, clock: Clock, store: ListStore, subscription: Subscription
) -> Outcome:
    known = store.metadata(subscription.id)
    has_text = store.path(subscription.id).is_file()
    cause = "no address"
    for url in subscription.urls:
        # Validators belong to one address, and are worth nothing without the text.
        is_same = has_text and url == known.url
        answer = await fetcher.fetch(
            url,
            known.etag if is_same else "",
            known.last_modified if is_same else "",
            SIZE_LIMIT,
        )
        if isinstance(answer, Fetched):
            answer = await _whole(fetcher, url, answer)
        asked = replace(known, url=url)
        outcome = _store(store, subscription.id, asked, clock.now(), answer)
        if not isinstance(outcome, Kept):
            return outcome
        cause = outcome.cause
    _note_failure(store, subscription.id, known, clock.now(), cause)
    return Kept(subscription.id, cause)


async def _whole(fetcher: Fetcher, url: str, answer: Fetched) -> Fetched | Failed:
    """The answer with the files that it includes; a missing one fails the whole list.

    Such a list has no validators: they would be those of its first file alone.
    """
    text = answer.body.decode("utf-8", "replace")
    files: dict[str, str] = {}
    size = len(answer.body)
    for name in included(text):
        address = address_of(url, name)
        if address is None:
            continue
        part = await fetcher.fetch(address, "", "", SIZE_LIMIT)
        if not isinstance(part, Fetched):
            cause = part.cause if isinstance(part, Failed) else "unexpected answer"
            return Failed(f"the included file {name}: {cause}")
        size += len(part.body)
        if size > SIZE_LIMIT:
            return Failed("the list and its included files are larger than any list")
        refused = check(part.body)
        if isinstance(refused, Refused) and refused.cause is not RefusedCause.NO_FILTERS:
            return Failed(f"the included file {name}: {refused.cause.value}")
        files[name] = part.body.decode("utf-8", "replace")
    if not files:
        return answer
    return Fetched(with_included(text, files).encode(), "", "")


def _store(
    store: ListStore,
    identifier: str,
    known: Metadata,
    now: float,
    answer: Fetched | NotModified | Failed,
) -> Outcome:
    try:
        match answer:
            case NotModified():
                current = replace(known, fetched_at=now, failures=0, failed_at=0.0, failure="")
                store.note(identifier, current)
                return Unchanged(identifier)
            case Failed(cause):
                return Kept(identifier, cause)
            case Fetched(body, etag, last_modified):
                verdict = check(body, known.count)
                if isinstance(verdict, Refused):
                    return Kept(identifier, verdict.cause.value)
                fresh = Metadata(
                    etag=etag, last_modified=last_modified, url=known.url, fetched_at=now
                )
                return Updated(identifier, store.put(identifier, verdict, fresh).count)
    except OSError as error:
        return Kept(identifier, f"cannot be stored: {error.strerror}")


def _note_failure(
    store: ListStore, identifier: str, known: Metadata, now: float, cause: str
) -> None:
    failed = replace(known, failures=known.failures + 1, failed_at=now, failure=cause[:200])
    try:
        store.note(identifier, failed)
    except OSError:
        return  # a full disk must not end the round; the list is tried again earlier, that is all

"""Whether the door may connect pages to a host, now that it knows where the host's name leads.

A tracker can hide behind a name of the page's own site (a CNAME record), and some filters name
addresses. The door asks for each host that it looked up; the answer here takes the requests that
lately went to that host, so that a site without blocking and exceptions are honoured. From then on
the host is known, and the interceptor judges every further request with the name and addresses.

As in uBlock Origin's defaults, a canonical name says nothing about the page itself and its own
host, nor when it belongs to the same site, and only the name is matched, not the path.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from myco_browser.domain.hosts import is_local_host
from myco_browser.services.request_policy import PolicySnapshot
from myco_filters.engine import Engine
from myco_filters.hosts import registrable
from myco_filters.request import Kind, Request, host_of
from myco_filters.verdict import Block, Redirect, Verdict

_FRESH_S = 60.0
"""How long a request explains a connection: it may have waited for a free one."""
_HOSTS = 1024
_NOTES = 12
_VERDICTS = 4096
_USUAL_KINDS = (Kind.SCRIPT, Kind.IMAGE, Kind.XMLHTTPREQUEST, Kind.SUB_FRAME)

Refusal = Block | Redirect


class HostFacts(NamedTuple):
    """What the door found out about a host."""

    alias: str
    addresses: tuple[str, ...]


@dataclass(slots=True)
class _Note:
    request: Request
    is_free: bool
    """No filter counts for it: blocking is off there, or an exception let it pass."""
    at: float
    is_told: bool = False


class DialScreen:
    """What is known about hosts, and what the filters say of it. Qt thread only.

    `refused(request, verdict, alias)` is called for each request whose connection is refused.
    """

    def __init__(
        self,
        snapshot: Callable[[], PolicySnapshot],
        refused: Callable[[Request, Refusal, str], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._snapshot = snapshot
        self._refused = refused
        self._now = now
        self._engine_mark: object = None
        self._aliases: dict[object, Verdict] = {}
        self._facts: OrderedDict[str, HostFacts] = OrderedDict()
        self._notes: OrderedDict[str, OrderedDict[object, _Note]] = OrderedDict()

    def judge(self, request: Request, is_free: bool) -> Refusal | None:
        """Why a request that no filter stopped is refused for where its host leads, if it is.

        A request that passes is remembered until the door asks.
        """
        facts = self._facts.get(_bare(request.host))
        if facts is not None and not is_free:
            refusal = self._refusal(request, facts)
            if refusal is not None:
                return refusal
        self._remember(request, is_free)
        return None

    def alias(self, host: str) -> str:
        """The canonical name of a host, if it is known to have one."""
        facts = self._facts.get(_bare(host))
        return facts.alias if facts is not None else ""

    def may_dial(self, host: str, facts: HostFacts) -> bool:
        """The answer to the door. A connection that one request may have is made for all."""
        self._facts[host] = facts
        self._facts.move_to_end(host)
        if len(self._facts) > _HOSTS:
            self._facts.popitem(last=False)
        fresh = self._now() - _FRESH_S
        notes = [note for note in self._notes.get(host, {}).values() if note.at >= fresh]
        if not notes:
            return self._may_dial_unasked(host, facts)
        refusals: list[tuple[_Note, Refusal]] = []
        for note in notes:
            refusal = None if note.is_free else self._refusal(note.request, facts)
            if refusal is None:
                return True
            refusals.append((note, refusal))
        for note, refusal in refusals:
            if not note.is_told:
                note.is_told = True
                self._refused(note.request, refusal, facts.alias)
        return False

    def _may_dial_unasked(self, host: str, facts: HostFacts) -> bool:
        """A connection without a request (a page can ask for one in advance): the strict view."""
        snapshot = self._snapshot()
        if not snapshot.blocking or is_local_host(host):
            return True
        url = f"https://{host}/"
        requests = (Request.make(url, "", kind) for kind in _USUAL_KINDS)
        return all(self._refusal(request, facts) is None for request in requests)

    def _refusal(self, request: Request, facts: HostFacts) -> Refusal | None:
        engine = self._snapshot().engine
        if engine.mark is not self._engine_mark:
            self._engine_mark = engine.mark
            self._aliases.clear()
        if facts.alias and _is_telling(request, facts.alias):
            verdict = self._alias_verdict(engine, request, facts.alias)
            if isinstance(verdict, Block | Redirect):
                return verdict
        verdict = engine.match_addresses(request, facts.addresses)
        return verdict if isinstance(verdict, Block | Redirect) else None

    def _alias_verdict(self, engine: Engine, request: Request, alias: str) -> Verdict:
        # Of the request's own address only the host counts, so a page's many requests share one.
        key = (alias, request.host, request.kind, request.source, request.top, request.method)
        verdict = self._aliases.get(key)
        if verdict is None:
            if len(self._aliases) >= _VERDICTS:
                self._aliases.clear()
            verdict = self._aliases[key] = engine.match_alias(request, alias)
        return verdict

    def _remember(self, request: Request, is_free: bool) -> None:
        host = _bare(request.host)
        notes = self._notes.get(host)
        if notes is None:
            notes = self._notes[host] = OrderedDict()
            if len(self._notes) > _HOSTS:
                self._notes.popitem(last=False)
        key = (request.kind, request.source_host, request.top, is_free)
        notes[key] = _Note(request, is_free, self._now())
        notes.move_to_end(key)
        if len(notes) > _NOTES:
            notes.popitem(last=False)


def _is_telling(request: Request, alias: str) -> bool:
    if request.kind is Kind.MAIN_FRAME or request.host == host_of(request.top):
        return False
    return registrable(alias) != registrable(request.host)


def _bare(host: str) -> str:
    """The host as the door writes it: an IPv6 address without brackets."""
    return host[1:-1] if host.startswith("[") else host

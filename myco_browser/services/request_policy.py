"""What may happen to a request: a pure decision on an immutable snapshot.

The order is: the local network's gate, then the filters. Whoever calls must treat an exception as
a refusal; the functions here raise none on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from myco_browser.domain.hosts import is_local_host
from myco_browser.domain.urls import site_key
from myco_filters.engine import Engine
from myco_filters.request import Kind, Request, host_of
from myco_filters.verdict import Allow, Verdict


@dataclass(frozen=True, slots=True)
class PolicySnapshot:
    """Everything a decision depends on; replaced as a whole, never edited."""

    engine: Engine
    blocking: bool = True
    unblocked_sites: frozenset[str] = frozenset()
    local_sites: frozenset[str] = frozenset()
    granted_hosts: frozenset[str] = frozenset()
    documents_allowed_once: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RefuseLocal:
    """A public page asked for this machine or its network."""

    host: str


@dataclass(frozen=True, slots=True)
class GrantLocal:
    """The user let this site (or typed this address) reach the local network: tell the door."""

    host: str


Decision = Verdict | RefuseLocal | GrantLocal


def decide(snapshot: PolicySnapshot, request: Request, initiator: str) -> Decision:
    """Decides one request. `initiator` is the origin that asked, "" when the user did."""
    if _is_local(request.host):
        return _decide_local(snapshot, request, initiator)
    if not is_filtered(snapshot, request):
        return Allow(None)
    return snapshot.engine.match(request)


def is_filtered(snapshot: PolicySnapshot, request: Request) -> bool:
    """Whether the filters have a say on a request."""
    if not snapshot.blocking or request.url in snapshot.documents_allowed_once:
        return False
    sites = snapshot.unblocked_sites
    return not sites or _site_of(request.top) not in sites


def _decide_local(snapshot: PolicySnapshot, request: Request, initiator: str) -> Decision:
    if request.kind is Kind.MAIN_FRAME and initiator == "":
        # Typed, restored or redirected: only an address that the user asked for is granted.
        allowed = request.host in snapshot.granted_hosts
    else:
        source = initiator or request.source
        host = host_of(source)
        allowed = (host in snapshot.granted_hosts and _is_local(host)) or (
            _site_of(request.top if request.kind is not Kind.MAIN_FRAME else source)
            in snapshot.local_sites
        )
    return GrantLocal(request.host) if allowed else RefuseLocal(request.host)


@lru_cache(maxsize=4096)
def _is_local(host: str) -> bool:
    # Asked for every request; a host's answer never changes.
    return is_local_host(host)


@lru_cache(maxsize=1024)
def _site_of(urlstr: str) -> str | None:
    return site_key(urlstr)

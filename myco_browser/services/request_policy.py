"""What may happen to a request: a pure decision on an immutable snapshot.

The order is: the local network's gate, then the site's level, then the filters. On pages of a site
that is open only the filters of lists against malware count. Whoever calls must
treat an exception as a refusal; the functions here raise none on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from myco_browser.domain.hosts import is_local_host
from myco_browser.domain.site_settings import Level, Sites, open_sites, sites_at
from myco_browser.domain.urls import site_key
from myco_browser.services.block_kinds import BlockKind, block_kind
from myco_browser.services.strict_level import StrictExtras, strict_extras
from myco_filters.engine import Engine
from myco_filters.hosts import registrable
from myco_filters.request import Kind, Request, host_of
from myco_filters.verdict import Allow, Block, FilterRef, Redirect, Rewrite, Verdict

STRICT_LEVEL = "strict-level"
"""In place of a list: refused because the site's level is strict."""

_STRICT_KINDS = {
    Kind.SCRIPT: Block(FilterRef("*$script,third-party", STRICT_LEVEL, STRICT_LEVEL)),
    Kind.SUB_FRAME: Block(FilterRef("*$frame,third-party", STRICT_LEVEL, STRICT_LEVEL)),
    Kind.OBJECT: Block(FilterRef("*$object,third-party", STRICT_LEVEL, STRICT_LEVEL)),
}


@dataclass(frozen=True, slots=True)
class PolicySnapshot:
    """Everything a decision depends on; replaced as a whole, never edited.

    `extras` are there when a site is strict.
    """

    engine: Engine
    blocking: bool = True
    unblocked_sites: frozenset[str] = frozenset()
    strict_sites: frozenset[str] = frozenset()
    extras: StrictExtras | None = None
    local_sites: frozenset[str] = frozenset()
    granted_hosts: frozenset[str] = frozenset()
    documents_allowed_once: frozenset[str] = frozenset()
    open_sites: frozenset[str] = frozenset()

    def level(self, site: str | None) -> Level:
        """How much is blocked on the pages of a site (see `urls.site_key`)."""
        if not self.blocking or site in self.unblocked_sites or site in self.open_sites:
            return Level.OFF
        return Level.STRICT if site in self.strict_sites else Level.STANDARD


def first_snapshot(engine: Engine, sites: Sites, blocking: bool) -> PolicySnapshot:
    """The snapshot that a session begins with; `blocking` is the switch for all sites."""
    strict = sites_at(sites, Level.STRICT)
    return PolicySnapshot(
        engine,
        blocking,
        unblocked_sites=sites_at(sites, Level.OFF),
        strict_sites=strict,
        extras=strict_extras() if strict else None,
        local_sites=frozenset(key for key, site in sites.items() if site.local_network),
        open_sites=open_sites(sites),
    )


class RefuseLocal(NamedTuple):
    """A public page asked for this machine or its network."""

    host: str


class GrantLocal(NamedTuple):
    """The user let this site (or typed this address) reach the local network: tell the door."""

    host: str


Decision = Verdict | RefuseLocal | GrantLocal


def decide(snapshot: PolicySnapshot, request: Request, initiator: str) -> Decision:
    """Decides one request. `initiator` is the origin that asked, "" when the user did."""
    if _is_local(request.host):
        return _decide_local(snapshot, request, initiator)
    if not is_filtered(snapshot, request):
        return _decide_openly(snapshot, request)
    if snapshot.strict_sites and snapshot.level(_site_of(request.top)) is Level.STRICT:
        return _decide_strictly(snapshot, request)
    return snapshot.engine.match(request)


def is_filtered(snapshot: PolicySnapshot, request: Request) -> bool:
    """Whether the filters have a say on a request."""
    if not snapshot.blocking or request.url in snapshot.documents_allowed_once:
        return False
    unblocked, opened = snapshot.unblocked_sites, snapshot.open_sites
    if not unblocked and not opened:
        return True
    site = _site_of(request.top)
    return site not in unblocked and site not in opened


def _decide_openly(snapshot: PolicySnapshot, request: Request) -> Decision:
    """The filters have no say; on an open site, the lists of dangerous places still do."""
    if snapshot.blocking and snapshot.open_sites and _is_open(snapshot, request):
        verdict = snapshot.engine.match(request)
        if isinstance(verdict, Block | Redirect) and _is_dangerous(verdict.filter):
            return verdict
    return Allow(None)


def _is_open(snapshot: PolicySnapshot, request: Request) -> bool:
    if request.url in snapshot.documents_allowed_once:
        return False
    return _site_of(request.top) in snapshot.open_sites


def _is_dangerous(reason: FilterRef) -> bool:
    return block_kind(reason.list_id) is BlockKind.MALWARE


def _decide_strictly(snapshot: PolicySnapshot, request: Request) -> Decision:
    verdict = snapshot.engine.match(request)
    if not isinstance(verdict, Allow | Rewrite):
        # A stand-in for a tracker does the page less harm than a plain refusal.
        return verdict
    refusal = _STRICT_KINDS.get(request.kind)
    if refusal is not None and registrable(request.host) != registrable(host_of(request.top)):
        # Not even an exception of the lists: they are made for the standard level.
        return refusal
    if snapshot.extras is None or verdict != Allow(None):
        return verdict
    return snapshot.extras.engine.match(request)


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

"""What an engine is asked: one request of a page, made once and never changed.

Everything that several filters look at (lower-cased URL, host, party) is worked out here, so that
a candidate filter costs a comparison and no parsing. URLs are expected as the browser writes them
(WHATWG serialisation); any other string is accepted and simply has no host.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from myco_filters.hosts import registrable

URL_LIMIT = 4096
"""Characters of a URL that filters see. Longer ones are cut, and an end anchor then never fits."""


class Kind(IntEnum):
    """What the answer is for; the lower-cased names are those of the webRequest interface.

    The numbers are positions in filter masks and part of the cache format.
    """

    OTHER = 0
    SCRIPT = 1
    IMAGE = 2
    STYLESHEET = 3
    OBJECT = 4
    XMLHTTPREQUEST = 5
    SUB_FRAME = 6
    FONT = 7
    MEDIA = 8
    WEBSOCKET = 9
    PING = 10
    MAIN_FRAME = 11
    POPUP = 12
    POPUNDER = 13
    INLINE_SCRIPT = 14
    INLINE_FONT = 15

    @classmethod
    def named(cls, name: str) -> Kind:
        """The kind of a webRequest type name; an unknown name counts as OTHER."""
        return _KINDS.get(name, cls.OTHER)

    @property
    def label(self) -> str:
        """The webRequest name, e.g. ``sub_frame``."""
        return self.name.lower()


_KINDS = {kind.name.lower(): kind for kind in Kind} | {
    "beacon": Kind.PING,
    "xhr": Kind.XMLHTTPREQUEST,
    "fetch": Kind.XMLHTTPREQUEST,
    "imageset": Kind.IMAGE,
    "object_subrequest": Kind.OBJECT,
    "document": Kind.MAIN_FRAME,
    "subdocument": Kind.SUB_FRAME,
}

# Scheme, user information, host: the port and all that follows stay outside.
_ORIGIN = re.compile(r"[a-z][a-z0-9+.\-]*:/{1,2}([^/?#]*@)?(\[[^\]/?#]*\]|[^/?#:]*)")


@dataclass(frozen=True, slots=True)
class Request:
    """One request; make it with :meth:`make`, which fills in what follows from the rest."""

    url: str
    host: str
    """Lower case, without port and trailing dot; empty when the URL has none."""
    source: str
    """URL or origin of the frame that asked; empty when unknown (then it counts as third party)."""
    source_host: str
    top: str
    """URL of the top page, or empty."""
    kind: Kind
    method: str
    third_party: bool
    low: str
    """The URL in lower case, at most URL_LIMIT + 1 characters."""
    host_end: int
    """Where the host ends in ``low``."""
    scan: int
    """Where tokens are searched from: after the host, or 0 when user information precedes it."""

    @classmethod
    def make(cls, url: str, source: str, kind: Kind, method: str = "GET", top: str = "") -> Request:
        """Build a request from what the engine knows. Never raises; unknown hosts are empty."""
        low = url.lower() if len(url) <= URL_LIMIT else _cut(url)
        found = _ORIGIN.match(low)
        if found is None:
            host, end, scan = "", 0, 0
        else:
            user, host = found.groups()
            end = found.end()
            scan = 0 if user else end
            if host[-1:] == ".":
                host = host.rstrip(".")
        if kind == Kind.MAIN_FRAME:
            # A document is its own first party, whoever linked to it.
            return cls(url, host, url, host, top, kind, method, False, low, end, scan)
        source_host, site = _source(source)
        return cls(
            url,
            host,
            source,
            source_host,
            top,
            kind,
            method,
            registrable(host) != site or not site,
            low,
            end,
            scan,
        )


def host_of(url: str) -> str:
    """The host of a URL in lower case, or an empty string."""
    found = _ORIGIN.match(url[:URL_LIMIT].lower())
    return found[2].rstrip(".") if found else ""


def _cut(url: str) -> str:
    # The added "%" is neither separator nor end: an end anchor must not fit where we cut.
    return url[:URL_LIMIT].lower() + "%"


@lru_cache(maxsize=1024)
def _source(source: str) -> tuple[str, str]:
    host = host_of(source)
    return host, registrable(host)

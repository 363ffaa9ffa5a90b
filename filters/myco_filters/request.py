"""What an engine is asked: one request of a page, made once and never changed.

Everything that several filters look at (lower-cased URL, host, party) is worked out here, so that
a candidate filter costs a comparison and no parsing. URLs are expected as the browser writes them
(WHATWG serialisation); any other string is accepted and simply has no host.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from myco_filters.hosts import names, registrable

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
        return _KINDS.get(name, _OTHER)

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

_OTHER = Kind.OTHER

# Scheme, user information, host: the port and all that follows stay outside.
_ORIGIN = re.compile(r"[a-z][a-z0-9+.\-]*:/{1,2}(?:[^/?#]*@)?(\[[^\]/?#]*\]|[^/?#:]*)")


_USUAL = re.compile(r"(?:https?|wss?)://([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)").fullmatch
_LONGEST_SCHEME = len("https://")
_LONGEST_ORIGIN = 264
_new = tuple.__new__  # what the class would call, without its Python layer
_MAIN_FRAME = Kind.MAIN_FRAME


class Request(NamedTuple):
    """One request; make it with :meth:`make`, which fills in what follows from the rest.

    A named tuple, because one is made for everything a page loads: it takes a third of the time
    of a frozen dataclass.
    """

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
    is_usual: bool
    """Whether the host stands between ``://`` and ``/``, with no user name or port."""
    source_names: frozenset[str]
    """All names that stand for the source's host (see :func:`myco_filters.hosts.names`)."""
    number: int
    """Which bit of a filter's mask this request is (see :mod:`myco_filters.masks`)."""
    scene: tuple[str, str]
    """The host, marked when it is not usual, and the source's host: what many requests share."""

    @classmethod
    def make(cls, url: str, source: str, kind: Kind, method: str = "GET", top: str = "") -> Request:
        """Build a request from what the engine knows. Never raises; unknown hosts are empty."""
        low = url.lower() if len(url) <= URL_LIMIT else _cut(url)
        # With a shorter scheme a short host may be missed here; then it is looked for with care.
        end = low.find("/", _LONGEST_SCHEME)
        host, site = _usual(low[:end]) if 0 < end < _LONGEST_ORIGIN else ("", "")
        is_usual = site != ""
        if not is_usual:
            host, end = _unusual(low)
            site = registrable(host)
        if kind == _MAIN_FRAME:
            # A document is its own first party, whoever linked to it.
            source, source_host, third = url, host, False
            known = names(host)
        else:
            source_host, source_site, known = _source(source)
            third = site != source_site or not source_site
        # fmt: off
        return _new(cls, (url, host, source, source_host, top, kind, method, third, low, end,
                          is_usual, known, 2 * kind + third,
                          (host if is_usual else host + " unusual", source_host)))
        # fmt: on


@lru_cache(maxsize=16384)
def _usual(origin: str) -> tuple[str, str]:
    """Host and registrable domain of ``scheme://host``; empty for anything else."""
    found = _USUAL(origin)
    return (found[1], registrable(found[1])) if found else ("", "")


def _unusual(low: str) -> tuple[str, int]:
    """Host and its end of a URL with user name, port, address in brackets, or nothing of all."""
    found = _ORIGIN.match(low)
    return (found[1].rstrip("."), found.end()) if found else ("", 0)


def host_of(url: str) -> str:
    """The host of a URL in lower case, or an empty string."""
    return _unusual(url[:URL_LIMIT].lower())[0]


def _cut(url: str) -> str:
    # The added "%" is neither separator nor end: an end anchor must not fit where we cut.
    return url[:URL_LIMIT].lower() + "%"


@lru_cache(maxsize=1024)
def _source(source: str) -> tuple[str, str, frozenset[str]]:
    host = host_of(source)
    return host, registrable(host), names(host)

"""The integer masks of filters: one bit for each pair of request kind and party.

Kind i has bit 2i for first-party and bit 2i+1 for third-party requests. A request is one bit, so
that type and party of a filter are tested by a single AND.
"""

from __future__ import annotations

from myco_filters.request import Kind


def _both(*kinds: Kind) -> int:
    return sum(0b11 << 2 * kind for kind in kinds)


FIRST: int = sum(0b01 << 2 * kind for kind in Kind)
THIRD: int = FIRST << 1
EVERY: int = FIRST | THIRD

_NETWORK = (
    Kind.OTHER,
    Kind.SCRIPT,
    Kind.IMAGE,
    Kind.STYLESHEET,
    Kind.OBJECT,
    Kind.XMLHTTPREQUEST,
    Kind.SUB_FRAME,
    Kind.FONT,
    Kind.MEDIA,
    Kind.WEBSOCKET,
    Kind.PING,
)
DEFAULT: int = _both(*_NETWORK)
"""A filter without type options: everything that pages load, but no page and no window."""
ALL: int = DEFAULT | _both(Kind.MAIN_FRAME, Kind.POPUP, Kind.INLINE_SCRIPT, Kind.INLINE_FONT)
"""The option ``all``."""
WITH_PAGES: int = DEFAULT | _both(Kind.MAIN_FRAME)
"""Options that change a request instead of stopping it concern pages as well."""
PAGES: int = _both(Kind.MAIN_FRAME, Kind.SUB_FRAME)

TYPES: dict[str, int] = {
    "other": _both(Kind.OTHER),
    "script": _both(Kind.SCRIPT),
    "image": _both(Kind.IMAGE),
    "stylesheet": _both(Kind.STYLESHEET),
    "object": _both(Kind.OBJECT),
    "xmlhttprequest": _both(Kind.XMLHTTPREQUEST),
    "subdocument": _both(Kind.SUB_FRAME),
    "font": _both(Kind.FONT),
    "media": _both(Kind.MEDIA),
    "websocket": _both(Kind.WEBSOCKET),
    "ping": _both(Kind.PING),
    "document": _both(Kind.MAIN_FRAME),
    "popup": _both(Kind.POPUP),
    "popunder": _both(Kind.POPUNDER),
    "inline-script": _both(Kind.INLINE_SCRIPT),
    "inline-font": _both(Kind.INLINE_FONT),
}

ALIASES: dict[str, str] = {
    "3p": "third-party",
    "1p": "first-party",
    "from": "domain",
    "xhr": "xmlhttprequest",
    "frame": "subdocument",
    "css": "stylesheet",
    "doc": "document",
    "beacon": "ping",
    "object-subrequest": "object",
    "ghide": "generichide",
    "ehide": "elemhide",
    "shide": "specifichide",
    "queryprune": "removeparam",
    "strict-first-party": "strict1p",
    "strict-third-party": "strict3p",
}
"""Short names of options and the names that this component uses."""


def bit(kind: Kind, third_party: bool) -> int:
    """The one bit of a request."""
    return 1 << (2 * kind + third_party)

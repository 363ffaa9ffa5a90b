"""``permissions=``: what a permissions policy says of each feature, and which features count.

The value is that of the header (W3C Permissions Policy, section 5.1): ``name=()``,
``name=(self "https://a.example")`` or ``name=*``, several separated by commas or by ``|``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from myco_filters.lazy import lazy_pattern

_DIRECTIVE = lazy_pattern(r"\s*([a-z][a-z0-9-]*)=(?:\(([^()]*)\)|([^\s()|,]+))\s*")
_SEPARATOR = lazy_pattern(r"[|,](?![^(]*\))")
EVERYBODY = "*"
SELF = "self"

HELD = frozenset(
    {
        *("accelerometer", "camera", "clipboard-read", "clipboard-write", "display-capture"),
        *("encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope"),
        *("identity-credentials-get", "idle-detection", "keyboard-map", "magnetometer"),
        *("microphone", "midi", "picture-in-picture", "publickey-credentials-create"),
        *("publickey-credentials-get", "screen-wake-lock", "storage-access", "window-management"),
    }
)
"""Features that a script in the page can take away from it."""

ABSENT = frozenset(
    {
        *("ambient-light-sensor", "attribution-reporting", "battery", "bluetooth"),
        *("browsing-topics", "compute-pressure", "hid", "interest-cohort"),
        *("join-ad-interest-group", "local-fonts", "payment", "private-aggregation"),
        *("private-state-token-issuance", "private-state-token-redemption", "run-ad-auction"),
        *("serial", "shared-storage", "shared-storage-select-url", "usb", "web-share"),
        "xr-spatial-tracking",
    }
)
"""Features that no page of this browser has: such a filter is fulfilled already."""


class Directive(NamedTuple):
    """What a policy says of one feature."""

    feature: str
    allowed: frozenset[str]
    """Origins, ``self`` and ``*``."""

    def forbids(self, origin: str, owner: str) -> bool:
        """Whether a document of `origin` may not have it on a page whose policy `owner` sent."""
        if EVERYBODY in self.allowed or origin in self.allowed:
            return False
        return not (SELF in self.allowed and origin == owner)


def read_policy(value: str) -> tuple[Directive, ...]:
    """The directives of a policy; none when it is misspelled."""
    found = []
    for part in _SEPARATOR.split(value):
        read = _DIRECTIVE.fullmatch(part)
        if read is None:
            return ()
        names = (read[2] if read[3] is None else read[3]).split()
        found.append(Directive(read[1], frozenset(name.strip('"').rstrip("/") for name in names)))
    return tuple(found)


def without_effect(policy: Iterable[Directive]) -> Iterator[str]:
    """The features that we can neither take away nor are absent anyway."""
    return (one.feature for one in policy if one.feature not in HELD | ABSENT)

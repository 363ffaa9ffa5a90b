"""What pages may ask the user for, and the answers there are."""

from __future__ import annotations

from enum import Enum

from myco_browser.domain.identity import SessionIdentity
from myco_browser.domain.site_settings import Permission

# They would tell machines apart, or leave something behind on the desktop.
_NEVER_UNIFORM = frozenset(
    {
        Permission.CAMERA,
        Permission.MICROPHONE,
        Permission.SCREEN,
        Permission.LOCAL_FONTS,
        Permission.NOTIFICATIONS,
    }
)


class Answer(Enum):
    """What the user says to a page."""

    ONCE = "once"
    """Until the page is left or loaded anew."""
    ALWAYS = "always"
    NEVER = "never"
    NOT_NOW = "not-now"
    """The page may ask again when it is loaded anew."""


def is_offered(permission: Permission, identity: SessionIdentity) -> bool:
    """Whether a session of this identity can give that permission at all."""
    return not (identity.uniform and permission in _NEVER_UNIFORM)

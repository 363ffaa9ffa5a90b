"""The three levels that people choose from: how much a window and its pages give away."""

from __future__ import annotations

from enum import Enum


class PrivacyLevel(Enum):
    """From the most private on."""

    INVISIBLE = "invisible"
    """A private session: nothing is kept, everybody looks the same, the tunnel is wanted."""
    PROTECTED = "protected"
    """The everyday session."""
    OPEN = "open"
    """A site of the everyday session that the user opened, because it breaks otherwise."""


def level_of(*, private: bool, is_open_site: bool) -> PrivacyLevel:
    """The level of a page. Nothing opens a site in a private session."""
    if private:
        return PrivacyLevel.INVISIBLE
    return PrivacyLevel.OPEN if is_open_site else PrivacyLevel.PROTECTED

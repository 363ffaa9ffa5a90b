"""Which languages are spell-checked."""

from __future__ import annotations

from myco_browser.domain.controls import Choice, Group, Setting
from myco_browser.domain.messages import N_

SPELLING = Setting(
    "content.spelling",
    Choice(
        (
            ("off", N_("Not at all")),
            ("both", N_("In French and English")),
            ("fr", N_("In French")),
            ("en-us", N_("In American English")),
            ("en-gb", N_("In British English")),
        )
    ),
    "both",
    "off",
    Group.CONTENT,
    N_("Check the spelling of what you type"),
    N_(
        "With dictionaries on this computer: nothing that you type is sent, and pages cannot tell "
        "which words are marked."
    ),
)
_DICTIONARIES = {
    "off": (),
    "both": ("fr-FR", "en-US"),
    "fr": ("fr-FR",),
    "en-us": ("en-US",),
    "en-gb": ("en-GB",),
}


def dictionaries_of(wish: str, present: tuple[str, ...]) -> tuple[str, ...]:
    """The dictionaries for a choice, of those that are there."""
    return tuple(name for name in _DICTIONARIES[wish] if name in present)

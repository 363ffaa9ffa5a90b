"""What the three levels are called, and what they mean in a sentence."""

from __future__ import annotations

from typing import NamedTuple

from myco_browser.domain.privacy_level import PrivacyLevel
from myco_browser.ui.i18n import _


class LevelWords(NamedTuple):
    """How a level is told; `tone` is a colour of the face."""

    name: str
    icon: str
    tone: str
    sentence: str


def level_words(level: PrivacyLevel) -> LevelWords:
    """The words of a level in the window's language."""
    match level:
        case PrivacyLevel.INVISIBLE:
            sentence = _(
                "A private window: keeps nothing, and shows sites the same as everybody’s. "
                "Turns the VPN on, if you use one."
            )
            return LevelWords(_("Invisible"), "mask", "accent", sentence)
        case PrivacyLevel.PROTECTED:
            sentence = _(
                "For every day: ads and trackers are blocked, and sites learn little about your "
                "computer."
            )
            return LevelWords(_("Protected"), "shield", "good", sentence)
        case PrivacyLevel.OPEN:
            sentence = _("If this site breaks: for it alone nothing is blocked or hidden.")
            return LevelWords(_("Level|Open").rpartition("|")[2], "eye", "warning", sentence)


def shown_when_open() -> tuple[str, ...]:
    """What an open site gets, and what it does not."""
    return (
        _("Ads and trackers load here, and may follow you. Known dangerous addresses do not."),
        _("This site and what it embeds see memory, graphics card, battery, network kind, screen "
          "and window position of this computer."),
        _("Sites that it embeds may use their cookies: logins and payments often need that."),
        _("Still hidden: your own fonts, the number of processors, the size of the screen. Every "
          "other site is as protected as before."),
    )  # fmt: skip


def moves_out_of_private() -> str:
    """What choosing the everyday level does in a private window."""
    return _("Opens this page in an everyday window, where it is remembered.")


def open_not_in_private() -> str:
    """Why a site cannot be opened in a private window."""
    return _("Not in a private window: there, all sites see the same.")

"""How what was decided on requests is told: kinds, outcomes and lists in the user's language."""

from __future__ import annotations

from myco_browser.domain.site_settings import Level
from myco_browser.services.block_kinds import BlockKind
from myco_browser.services.own_filters import OWN_LIST
from myco_browser.services.request_log import Outcome
from myco_browser.services.request_policy import STRICT_LEVEL
from myco_browser.ui.i18n import _
from myco_browser.web.interceptor import LOCAL_NETWORK


def kind_name(kind: BlockKind) -> str:
    """What was blocked."""
    match kind:
        case BlockKind.ADS:
            return _("Ads")
        case BlockKind.TRACKERS:
            return _("Trackers")
        case BlockKind.MALWARE:
            return _("Malware")
        case BlockKind.ANNOYANCES:
            return _("Annoyances")
        case BlockKind.OTHER:
            return _("Other")


def outcome_name(outcome: Outcome) -> str:
    """What became of a request."""
    match outcome:
        case Outcome.ALLOWED:
            return _("Allowed")
        case Outcome.EXCEPTED:
            return _("Allowed by an exception")
        case Outcome.UNFILTERED:
            return _("Allowed unfiltered")
        case Outcome.GRANTED_LOCAL:
            return _("Allowed into your network")
        case Outcome.BLOCKED:
            return _("Blocked")
        case Outcome.REPLACED:
            return _("Replaced by a stand-in")
        case Outcome.REWRITTEN:
            return _("Sent without tracking")
        case Outcome.REFUSED_LOCAL:
            return _("Kept from your network")
        case Outcome.REFUSED_DOOR:
            return _("Refused by the door")
        case Outcome.REFUSED_WORKER:
            return _("Service worker refused")
        case Outcome.HELD_FORM:
            return _("Form kept back")
        case Outcome.FAILED:
            return _("Blocked after an error")


def outcome_reason(outcome: Outcome) -> str:
    """Why that became of a request; the filter is told beside it."""
    match outcome:
        case Outcome.ALLOWED:
            return _("No filter is about it.")
        case Outcome.EXCEPTED:
            return _("A filter is about it, but an exception lets it pass.")
        case Outcome.UNFILTERED:
            return _("Blocking is off there, or you chose to open the page all the same.")
        case Outcome.GRANTED_LOCAL:
            return _("You let the page reach this machine or your network.")
        case Outcome.BLOCKED:
            return _("A filter is about it; nothing was sent.")
        case Outcome.REPLACED:
            return _("A filter is about it; nothing was sent, and a harmless stand-in answered.")
        case Outcome.REWRITTEN:
            return _("It was sent to the address without what follows you.")
        case Outcome.REFUSED_LOCAL:
            return _("Pages of the web may not reach this machine and your network.")
        case Outcome.REFUSED_DOOR:
            return _("A filter is about where the host leads; the door did not connect.")
        case Outcome.REFUSED_WORKER:
            return _("Private windows have no scripts that outlive their pages.")
        case Outcome.HELD_FORM:
            return _("An encrypted page would have sent a form in the clear; you were asked.")
        case Outcome.FAILED:
            return _("It could not be decided, and what cannot be decided is not sent.")


def list_name(list_id: str, title: str) -> str:
    """Where a decision comes from."""
    ours = {
        OWN_LIST: _("Your own filters"),
        STRICT_LEVEL: _("Strict level"),
        LOCAL_NETWORK: _("Your network is kept out of reach"),
    }
    return ours.get(list_id, title)


def level_name(level: Level) -> str:
    """The name of a level."""
    match level:
        case Level.STANDARD:
            return _("Standard")
        case Level.STRICT:
            return _("Strict")
        case Level.OFF:
            return _("Off")


def level_cost(level: Level) -> str:
    """What a level does, and what it costs."""
    match level:
        case Level.STANDARD:
            return _("Blocks what the filter lists name. Pages rarely miss anything.")
        case Level.STRICT:
            return _(
                "Also blocks scripts and frames from other sites, and the site’s own banners and "
                "reports on you. Videos, comments, logins or payments may be missing."
            )
        case Level.OFF:
            return _("Blocks nothing: ads load, and trackers can follow you here.")


def request_kind_name(kind: str) -> str:
    """What a request was for, by the name that filters use."""
    names = {
        "main_frame": _("Page"),
        "sub_frame": _("Frame"),
        "script": _("Script"),
        "image": _("Image"),
        "stylesheet": _("Style sheet"),
        "font": _("Font"),
        "media": _("Sound or video"),
        "object": _("Plug-in"),
        "xmlhttprequest": _("Data"),
        "websocket": _("WebSocket"),
        "ping": _("Report"),
    }
    return names.get(kind, _("Other"))


REQUEST_KINDS = (
    "main_frame", "sub_frame", "script", "image", "stylesheet", "font", "media", "object",
    "xmlhttprequest", "websocket", "ping", "other",
)  # fmt: skip

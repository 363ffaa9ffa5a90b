"""Words for filter lists: groups, times, sizes, and why an update failed."""

from __future__ import annotations

import re

from PyQt6.QtCore import QLocale

from myco_browser.services.own_lists import AddProblem
from myco_browser.ui.i18n import _, ngettext
from myco_filters.lists.catalogue import ListKind
from myco_filters.lists.check import RefusedCause

_STATUS = re.compile(r"the server answered ([0-9]{3})")


def kind_name(kind: ListKind) -> str:
    """The heading of a group of lists."""
    return {
        ListKind.ADS: _("Ads"),
        ListKind.PRIVACY: _("Trackers"),
        ListKind.MALWARE: _("Malware and deception"),
        ListKind.ANNOYANCES: _("Annoyances"),
        ListKind.COOKIES: _("Cookie banners"),
        ListKind.REGIONAL: _("Languages and regions"),
        ListKind.COMPATIBILITY: _("Repairs"),
        ListKind.OWN: _("Added by you"),
    }[kind]


def ago(seconds: float) -> str:
    """A time in the past, roughly."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("{count} minute ago", "{count} minutes ago", minutes).format(count=minutes)
    hours = minutes // 60
    if hours < 24:
        return ngettext("{count} hour ago", "{count} hours ago", hours).format(count=hours)
    days = hours // 24
    return ngettext("{count} day ago", "{count} days ago", days).format(count=days)


def amount(count: int, language: str) -> str:
    """A number with the language's separators."""
    return QLocale(language).toString(count)


def size(count: int, language: str) -> str:
    """Bytes, in kB or MB."""
    if count < 1_000_000:
        return _("{size} kB").format(size=amount(max(1, count // 1000), language))
    shown = QLocale(language).toString(count / 1_000_000, "f", 1)
    return _("{size} MB").format(size=shown)


def add_problem(problem: AddProblem | str) -> str:
    """Why a list was not added."""
    return _(problem.value) if isinstance(problem, AddProblem) else failure(problem)


def failure(cause: str) -> str:
    """Why a list was not fetched, as a sentence for people."""
    known = {
        RefusedCause.TOO_LARGE.value: _("What came is larger than any filter list."),
        RefusedCause.NOT_TEXT.value: _("What came is no text."),
        RefusedCause.HTML.value: _("The server sent a web page instead of a list."),
        RefusedCause.NO_FILTERS.value: _("What came holds no filters."),
        RefusedCause.PROSE.value: _("What came is a text, but not a list of filters."),
        RefusedCause.SHRUNK.value: _("What came holds far fewer filters than before."),
        RefusedCause.CHECKSUM.value: _("What came is damaged: its checksum is wrong."),
        "the server took too long": _("The server took too long."),
        "too many redirects": _("The server keeps sending us elsewhere."),
        "the answer is too large": _("What came is larger than any filter list."),
        "the answer is incomplete": _("The answer broke off."),
        "the address, or one it leads to, is not https": _(
            "The address, or one that it leads to, is not encrypted."
        ),
    }.get(cause)
    if known is not None:
        return known
    if status := _STATUS.fullmatch(cause):
        return _("The server answered with the error {status}.").format(status=status[1])
    if cause.startswith("DialError"):
        return _("The server could not be reached.")
    if cause.startswith("SSL"):
        return _("No secure connection to the server was possible.")
    if cause.startswith("cannot be stored"):
        return _("It could not be stored on this computer.")
    return _("It could not be fetched ({cause}).").format(cause=cause[:120])

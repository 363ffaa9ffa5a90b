"""What is said of a download, in a line."""

from __future__ import annotations

from PyQt6.QtCore import QDateTime, QLocale

from myco_browser.domain.downloads import Download, Phase
from myco_browser.domain.urls import site_key
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.panels import size_words


def state_words(download: Download, speed: float | None, language: str) -> str:
    """How far it is, or how it ended."""
    match download.phase:
        case Phase.RUNNING:
            return _running(download, speed, language)
        case Phase.PAUSED:
            return _("Paused – {amount}").format(amount=_amount(download, language))
        case Phase.CHECKING:
            return _("Looking at what arrived…")
        case Phase.HELD:
            text = _(download.danger.value) if download.danger is not None else ""
            return f"{text} {download.found}".strip()
        case Phase.STOPPED:
            return _stopped(download, language)
        case Phase.DONE:
            return _done(download, language)


def anew_words(download: Download) -> str:
    """What is to be said of one that began anew, else ""."""
    if not download.anew:
        return ""
    return _("The file on the server has changed, or it cannot send the rest: it began anew.")


def place_words(download: Download) -> str:
    """Where it comes from: the site of the file, never the whole address."""
    site = site_key(download.url)
    if site is not None:
        return site
    return download.site or _("made by a page")


def _running(download: Download, speed: float | None, language: str) -> str:
    parts = [_amount(download, language)]
    if speed is not None:
        rate = size_words(round(speed), language)
        parts.append(_("{size} per second").format(size=rate))
        if download.total is not None and speed > 0:
            parts.append(_left((download.total - download.received) / speed))
    return " · ".join(parts)


def _amount(download: Download, language: str) -> str:
    received = size_words(download.received, language)
    if download.total is None:
        return received
    total = size_words(download.total, language)
    return _("{received} of {total}").format(received=received, total=total)


def _left(seconds: float) -> str:
    whole = max(1, round(seconds))
    if whole < 60:
        return ngettext("{count} second left", "{count} seconds left", whole).format(count=whole)
    minutes = round(whole / 60)
    if minutes < 60:
        text = ngettext("{count} minute left", "{count} minutes left", minutes)
        return text.format(count=minutes)
    hours = round(minutes / 60)
    return ngettext("{count} hour left", "{count} hours left", hours).format(count=hours)


def _stopped(download: Download, language: str) -> str:
    cause = _(download.cause.value) if download.cause is not None else ""
    if download.received:
        return f"{cause} {_amount(download, language)}"
    return cause


def _done(download: Download, language: str) -> str:
    moment = QDateTime.fromSecsSinceEpoch(download.ended)
    when = QLocale(language).toString(moment, QLocale.FormatType.ShortFormat)
    return f"{size_words(download.received, language)} · {when}"

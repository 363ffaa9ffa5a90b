"""Words and times of mail, for people."""

from __future__ import annotations

from PyQt6.QtCore import QDate, QDateTime, QLocale

from myco_browser.domain.mail import (
    Backoff,
    Connecting,
    Folder,
    MailState,
    Offline,
    Person,
    Refused,
    Role,
    Watching,
)
from myco_browser.ui.i18n import _

DOT = {
    "teal": "#149e8a", "blue": "#3b7dd8", "violet": "#8a5fd0", "pink": "#d0508f",
    "orange": "#d9822b", "green": "#4f9d3a", "grey": "#7b8783",
}  # fmt: skip
"""The colours of accounts."""


def folder_name(folder: Folder) -> str:
    """The name of a folder; that of a special one in the user's language."""
    return _(folder.role.value) if folder.role is not Role.OTHER else folder.label


def empty_words(role: Role) -> tuple[str, str]:
    """What a folder without messages says of itself, and its picture."""
    match role:
        case Role.INBOX:
            return _("No messages yet. New ones come here by themselves."), "inbox"
        case Role.DRAFTS:
            return _("No drafts. What you begin to write is kept here."), "write"
        case Role.SENT:
            return _("You have not sent anything yet."), "send"
        case Role.ARCHIVE:
            return _("Nothing is archived. Messages that are done can lie here."), "archive"
        case Role.JUNK:
            return _("No spam. That is good."), "spam"
        case Role.TRASH:
            return _("The bin is empty."), "trash"
        case Role.OTHER:
            return _("This folder is empty."), "folder"


def short_time(when: int, language: str) -> str:
    """Today the time, this year the day, else the date."""
    moment = QDateTime.fromSecsSinceEpoch(when)
    locale, today = QLocale(language), QDate.currentDate()
    if moment.date() == today:
        return locale.toString(moment.time(), QLocale.FormatType.ShortFormat)
    if moment.date().year() == today.year():
        return locale.toString(moment.date(), "d MMM")
    return locale.toString(moment.date(), QLocale.FormatType.ShortFormat)


def long_time(when: int, language: str) -> str:
    """A moment with its day; "" when it is not known."""
    if not when:
        return ""
    moment = QDateTime.fromSecsSinceEpoch(when)
    return QLocale(language).toString(moment, QLocale.FormatType.ShortFormat)


def day_for_others(when: int, language: str) -> str:
    """The day in UTC, for a message that leaves: a time of day would tell our time zone."""
    if not when:
        return ""
    day = QDateTime.fromSecsSinceEpoch(when).toUTC().date()
    return QLocale(language).toString(day, QLocale.FormatType.ShortFormat)


def people_words(persons: tuple[Person, ...]) -> str:
    """Who, in one line."""
    return ", ".join(one.shown for one in persons)


def state_words(state: MailState) -> str:
    """What an account is doing; "" while everything is well."""
    match state:
        case Watching() | Offline():
            return ""
        case Connecting():
            return _("Connecting…")
        case Refused(cause=cause):
            return _(cause.value)
        case Backoff():
            return _("The server cannot be reached. It is tried again by itself.")

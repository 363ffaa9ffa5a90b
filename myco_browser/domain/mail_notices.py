"""Whether and how new mail is told: pure, so that it can be tested with every case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from myco_browser.domain.mail import Account, Summary
from myco_browser.domain.mail_settings import (
    MAIL_NOTICES,
    MAIL_PREVIEWS,
    QUIET,
    QUIET_FROM,
    QUIET_TO,
)
from myco_browser.domain.settings_snapshot import Settings


@dataclass(frozen=True, slots=True)
class OneLetter:
    """A single message arrived; `sender` and `subject` are empty unless they may be shown."""

    uid: int
    sender: str
    subject: str


@dataclass(frozen=True, slots=True)
class SomeLetters:
    """Several arrived since the last time the user looked; `senders` as above, each once."""

    count: int
    senders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing is told."""


News = OneLetter | SomeLetters | Nothing

_MOST_SENDERS = 4


def news_of(
    account: Account,
    untold: Sequence[Summary],
    settings: Settings,
    hour: int,
    *,
    is_on_screen: bool,
) -> News:
    """What is told of messages that the user was not told of, or told but has not looked at."""
    unread = [one for one in untold if one.unread]
    wanted = settings[MAIL_NOTICES] and account.notify and not is_on_screen
    if not unread or not wanted or is_quiet(settings, hour):
        return Nothing()
    previews = settings[MAIL_PREVIEWS]
    if len(unread) == 1:
        one = unread[0]
        return (
            OneLetter(one.uid, one.sender.shown, one.subject)
            if previews
            else OneLetter(one.uid, "", "")
        )
    senders = tuple(dict.fromkeys(one.sender.shown for one in reversed(unread)))
    return SomeLetters(len(unread), senders[:_MOST_SENDERS] if previews else ())


def is_quiet(settings: Settings, hour: int) -> bool:
    """Whether it is one of the quiet hours; they may go past midnight."""
    begin, end = settings[QUIET_FROM], settings[QUIET_TO]
    if not settings[QUIET] or begin == end:
        return False
    return begin <= hour < end if begin < end else hour >= begin or hour < end

"""The settings of mail."""

from __future__ import annotations

from typing import Any

from myco_browser.domain.controls import Group, Number, Setting, Toggle
from myco_browser.domain.messages import N_

SIDEBAR = Setting(
    "general.sidebar",
    Toggle(),
    True,
    False,
    Group.MAIL,
    N_("Show the sidebar with mail"),
    N_("At the left of everyday windows. Ctrl+Shift+M opens mail without it, too."),
)
MAIL_CONVERSATIONS = Setting(
    "mail.conversations",
    Toggle(),
    True,
    False,
    Group.MAIL,
    N_("Show messages and their answers as conversations"),
    N_("One row for all that belong together, with their number. Off: one row for each message."),
)
MAIL_NOTICES = Setting(
    "mail.notices",
    Toggle(),
    True,
    False,
    Group.MAIL,
    N_("Tell when mail arrives"),
    N_("By the desktop's notifications. Each account has a switch of its own besides."),
)
MAIL_PREVIEWS = Setting(
    "mail.previews",
    Toggle(),
    False,
    False,
    Group.MAIL,
    N_("Show sender and subject in notifications"),
    N_("Whoever sees your screen can read them, also while it is locked on some desktops."),
)
QUIET = Setting(
    "mail.quiet",
    Toggle(),
    False,
    True,
    Group.MAIL,
    N_("Be quiet at some hours"),
    N_("Mail goes on to arrive; only the notifications stay away."),
)
QUIET_FROM = Setting(
    "mail.quiet_from", Number(0, 23, 1, N_("h")), 21, 21, Group.MAIL, N_("Quiet from")
)
QUIET_TO = Setting("mail.quiet_to", Number(0, 23, 1, N_("h")), 7, 7, Group.MAIL, N_("Quiet until"))

MAIL_SETTINGS: tuple[Setting[Any], ...] = (
    SIDEBAR,
    MAIL_CONVERSATIONS,
    MAIL_NOTICES,
    MAIL_PREVIEWS,
    QUIET,
    QUIET_FROM,
    QUIET_TO,
)

"""The setting about movement: pages can leave it out, for those whom it makes unwell."""

from __future__ import annotations

from myco_browser.domain.controls import Choice, Group, Setting
from myco_browser.domain.messages import N_

MOTION = Setting(
    "general.motion",
    Choice((("system", N_("Like the desktop")), ("less", N_("Less movement")))),
    "system",
    "system",
    Group.GENERAL,
    N_("Movement in pages"),
    N_(
        "Asks pages to leave out what moves. They can tell you from others by it; private windows "
        "never ask, because there everybody looks the same."
    ),
    restart=True,
)

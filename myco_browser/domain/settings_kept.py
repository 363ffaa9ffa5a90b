"""The setting of what is remembered of the pages that were visited."""

from __future__ import annotations

from myco_browser.domain.controls import Choice, Group, Setting
from myco_browser.domain.messages import N_

HISTORY_KEPT = Setting(
    "history.kept",
    Choice(
        (
            ("forever", N_("Until you delete it")),
            ("365", N_("One year")),
            ("90", N_("Three months")),
            ("30", N_("One month")),
            ("off", N_("Not at all")),
        ),
    ),
    "forever",
    "off",
    Group.CONTENT,
    N_("Keep the history"),
    N_(
        "Older visits are deleted at the start. “Not at all” writes nothing down from now on, and "
        "the address bar does not know new pages then; what is there stays until you delete it."
    ),
)


def days_kept(wish: str) -> int | None:
    """After how many days a visit is forgotten; None for never."""
    return int(wish) if wish.isdigit() else None

"""Whether pages are drawn by the graphics card; without it once the card made the browser crash.

The engine draws within the session's own process: a driver that fails takes the session along, and
the launcher starts it again. When that happened twice within a minute, it is tried without the
card; a file in the profile remembers it until the user chooses anew how to draw.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from myco_browser.domain.settings import GRAPHICS
from myco_browser.domain.settings_motion import MOTION
from myco_browser.services.settings_store import SettingsStore
from myco_browser.system.graphics import (
    forget_failure,
    has_failed,
    has_graphics_device,
    note_failure,
)
from myco_browser.system.motion import wants_less_motion

if TYPE_CHECKING:
    from myco_browser.app.__main__ import Greeting
    from myco_browser.domain.settings_snapshot import Settings
    from myco_browser.ui.windows import WindowManager

_TOO_OFTEN = 2


def moves_less(settings: SettingsStore) -> bool:
    """Whether pages are asked to leave out what moves."""
    return settings.settings[MOTION] == "less" or wants_less_motion(os.environ)


class Drawing(NamedTuple):
    """How pages are drawn in this session."""

    software: bool
    gave_up: bool
    """The card is left out from now on, and the user is to know."""
    profile: Path


def choose_drawing(settings: SettingsStore, greeting: Greeting) -> Drawing:
    """Decides, and tells Qt before it starts."""
    # A private session reads what the everyday one remembers, and writes nothing.
    profile = Path(greeting.lists_from)
    wish = settings.settings[GRAPHICS]
    has_card = wish == "card" or (wish == "auto" and has_graphics_device())
    failed = has_card and greeting.crashes >= _TOO_OFTEN
    if failed and not greeting.private:
        note_failure(profile)
    software = not has_card or failed or has_failed(profile)
    if software:
        os.environ.setdefault("QT_QUICK_BACKEND", "software")
    return Drawing(software, failed, profile)


def join_drawing(drawing: Drawing, settings: SettingsStore, manager: WindowManager) -> None:
    """Says what was given up; the next choice in the settings begins anew."""

    def changed(before: Settings, after: Settings) -> None:
        if before[GRAPHICS] != after[GRAPHICS]:
            forget_failure(drawing.profile)

    settings.observe(changed)
    window = manager.active_window()
    if drawing.gave_up and window is not None:
        from myco_browser.ui.session_notices import left_out_card

        window.tell("warning", left_out_card())

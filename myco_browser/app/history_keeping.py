"""Forgets visits that are older than the user wants them kept, at the start and at each change."""

from __future__ import annotations

from myco_browser.domain.settings_kept import HISTORY_KEPT, days_kept
from myco_browser.domain.settings_snapshot import Settings
from myco_browser.services.settings_store import SettingsStore
from myco_browser.ui.context import Context


def keep_history(context: Context, settings: SettingsStore) -> None:
    """Joins it to a session; a private one keeps none anyway."""

    def changed(before: Settings, after: Settings) -> None:
        days = days_kept(after[HISTORY_KEPT])
        if days is not None and before[HISTORY_KEPT] != after[HISTORY_KEPT]:
            context.visits.keep_days(days)

    settings.observe(changed)
    if (days := days_kept(settings.settings[HISTORY_KEPT])) is not None:
        context.visits.keep_days(days)

"""Joins the setting of the spell-check to the engine, and finds the dictionaries."""

from __future__ import annotations

import os

from myco_browser.domain.settings_snapshot import Settings
from myco_browser.domain.spelling import SPELLING, dictionaries_of
from myco_browser.services.settings_store import SettingsStore
from myco_browser.system.additions import dictionaries_in, dictionary_folder
from myco_browser.ui.context import Context
from myco_browser.web.spelling import set_spelling


def join_spelling(context: Context, settings: SettingsStore) -> None:
    """Checks spelling from now on, as the setting says; without dictionaries, never."""
    folder = dictionary_folder(os.environ)
    if folder is None:
        return
    present = dictionaries_in(folder)

    def follow(_before: Settings, after: Settings) -> None:
        set_spelling(context.profile, dictionaries_of(after[SPELLING], present))

    follow(settings.settings, settings.settings)
    settings.observe(follow)

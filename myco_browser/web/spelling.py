"""The engine's spell-check: which dictionaries it uses."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtWebEngineCore import QWebEngineProfile


def set_spelling(profile: QWebEngineProfile, dictionaries: Sequence[str]) -> None:
    """Checks spelling with these dictionaries; without any, not at all."""
    if list(dictionaries) != profile.spellCheckLanguages():
        profile.setSpellCheckLanguages(list(dictionaries))
    profile.setSpellCheckEnabled(bool(dictionaries))

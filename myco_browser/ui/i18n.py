"""The language of the window: gettext, loaded once at start; a change needs a restart."""

from __future__ import annotations

import gettext as _gettext
import os
from collections.abc import Mapping

from myco_resources import locale_directory

LANGUAGES = ("en", "fr")

# Texts are asked for in hundreds of places and the language is fixed for a process, so the
# catalogue is module state, set once by the composition root.
_catalogue: _gettext.NullTranslations = _gettext.NullTranslations()


def choose_language(wish: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """The wish if it is one of ours, else the desktop's language, else English."""
    if wish in LANGUAGES:
        return wish
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        for candidate in environment.get(variable, "").split(":"):
            if candidate[:2] in LANGUAGES:
                return candidate[:2]
            if candidate:
                return "en"
    return "en"


def install(language: str) -> None:
    """Loads the catalogue of `language`; a missing one means English."""
    global _catalogue  # noqa: PLW0603 - see above
    _catalogue = _gettext.translation(
        "myco", locale_directory(), languages=[language], fallback=True
    )


def _(message: str) -> str:
    """The text in the window's language."""
    return _catalogue.gettext(message) if message else ""


def ngettext(singular: str, plural: str, number: int) -> str:
    """The text for a number of things."""
    return _catalogue.ngettext(singular, plural, number)

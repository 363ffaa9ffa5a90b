"""Finding a setting by words, in the language that is shown and by its key."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from myco_browser.domain.controls import Choice, Setting


def find_settings(
    text: str, settings: Sequence[Setting[Any]], translate: Callable[[str], str]
) -> tuple[Setting[Any], ...]:
    """Those that have all words of `text`; case and accents do not count."""
    words = _folded(text).split()
    texts = [(one, _words_of(one, translate)) for one in settings]
    return tuple(one for one, text in texts if all(word in text for word in words))


def _words_of(setting: Setting[Any], translate: Callable[[str], str]) -> str:
    control = setting.control
    labels = [label for _key, label in control.options] if isinstance(control, Choice) else []
    texts = (setting.title, setting.description, setting.group.value, *labels)
    shown = [translate(text) for text in texts if text]
    return _folded(" ".join((setting.key, *shown)))


def _folded(text: str) -> str:
    spread = unicodedata.normalize("NFD", text.casefold())
    return "".join(char for char in spread if not unicodedata.combining(char))

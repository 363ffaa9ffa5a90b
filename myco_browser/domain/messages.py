"""Marks sentences for translation where they are declared, without translating them there.

Values of the domain are built once and may be shown in another language later, so they carry
the English msgid. Whoever shows a sentence passes it through gettext. The extractor knows `N_`.
"""

from __future__ import annotations


def N_(text: str) -> str:
    """Return `text` unchanged; its only use is to be found by the extractor."""
    return text

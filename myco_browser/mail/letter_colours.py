"""Whether a letter brings colours of its own."""

from __future__ import annotations

import re

# As `safe_html` writes attributes: between double quotes, declarations after one another.
_OWN = re.compile(r"""(?i)\s(?:bgcolor|color)="|[";]\s*(?:background(?:-color)?|color)\s*:""")


def brings_colours(html: str) -> bool:
    """Whether safe `html` sets a colour or a ground. Such a letter is made for white paper: what
    it does not say is meant to be black or white."""
    return _OWN.search(html) is not None

"""Regular expressions compiled when they are first used.

Compiling one takes a tenth of a millisecond up to several; a start of the program needs few of
those that reading lists needs.
"""

from __future__ import annotations

import re
from typing import cast


def lazy_pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """``re.compile(source, flags)``, but not before one of its methods is asked for."""
    return cast("re.Pattern[str]", _Pattern(source, flags))


class _Pattern:
    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        # Called once for each method: from then on it is an attribute of the instance.
        found: object = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, found)
        return found

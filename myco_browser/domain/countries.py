"""The country of an exit, as far as its name tells, and how that country's flag is drawn: data.

Providers name their exits `se-got-wg-001`, `CH-ZH#12` or `wg-de-3`: two letters by themselves. The
flags that are drawn are plain: stripes, crosses and discs. A country without an entry has none.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple


class Pattern(Enum):
    """How the colours of a flag are laid out."""

    COLUMNS = "columns"
    ROWS = "rows"
    CROSS = "cross"
    """Field, cross and, if there is a third colour, a thinner cross on it; as in the north."""
    DISC = "disc"
    """Field and a disc in its middle."""
    PLUS = "plus"
    """Field and an upright cross that does not touch the edges."""


class Flag(NamedTuple):
    """A flag in the colours of its pattern."""

    pattern: Pattern
    colours: tuple[str, ...]


FLAGS = {
    "AT": Flag(Pattern.ROWS, ("#c8102e", "#ffffff", "#c8102e")),
    "BE": Flag(Pattern.COLUMNS, ("#000000", "#fdda24", "#ef3340")),
    "BG": Flag(Pattern.ROWS, ("#ffffff", "#00966e", "#d62612")),
    "CH": Flag(Pattern.PLUS, ("#da291c", "#ffffff")),
    "CO": Flag(Pattern.ROWS, ("#fcd116", "#fcd116", "#003893", "#ce1126")),
    "DE": Flag(Pattern.ROWS, ("#000000", "#dd0000", "#ffcc00")),
    "DK": Flag(Pattern.CROSS, ("#c8102e", "#ffffff")),
    "EE": Flag(Pattern.ROWS, ("#0072ce", "#000000", "#ffffff")),
    "ES": Flag(Pattern.ROWS, ("#aa151b", "#f1bf00", "#f1bf00", "#aa151b")),
    "FI": Flag(Pattern.CROSS, ("#ffffff", "#003580")),
    "FR": Flag(Pattern.COLUMNS, ("#002654", "#ffffff", "#ce1126")),
    "HU": Flag(Pattern.ROWS, ("#ce2939", "#ffffff", "#477050")),
    "ID": Flag(Pattern.ROWS, ("#ce1126", "#ffffff")),
    "IE": Flag(Pattern.COLUMNS, ("#169b62", "#ffffff", "#ff883e")),
    "IS": Flag(Pattern.CROSS, ("#02529c", "#ffffff", "#dc1e35")),
    "IT": Flag(Pattern.COLUMNS, ("#008c45", "#ffffff", "#cd212a")),
    "JP": Flag(Pattern.DISC, ("#ffffff", "#bc002d")),
    "LT": Flag(Pattern.ROWS, ("#fdb913", "#006a44", "#c1272d")),
    "LU": Flag(Pattern.ROWS, ("#ef3340", "#ffffff", "#00a3e0")),
    "LV": Flag(Pattern.ROWS, ("#9d2235", "#9d2235", "#ffffff", "#9d2235", "#9d2235")),
    "NG": Flag(Pattern.COLUMNS, ("#008751", "#ffffff", "#008751")),
    "NL": Flag(Pattern.ROWS, ("#ae1c28", "#ffffff", "#21468b")),
    "NO": Flag(Pattern.CROSS, ("#ba0c2f", "#ffffff", "#00205b")),
    "PE": Flag(Pattern.COLUMNS, ("#d91023", "#ffffff", "#d91023")),
    "PL": Flag(Pattern.ROWS, ("#ffffff", "#dc143c")),
    "RO": Flag(Pattern.COLUMNS, ("#002b7f", "#fcd116", "#ce1126")),
    "SE": Flag(Pattern.CROSS, ("#006aa7", "#fecc02")),
    "UA": Flag(Pattern.ROWS, ("#0057b7", "#ffd700")),
}
_WORD = re.compile(r"(?<![A-Za-z])([A-Za-z]{2})(?![A-Za-z])", re.ASCII)
# Two letters that are words of ordinary language, too.
_BARE_WORDS = frozenset({"it", "no", "is", "be", "at", "de", "in", "es", "pe", "id", "co", "us"})


def country_of(name: str) -> str | None:
    """The country's two letters, where a name has them in the way that providers write them.

    Lower-case words of ordinary language count only beside a dash, a digit or at the very start.
    """
    for match in _WORD.finditer(name):
        word = match.group(1)
        code = word.upper()
        if code not in FLAGS:
            continue
        after = name[match.end() : match.end() + 1]
        before = name[match.start() - 1 : match.start()]
        is_marked = (after in "-_#.0123456789" and after != "") or before in ("-", "_")
        if word.isupper() or is_marked or (word not in _BARE_WORDS and match.start() == 0):
            return code
    return None

"""What a refused request was: the kind comes from the list that its filter is from."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache

from myco_filters.lists.catalogue import ListKind, kind_of


class BlockKind(Enum):
    """The kinds that people are told, in the order in which they are shown."""

    ADS = "ads"
    TRACKERS = "trackers"
    MALWARE = "malware"
    ANNOYANCES = "annoyances"
    OTHER = "other"


@lru_cache(maxsize=256)
def block_kind(list_id: str) -> BlockKind:
    """The kind for a list; own filters, the strict level and the local network are OTHER."""
    match kind_of(list_id):
        case ListKind.ADS | ListKind.REGIONAL | ListKind.COMPATIBILITY:
            return BlockKind.ADS
        case ListKind.PRIVACY:
            return BlockKind.TRACKERS
        case ListKind.MALWARE:
            return BlockKind.MALWARE
        case ListKind.ANNOYANCES | ListKind.COOKIES:
            return BlockKind.ANNOYANCES
        case ListKind.OWN:
            return BlockKind.OTHER

"""Cutting URLs into tokens: runs of lower-case letters and digits."""

from __future__ import annotations

_KEPT = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in range(256))


_MANY = 64


def tokens_of(low: str, start: int = 0) -> list[bytes]:
    """The runs in a lower-cased URL from a place on. Other characters all separate.

    Of many runs none is given twice: an address that repeats one is not to have the filters kept
    under it tried a thousand times.
    """
    # Bytes, because their translate() is several times faster than any expression.
    found = low[start:].encode("ascii", "replace").translate(_KEPT).split()
    return found if len(found) < _MANY else list(dict.fromkeys(found))

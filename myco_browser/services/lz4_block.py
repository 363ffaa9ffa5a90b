"""Unpacks an LZ4 block (lz4 block format description, version of 2022): Firefox packs with it."""

from __future__ import annotations

_SHORTEST = 4


class Lz4Error(ValueError):
    """The block is broken, or unpacks to more than was allowed."""


def unpack_block(packed: bytes, limit: int) -> bytes:
    """What is in a block, at most `limit` bytes. Raises Lz4Error."""
    made = bytearray()
    at = 0
    try:
        while at < len(packed):
            token = packed[at]
            count, at = _length(packed, at + 1, token >> 4)
            if at + count > len(packed) or len(made) + count > limit:
                raise Lz4Error("too long")
            made += packed[at : at + count]
            at += count
            if at == len(packed):
                break
            back = packed[at] | packed[at + 1] << 8
            count, at = _length(packed, at + 2, token & 15)
            _repeat(made, back, count + _SHORTEST, limit)
    except IndexError as error:
        raise Lz4Error("cut off") from error
    return bytes(made)


def _length(packed: bytes, at: int, start: int) -> tuple[int, int]:
    if start < 15:
        return start, at
    while True:
        more = packed[at]
        start, at = start + more, at + 1
        if more != 255:
            return start, at


def _repeat(made: bytearray, back: int, count: int, limit: int) -> None:
    if not 0 < back <= len(made) or len(made) + count > limit:
        raise Lz4Error("points outside")
    if back >= count:
        start = len(made) - back
        made += made[start : start + count]
    else:
        # What is repeated grows while it is repeated.
        pattern = bytes(made[-back:])
        made += (pattern * (count // back + 1))[:count]

"""PNG files without what tells of their making (W3C, Portable Network Graphics, third edition)."""

from __future__ import annotations

import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What a picture needs to be drawn; times, texts, profiles, densities and the like are not among it.
_NEEDED = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"))


class NoPngError(ValueError):
    """The bytes are no whole PNG file."""


def without_metadata(picture: bytes) -> bytes:
    """The same picture with the chunks that it needs and no others. Raises NoPngError."""
    if not picture.startswith(_SIGNATURE):
        raise NoPngError("no PNG signature")
    kept = [_SIGNATURE]
    at = len(_SIGNATURE)
    while at < len(picture):
        head = picture[at : at + 8]
        if len(head) < 8:
            raise NoPngError("a chunk is cut off")
        length, kind = struct.unpack(">I4s", head)
        end = at + 12 + length
        chunk = picture[at:end]
        if end > len(picture) or zlib.crc32(chunk[4:-4]) != struct.unpack(">I", chunk[-4:])[0]:
            raise NoPngError("a chunk is damaged")
        if kind in _NEEDED:
            kept.append(chunk)
        if kind == b"IEND":
            return b"".join(kept)
        at = end
    raise NoPngError("the file has no end")

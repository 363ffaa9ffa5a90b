"""A film of one second that shows one small black picture, made box by box (ISO/IEC 14496-12).

The picture is VP9, which the engine plays in every build; pages wait for such a film to end.
"""

from __future__ import annotations

import struct

_SIDE = 16
_MILLISECONDS = 1000
# A film of a single sample ends before the player says that it began.
_SAMPLES = 10
# One key frame of 16 by 16 black points, VP9 profile 0.
_FRAME = bytes.fromhex(
    "824983425000f000f60638241c183a0000204000229bffffb74603e63aa44484fbf2f56c2e91a2ecd3d7c926"
    "756762cf396b50f1ecbc09a61c4800"
)
_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def film() -> bytes:
    """The file, of type ``video/mp4``."""
    head = _box("ftyp", b"isom", struct.pack(">I", 0x200), b"isomiso2mp41")
    length = len(_movie(0))
    return head + _movie(len(head) + length + 8) + _box("mdat", _FRAME)


def _box(name: str, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + name.encode("ascii") + body


def _full(name: str, *parts: bytes, flags: int = 0) -> bytes:
    """A box with a version (0) and flags."""
    return _box(name, struct.pack(">I", flags), *parts)


def _movie(data_at: int) -> bytes:
    times = struct.pack(">IIII", 0, 0, _MILLISECONDS, _MILLISECONDS)
    header = _full(
        "mvhd", times, struct.pack(">IH10x", 0x10000, 0x100), _MATRIX, bytes(24), b"\0\0\0\2"
    )
    track = _full(
        "tkhd", struct.pack(">IIIII8xHHHH", 0, 0, 1, 0, _MILLISECONDS, 0, 0, 0, 0), _MATRIX,
        struct.pack(">II", _SIDE << 16, _SIDE << 16), flags=3,
    )  # fmt: skip
    media = _box(
        "mdia",
        _full("mdhd", times, struct.pack(">HH", 0x55C4, 0)),
        _full("hdlr", struct.pack(">I4s12x", 0, b"vide"), b"\0"),
        _box(
            "minf",
            _full("vmhd", bytes(8), flags=1),
            _box("dinf", _full("dref", struct.pack(">I", 1), _full("url ", flags=1))),
            _samples(data_at),
        ),
    )
    return _box("moov", header, _box("trak", track, media))


def _samples(data_at: int) -> bytes:
    """Samples that are all the picture `data_at` bytes from the beginning of the file on."""
    # Profile 0, level 1.0, 8 bits, 4:2:0, limited range, BT.709 (VP codec binding, section 2.2).
    codec = _full("vpcC", bytes((0, 10, 0x82, 1, 1, 1, 0, 0)))
    codec = codec[:8] + b"\1" + codec[9:]
    entry = _box(
        "vp09",
        struct.pack(">6xH16xHHIIIH32xHh", 1, _SIDE, _SIDE, 0x480000, 0x480000, 0, 1, 24, -1),
        codec,
    )
    one = struct.pack(">I", 1)
    return _box(
        "stbl",
        _full("stsd", one, entry),
        _full("stts", one, struct.pack(">II", _SAMPLES, _MILLISECONDS // _SAMPLES)),
        _full("stsc", one, struct.pack(">III", 1, 1, 1)),
        _full("stsz", struct.pack(">II", len(_FRAME), _SAMPLES)),
        _full("stco", struct.pack(">I", _SAMPLES), struct.pack(">I", data_at) * _SAMPLES),
    )

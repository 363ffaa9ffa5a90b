"""A picture keeps what it shows, and nothing else."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from myco_browser.domain.png import NoPngError, without_metadata


def _picture() -> bytes:
    image = Image.new("RGBA", (7, 5), (10, 200, 30, 128))
    told = PngImagePlugin.PngInfo()
    told.add_text("Software", "a program")
    told.add_itxt("Author", "somebody")
    made = io.BytesIO()
    image.save(made, "PNG", pnginfo=told, dpi=(96, 96))
    return made.getvalue()


def test_texts_and_densities_are_gone_and_the_pixels_are_the_same() -> None:
    before = _picture()
    after = without_metadata(before)
    assert b"somebody" in before
    assert b"somebody" not in after
    assert b"pHYs" not in after
    with Image.open(io.BytesIO(before)) as old, Image.open(io.BytesIO(after)) as new:
        assert old.tobytes() == new.tobytes()
        assert new.info == {}


def test_what_follows_the_end_is_gone() -> None:
    assert without_metadata(_picture() + b"hidden behind").endswith(b"IEND\xaeB`\x82")


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"GIF89a",
        _picture()[:40],
        _picture()[:-12],
        _picture().replace(b"somebody", b"somebodY"),
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I4s", 2**31, b"IDAT")
        + struct.pack(">I", zlib.crc32(b"")),
    ],
)
def test_what_is_no_whole_png_is_refused(wrong: bytes) -> None:
    with pytest.raises(NoPngError):
        without_metadata(wrong)

"""A configuration as a QR code, for a phone or for somebody beside us."""

from __future__ import annotations

import io


def as_text(text: str) -> str:
    """For a terminal, in block characters."""
    import segno

    buffer = io.StringIO()
    segno.make_qr(text, error="l").terminal(buffer, compact=True)
    return buffer.getvalue()


def as_svg(text: str) -> bytes:
    """As a picture."""
    import segno

    buffer = io.BytesIO()
    segno.make_qr(text, error="m").save(
        buffer, kind="svg", scale=4, border=4, dark="#000", light="#fff"
    )
    return buffer.getvalue()

"""Small pictures of files: ready-made by a Nextcloud, else the file itself if it is small."""

from __future__ import annotations

from myco_browser.domain.files import Entry
from myco_browser.files.nextcloud import Nextcloud
from myco_browser.files.webdav import WebDav

_LARGEST = 4 << 20
_KINDS = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})


def small_picture(dav: WebDav, cloud: Nextcloud | None, entry: Entry, side: int) -> bytes:
    """The bytes of a picture, b"" when there is none. Raises FilesError."""
    if entry.kind not in _KINDS:
        return b""
    if cloud is not None and entry.number:
        return cloud.picture(entry.number, side)
    if entry.size is None or entry.size > _LARGEST:
        return b""
    content = bytearray()
    for piece in dav.read(entry.path).pieces:
        content += piece
        if len(content) > _LARGEST:
            dav.line.close()
            return b""
    return bytes(content)

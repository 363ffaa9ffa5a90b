"""Takes a picture of the whole display once something is painted on it: `capture.py FILE`.

What is painted is taken when two looks a second apart agree. Status 1 when nothing appears.
"""

from __future__ import annotations

import sys
import time

from PyQt6 import sip
from PyQt6.QtGui import QGuiApplication, QImage

_PATIENCE_S = 90.0
_FEWEST_COLOURS = 8


def wait_for_picture(application: QGuiApplication) -> QImage | None:
    """The display's picture when it has come to rest; None after the patience has run out."""
    deadline = time.monotonic() + _PATIENCE_S
    before: QImage | None = None
    while time.monotonic() < deadline:
        application.processEvents()
        screen = application.primaryScreen()
        picture = screen.grabWindow(sip.voidptr(0)).toImage() if screen is not None else QImage()
        if _is_painted(picture) and picture == before:
            return picture
        before = picture
        time.sleep(1)
    return None


def _is_painted(picture: QImage) -> bool:
    """An empty display has one colour, or two in a pattern."""
    small = picture.scaled(64, 64)
    return len({small.pixel(x, y) for x in range(64) for y in range(64)}) >= _FEWEST_COLOURS


if __name__ == "__main__":
    found = wait_for_picture(QGuiApplication(sys.argv[:1]))
    if found is None:
        sys.exit("nothing was painted on the display")
    if not found.save(sys.argv[1]):
        sys.exit(f"{sys.argv[1]} could not be written")

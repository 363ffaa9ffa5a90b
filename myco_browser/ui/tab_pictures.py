"""Pictures of sites: kept as the engine gave them, so that a tab asleep has its own at once."""

from __future__ import annotations

from PyQt6.QtCore import QBuffer, QByteArray, QIODevice
from PyQt6.QtGui import QIcon, QPixmap

from myco_browser.ui.context import Context

_SIDE = 32


def keep_picture(context: Context, urlstr: str, picture: QIcon) -> None:
    """Keeps the picture that a page has now; private sessions keep none."""
    if picture.isNull():
        return
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if picture.pixmap(_SIDE, _SIDE).save(buffer, "PNG"):
        context.visits.keep_picture(urlstr, data.data())


def kept_picture(context: Context, urlstr: str) -> QIcon:
    """The picture kept for the site of an address; a null icon when there is none."""
    data = context.visits.picture(urlstr)
    pixmap = QPixmap()
    if data is None or not pixmap.loadFromData(data, "PNG"):
        return QIcon()
    return QIcon(pixmap)

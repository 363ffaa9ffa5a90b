"""The engine's history of a tab: to bytes and back, and whether a step is possible."""

from __future__ import annotations

from PyQt6.QtCore import QByteArray, QDataStream, QIODevice, QUrl
from PyQt6.QtWebEngineCore import QWebEnginePage


def history_to_bytes(page: QWebEnginePage, url: QUrl) -> bytes:
    """The history, opaque, if it stands at `url`; else nothing.

    A tab on its way to another page has a history that would lead back to the one before.
    """
    history = page.history()
    if history is None or history.count() == 0 or history.currentItem().url() != url:
        return b""
    written = QByteArray()
    stream = QDataStream(written, QIODevice.OpenModeFlag.WriteOnly)
    stream << history  # type: ignore[operator]
    return written.data()


def history_from_bytes(page: QWebEnginePage, written: bytes) -> bool:
    """Gives a new page its history, which loads its current entry; False when there is none."""
    history = page.history()
    if not written or history is None:
        return False
    stream = QDataStream(QByteArray(written))
    stream >> history  # type: ignore[operator]
    return history.count() > 0


def can_step(page: QWebEnginePage, offset: int) -> bool:
    """Whether there is an entry so many steps back (negative) or forward."""
    history = page.history()
    return history is not None and 0 <= history.currentItemIndex() + offset < history.count()


def step(page: QWebEnginePage, offset: int) -> bool:
    """Goes so many steps back (negative) or forward; whether it could."""
    history = page.history()
    if history is None or not can_step(page, offset):
        return False
    history.goToItem(history.itemAt(history.currentItemIndex() + offset))
    return True

"""Copies a password, and takes it from the clipboard again if nothing else is there by then."""

from __future__ import annotations

from PyQt6.QtCore import QMimeData, QObject, QTimer
from PyQt6.QtGui import QGuiApplication

CLEARED_AFTER_S = 45


class SecretClipboard(QObject):
    """The clipboard for secrets; a session has one."""

    def __init__(self, parent: QObject, seconds: float = CLEARED_AFTER_S) -> None:
        super().__init__(parent)
        self._text = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(seconds * 1000))
        self._timer.timeout.connect(self.clear)
        if (application := QGuiApplication.instance()) is not None:
            application.aboutToQuit.connect(self.clear)

    def copy(self, text: str) -> None:
        """Puts a secret there. Clipboard managers are told that they should not keep it."""
        clipboard = QGuiApplication.clipboard()
        if clipboard is None:
            return
        mime = QMimeData()
        mime.setText(text)
        mime.setData("x-kde-passwordManagerHint", b"secret")
        clipboard.setMimeData(mime)
        self._text = text
        self._timer.start()

    def clear(self) -> None:
        """Takes it away, unless something else was copied meanwhile."""
        clipboard = QGuiApplication.clipboard()
        text, self._text = self._text, ""
        if clipboard is not None and text and clipboard.text() == text:
            clipboard.clear()


def secret_clipboard() -> SecretClipboard:
    """The one of this session, made when it is first wanted: it outlives the window it served."""
    application = QGuiApplication.instance()
    assert application is not None
    found = application.findChildren(SecretClipboard)
    return found[0] if found else SecretClipboard(application)

"""A download that the engine carries out, and why it stopped in our words."""

from __future__ import annotations

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWebEngineCore import QWebEngineDownloadRequest

from myco_browser.domain.downloads import Cause

Request = QWebEngineDownloadRequest
_State = QWebEngineDownloadRequest.DownloadState
# Numbers of QWebEngineDownloadRequest::DownloadInterruptReason; newer ones have no name in Qt.
_CAUSES: dict[object, Cause] = {
    1: Cause.DISK,
    2: Cause.NO_ACCESS,
    3: Cause.NO_SPACE,
    5: Cause.BAD_NAME,
    6: Cause.TOO_LARGE,
    20: Cause.NETWORK,
    21: Cause.NETWORK,
    22: Cause.NETWORK,
    23: Cause.UNREACHABLE,
    24: Cause.SERVER,
    30: Cause.SERVER,
    33: Cause.NOT_FOUND,
    34: Cause.FORBIDDEN,
    35: Cause.CERTIFICATE,
    36: Cause.FORBIDDEN,
    37: Cause.UNREACHABLE,
    38: Cause.NETWORK,  # fewer bytes than announced
    39: Cause.SERVER,
    40: Cause.CANCELLED,
    41: Cause.ENDED,
}


class EngineTransfer(QObject):
    """Runs while the engine has it."""

    progressed = pyqtSignal()
    ended = pyqtSignal(object)  # None when the file is whole, else a Cause
    survives_break = True
    # The engine tells neither; when it has to begin anew after a break, it does.
    anew = False
    etag = modified = ""

    def __init__(self, request: QWebEngineDownloadRequest) -> None:
        super().__init__()
        self._request = request
        request.receivedBytesChanged.connect(self.progressed)
        request.totalBytesChanged.connect(self.progressed)
        request.isPausedChanged.connect(self.progressed)
        request.stateChanged.connect(self._on_state)

    @property
    def received(self) -> int:
        """Bytes that have arrived."""
        return self._request.receivedBytes()

    @property
    def total(self) -> int | None:
        """Bytes in all, when the server said so."""
        total = self._request.totalBytes()
        return total if total > 0 else None

    @property
    def is_paused(self) -> bool:
        """Whether the user halted it."""
        return self._request.isPaused()

    def pause(self) -> None:
        """Halts it; the connection stays while the server allows it."""
        self._request.pause()

    def resume(self) -> bool:
        """Goes on after a pause or a break."""
        self._request.resume()
        return True

    def cancel(self) -> None:
        """Ends it; the engine removes what arrived."""
        self._request.cancel()

    def _on_state(self, state: QWebEngineDownloadRequest.DownloadState) -> None:
        match state:
            case _State.DownloadCompleted:
                self.ended.emit(None)
            case _State.DownloadInterrupted:
                reason: object = self._request.interruptReason().value
                self.ended.emit(_CAUSES.get(reason, Cause.FAILED))
            case _State.DownloadCancelled:
                self.ended.emit(Cause.CANCELLED)
            case _:
                pass

"""What the client of a server of files raises."""

from __future__ import annotations

from myco_browser.domain.files import FilesCause


class FilesError(Exception):
    """Something was not done. `cause` is for people, `detail` for the log."""

    def __init__(self, cause: FilesCause, detail: str = "") -> None:
        super().__init__(f"{cause.name.lower()}: {detail}" if detail else cause.name.lower())
        self.cause = cause
        self.detail = detail


_CAUSES = {
    401: FilesCause.REFUSED,
    403: FilesCause.FORBIDDEN,
    404: FilesCause.GONE,
    405: FilesCause.UNSUPPORTED,
    409: FilesCause.GONE,
    410: FilesCause.GONE,
    412: FilesCause.CHANGED,
    413: FilesCause.FULL,
    423: FilesCause.LOCKED,
    501: FilesCause.UNSUPPORTED,
    507: FilesCause.FULL,
}


def error_of(status: int, what: str) -> FilesError:
    """The error for an HTTP status that was not wanted."""
    return FilesError(_CAUSES.get(status, FilesCause.FAILED), f"{what}: status {status}")

"""What is known of a download: whence, where to, how far it is, and why it stopped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from myco_browser.domain.dangerous_files import Danger
from myco_browser.domain.messages import N_


class Phase(Enum):
    """Where a download stands; the value is how it stands in the database."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    """It did not come to its end; what arrived may be kept beside its place."""
    CHECKING = "checking"
    """All of it has arrived and is looked at."""
    HELD = "held"
    """It may do harm, and waits for a second yes under another name."""
    DONE = "done"


MOVING = frozenset({Phase.RUNNING, Phase.PAUSED, Phase.CHECKING})
"""What ends with the process that runs it."""


class Cause(Enum):
    """Why a download stopped; the value is the sentence to show."""

    CANCELLED = N_("Cancelled.")
    ENDED = N_("The browser was closed before it was finished.")
    NETWORK = N_("The connection broke.")
    UNREACHABLE = N_("The server could not be reached.")
    CERTIFICATE = N_("The server’s certificate is not in order.")
    SERVER = N_("The server gave no usable answer.")
    NOT_FOUND = N_("The server no longer has this file.")
    FORBIDDEN = N_("The server does not give this file to you, or no longer.")
    NO_SPACE = N_("There is no room left on the disk. Make room, then go on.")
    NO_ACCESS = N_("The folder may not be written.")
    FOLDER_GONE = N_("The folder is not there any more.")
    TOO_LARGE = N_("The file is too large for this disk.")
    BAD_NAME = N_("The disk does not take this file name.")
    DISK = N_("The file could not be written.")
    WRONG_LENGTH = N_("What arrived is not as long as the server had said.")
    BLOCKED = N_("The browser’s filters refused it.")
    FAILED = N_("It could not be downloaded.")


@dataclass(frozen=True, slots=True)
class Download:
    """One download. Sizes in bytes, times in Unix seconds; `ended` is 0 until it has ended."""

    number: int
    url: str
    site: str
    """The page that it was asked for from, as its site; "" when there was none."""
    folder: str
    name: str
    started: int
    phase: Phase
    total: int | None = None
    received: int = 0
    ended: int = 0
    cause: Cause | None = None
    danger: Danger | None = None
    found: str = ""
    """What in an archive is dangerous."""
    etag: str = ""
    modified: str = ""
    anew: bool = False
    """The file on the server was another one when it was gone on with, so it began anew."""
    resumable: bool = True
    """Whether the engine, or a server that was asked, may go on with it."""

    @property
    def has_validator(self) -> bool:
        """Whether a server can be asked to go on only if its file is still the same one."""
        return bool(self.etag or self.modified)


def condition(etag: str, modified: str) -> str:
    """The value of If-Range (RFC 9110, 13.1.5): a strong tag, else a date; "" for neither.

    A weak tag says that two answers mean the same, not that their bytes are the same.
    """
    if etag.startswith('"') and etag.endswith('"') and len(etag) > 1:
        return etag
    return modified


def same_checksum(pasted: str, computed: str) -> bool | None:
    """Whether a pasted SHA-256 is `computed`; None while there is none in what was pasted.

    Takes what sites and `sha256sum` write: capitals, a word before it, the file's name behind it.
    """
    found = re.search(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", pasted.lower())
    return None if found is None else found[0] == computed.lower()

"""Files on a server: what is known of them, and why something with them can fail."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import NamedTuple

from myco_browser.domain.messages import N_


class FilesCause(Enum):
    """Why a server of files did not do what was asked, for people."""

    UNREACHABLE = N_("The server cannot be reached.")
    CERTIFICATE = N_("The server's certificate is not in order.")
    NOT_ENCRYPTED = N_("The server does not offer an encrypted connection.")
    REFUSED = N_("The server does not accept the user name or the password.")
    FORBIDDEN = N_("The server does not allow it.")
    GONE = N_("It is not there any more.")
    TAKEN = N_("There is something of that name already.")
    CHANGED = N_("It was changed meanwhile by somebody else.")
    LOCKED = N_("Somebody else is working on it.")
    FULL = N_("There is no room left on the server.")
    UNSUPPORTED = N_("The server cannot do that.")
    BROKEN = N_("The server's answer cannot be understood.")
    FAILED = N_("Something went wrong on the server.")
    INTERRUPTED = N_("The connection broke off.")
    DISK_FULL = N_("There is no room left on this computer.")
    UNWRITABLE = N_("It cannot be written on this computer.")
    UNREADABLE = N_("It cannot be read on this computer.")
    LINK = N_("It is a link to another place, and links are not followed.")
    NAME = N_("Nothing can be called that on the server.")
    DANGER = N_("It can do harm, so it is only saved when you agree to it: use “Save”.")
    TOO_MUCH = N_("There are too many folders in it, or they lie too deep.")


class Entry(NamedTuple):
    """A file or folder. `path` begins below the user's root, decoded, without outer slashes."""

    path: str
    is_folder: bool
    size: int | None = None
    """In bytes; of a folder only where the server tells it."""
    modified: datetime | None = None
    etag: str = ""
    """The server's word for this state of the content, with its quotes (RFC 9110, 8.8.3)."""
    kind: str = ""
    """The media type, as the server sees it."""
    number: str = ""
    """Nextcloud's own number of the file."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The path of the folder it lies in; "" is the root."""
        return self.path.rpartition("/")[0]


class Missing(NamedTuple):
    """A part of a folder that did not get through. `path` begins below that folder."""

    path: str
    cause: FilesCause


class Quota(NamedTuple):
    """Room on the server, in bytes; None is not known (RFC 4331)."""

    used: int | None
    free: int | None


class Share(NamedTuple):
    """A link by which others can look at a file or folder."""

    number: str
    url: str
    path: str
    expires: str
    """The last day (YYYY-MM-DD), "" for ever."""
    has_password: bool

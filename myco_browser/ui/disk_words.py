"""Why a file could not be written or read, in plain words and in the user's language.

The system's own words are English, whatever the language of the window is.
"""

from __future__ import annotations

import errno

from myco_browser.ui.i18n import _

_PLACE = frozenset({errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR})


def unwritten(error: OSError, *, chosen: bool = False) -> str:
    """Why a file could not be written; what to do when the user has `chosen` where."""
    words = _unwritten(error)
    if chosen and error.errno in _PLACE:
        return " ".join((words, _("Choose another place.")))
    return words


def unread(error: OSError) -> str:
    """Why a file could not be read."""
    match error.errno:
        case errno.EACCES | errno.EPERM:
            return _("You may not read it.")
        case errno.ENOENT | errno.ENOTDIR:
            return _("It is not there any more.")
        case errno.EISDIR:
            return _("It is a folder.")
        case errno.EFBIG:
            return _("It is too large.")
        case errno.EIO:
            return _("The disk does not work as it should.")
        case _:
            return error.strerror or str(error)


def _unwritten(error: OSError) -> str:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return _("There is no room left on the disk. Make room, and try again.")
        case errno.EROFS:
            return _("The disk can only be read.")
        case errno.EACCES | errno.EPERM:
            return _("You may not write there.")
        case errno.ENOENT | errno.ENOTDIR:
            return _("The folder is not there any more.")
        case errno.EISDIR:
            return _("There is a folder of that name.")
        case errno.EFBIG:
            return _("It is too large.")
        case errno.ENAMETOOLONG | errno.EINVAL | errno.EILSEQ:
            return _("The disk does not take this name.")
        case errno.EIO:
            return _("The disk does not work as it should.")
        case _:
            return error.strerror or str(error)

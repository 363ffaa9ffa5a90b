"""Where Myco keeps what (XDG Base Directory Specification). Light: used before the hand-over.

    $XDG_DATA_HOME/myco-browser/everyday    the everyday session: cookies, tabs, settings
    $XDG_CACHE_HOME/myco-browser/everyday   its HTTP cache; may be deleted at any time
    $XDG_RUNTIME_DIR/myco-browser/          the socket of the running instance

With `--profile DIR` data is in DIR and the cache in DIR/cache. Folders are made for the user alone
(mode 0700).
"""

from __future__ import annotations

import os
from collections.abc import Mapping

_NAME = "myco-browser"
_EVERYDAY = "everyday"


def data_directory(environ: Mapping[str, str]) -> str:
    """The everyday session's folder, when none is asked for."""
    return os.path.join(_base(environ, "XDG_DATA_HOME", ".local/share"), _NAME, _EVERYDAY)


def cache_directory(environ: Mapping[str, str], profile: str) -> str:
    """The cache that belongs to `profile`."""
    if os.path.normpath(profile) != os.path.normpath(data_directory(environ)):
        return os.path.join(profile, "cache")
    return os.path.join(_base(environ, "XDG_CACHE_HOME", ".cache"), _NAME, _EVERYDAY)


def runtime_directory(environ: Mapping[str, str]) -> str | None:
    """The folder for sockets: made, ours and closed to others; None when there is no such thing."""
    base = environ.get("XDG_RUNTIME_DIR", "")
    if not os.path.isabs(base):
        return None
    folder = os.path.join(base, _NAME)
    try:
        make_private(folder)
        return folder if is_private(folder) else None
    except OSError:
        return None


def make_private(folder: str) -> None:
    """Make `folder` and what is missing above it. Raises OSError."""
    if os.path.isdir(folder):
        return
    parent = os.path.dirname(folder)
    if parent != folder:
        make_private(parent)
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        if not os.path.isdir(folder):
            raise


def is_private(folder: str) -> bool:
    """Whether only our user can do anything in `folder`. Raises OSError."""
    status = os.lstat(folder)
    return status.st_uid == os.geteuid() and status.st_mode & 0o077 == 0


def _base(environ: Mapping[str, str], variable: str, below_home: str) -> str:
    chosen = environ.get(variable, "")
    if os.path.isabs(chosen):  # the specification: relative ones are invalid and ignored
        return chosen
    return os.path.join(os.path.expanduser("~"), below_home)

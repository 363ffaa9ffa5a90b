"""Writing a small private file so that it is there whole or not at all; and who can change one."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path


def replace_file(path: Path, payload: bytes) -> None:
    """Put `payload` in the place of `path`, readable by its owner only. Raises OSError.

    The folder is made if need be. Both the file and its name are on disk when this returns.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fd, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(fd, "wb") as file:
            file.write(payload)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def changeable_by_others(path: Path, owner: int, root: Path = Path("/")) -> Path | None:
    """What, of `path` and the folders above it up to `root`, others than `owner` can write to.

    Links are followed first. None: nobody else can put another file in its place. Raises OSError.
    """
    path, root = path.resolve(), root.resolve()
    for part in (path, *path.parents):
        found = part.stat()
        if found.st_uid != owner or stat.S_IMODE(found.st_mode) & 0o022:
            return part
        if part == root:
            break
    return None

"""Giving files their names without ever taking one that something else has."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def move_to_new(source: Path, target: Path) -> None:
    """Moves a file or folder to a name that is free. Raises FileExistsError, OSError."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        # A folder, or a disk without links (FAT): looking first is what is left.
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target) from None
        source.rename(target)
        return
    source.unlink()

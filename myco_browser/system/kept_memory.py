"""Values kept in memory that the kernel frees at once and whole: no copy lies in a heap.

A private session's tabs are kept for the case of a crash by a process that never reads them: it
holds the descriptor only, and when that is closed, nothing is left.
"""

from __future__ import annotations

import json
import os

_LONGEST = 16 * 1024 * 1024


def keep(value: object) -> int:
    """A descriptor of memory that holds `value` as JSON. Raises OSError."""
    fd = os.memfd_create("myco-kept", os.MFD_CLOEXEC)
    try:
        content = memoryview(json.dumps(value).encode())
        while content:
            content = content[os.write(fd, content) :]
    except OSError:
        os.close(fd)
        raise
    return fd


def read_kept(fd: int) -> object:
    """The value that `keep` put there; None when it cannot be read."""
    try:
        return json.loads(os.pread(fd, _LONGEST, 0))
    except (OSError, ValueError):
        return None

"""Where this computer may write memory to: a disk in clear, an encrypted one, or nowhere."""

from __future__ import annotations

import os
from collections.abc import Callable
from enum import Enum
from pathlib import Path

_ENCRYPTED = "CRYPT-"


class Swap(Enum):
    """The least safe of all swap areas."""

    NONE = "none"
    """None, or only compressed memory (zram), which never reaches a disk."""
    ENCRYPTED = "encrypted"
    CLEAR = "clear"


def swap_here() -> Swap:
    """What the kernel uses now; what cannot be read counts as in clear."""
    try:
        return swap_of(Path("/proc/swaps").read_text(), _is_encrypted)
    except OSError:
        return Swap.CLEAR


def swap_of(text: str, is_encrypted: Callable[[str], bool]) -> Swap:
    """Judges the text of /proc/swaps; `is_encrypted` tells of a device by its path."""
    paths = [line.split()[0] for line in text.splitlines()[1:] if line.strip()]
    on_disk = [path for path in paths if not os.path.basename(path).startswith("zram")]
    if not on_disk:
        return Swap.NONE
    return Swap.ENCRYPTED if all(map(is_encrypted, on_disk)) else Swap.CLEAR


def _is_encrypted(path: str) -> bool:
    """Whether a device is one that dm-crypt made; what lies below a file is not looked at."""
    name = os.path.basename(os.path.realpath(path))
    try:
        return Path(f"/sys/class/block/{name}/dm/uuid").read_text().startswith(_ENCRYPTED)
    except OSError:
        return False

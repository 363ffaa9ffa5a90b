"""Whether this machine has a graphics card that programs may draw with.

Without one, the system draws OpenGL in software: a page is painted as textures by the processor,
then composed by the processor as if it were a card. Painting directly is faster and needs less
memory (docs/benchmarks.md).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

_FAILED = "graphics-failed"
# Render nodes of the kernel's drivers, NVIDIA's own driver, and the card of Windows' Linux.
_DEVICES = ("dri/renderD*", "dri/card*", "nvidiactl", "dxg")


def has_graphics_device(devices: Path = Path("/dev")) -> bool:
    """Whether there is a graphics device that this process may open for drawing."""
    return any(os.access(path, os.R_OK | os.W_OK) for path in _found(devices))


def has_failed(profile: Path) -> bool:
    """Whether the card is remembered as the cause of crashes."""
    return (profile / _FAILED).exists()


def note_failure(profile: Path) -> None:
    """Remembers it; where nothing can be written, it holds for this session."""
    with contextlib.suppress(OSError):
        (profile / _FAILED).touch(mode=0o600)


def forget_failure(profile: Path) -> None:
    """The card is to be tried once more."""
    with contextlib.suppress(OSError):
        (profile / _FAILED).unlink()


def _found(devices: Path) -> Iterable[Path]:
    return (path for pattern in _DEVICES for path in devices.glob(pattern))

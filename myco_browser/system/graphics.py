"""Whether this machine has a graphics card that programs may draw with.

Without one, the system draws OpenGL in software: a page is painted as textures by the processor,
then composed by the processor as if it were a card. Painting directly is faster and needs less
memory (docs/benchmarks.md).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

# Render nodes of the kernel's drivers, NVIDIA's own driver, and the card of Windows' Linux.
_DEVICES = ("dri/renderD*", "dri/card*", "nvidiactl", "dxg")


def has_graphics_device(devices: Path = Path("/dev")) -> bool:
    """Whether there is a graphics device that this process may open for drawing."""
    return any(os.access(path, os.R_OK | os.W_OK) for path in _found(devices))


def _found(devices: Path) -> Iterable[Path]:
    return (path for pattern in _DEVICES for path in devices.glob(pattern))

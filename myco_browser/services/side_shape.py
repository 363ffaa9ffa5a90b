"""How the sidebar was left: what was open in it, and how wide."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path

from myco_browser.services.atomic_files import write_atomically

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SideShape:
    """`part` is what is open, "" for nothing; `width` in device-independent pixels."""

    part: str
    width: int


def read_shape(path: Path, usual: SideShape) -> SideShape:
    """The shape that was kept, or the usual one."""
    try:
        row = json.loads(path.read_bytes()[:4096])
        return SideShape(str(row["open"]), int(row["width"]))
    except (OSError, ValueError, KeyError, TypeError):
        return usual


def keep_shape(path: Path, shape: SideShape) -> None:
    """Keeps a shape; that it cannot be kept is told in the log only."""
    body = json.dumps({"open": shape.part, "width": shape.width})
    try:
        write_atomically(path, body.encode("ascii", "replace"))
    except OSError as error:
        _log.warning("the sidebar's shape cannot be kept: %s", error)

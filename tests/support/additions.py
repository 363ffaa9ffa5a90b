"""What Myco uses and does not ship, given to a browser under test; scripts/test fetches it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from support.browser_rig import BrowserRig


def give_addition(rig: BrowserRig, name: str) -> None:
    """Puts "reader" or "dictionaries" where the browser looks; skips the test without it."""
    source = Path(os.environ.get("MYCO_ADDITIONS", "/nowhere"), name)
    if not source.is_dir():
        pytest.skip(f"the addition “{name}” is not here: scripts/test fetches it")
    shutil.copytree(source, rig.folder / "home/.local/share/myco-browser" / name)

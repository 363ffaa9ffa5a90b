"""A launcher for each test, in a folder with a short name: AF_UNIX paths are limited."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.launcher_rig import LauncherRig, launcher_rig


@pytest.fixture
def rig() -> Iterator[LauncherRig]:
    with tempfile.TemporaryDirectory(prefix="myco-t-") as folder, launcher_rig(Path(folder)) as rig:
        yield rig

"""A browser that was started and left alone sends nothing: judged at the door and at the wire."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_PROGRAM = _ROOT / "tests" / "support" / "quiet_network.py"
_IDLE_S = 60
_PATIENCE_S = 150


def _packages() -> str:
    parts = (".", "filters", "vpn", "resources", "tests")
    return os.pathsep.join(str(_ROOT / part) for part in parts)


def test_an_idle_start_sends_nothing_for_a_minute() -> None:
    if os.geteuid() == 0:
        pytest.fail("end-to-end tests run as a normal user: root would need the sandbox off")
    with tempfile.TemporaryDirectory(prefix="myco-") as folder:
        watched = subprocess.run(
            [sys.executable, "-P", str(_PROGRAM), folder, str(_IDLE_S)],
            env={**os.environ, "PYTHONPATH": _packages()},
            capture_output=True, text=True, timeout=_PATIENCE_S, check=False,
        )  # fmt: skip
    assert watched.returncode == 0, watched.stderr[-4000:]
    seen = json.loads(watched.stdout.splitlines()[-1])
    assert seen["control"], "the capture does not see"
    assert seen["others"] == []
    assert seen["arp"] == 0
    assert seen["counted"] == []
    assert seen["exit"] == "direct"  # nothing was asked, rather than refused
    assert seen["address"].startswith("myco://start")
    for sets in seen["capabilities"].values():
        assert [int(line.split()[1], 16) for line in sets] == [0, 0, 0, 0]

"""The first session is a copy of the launcher: it must not keep what is the launcher's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

_PROGRAM = Path(__file__).parents[2] / "support" / "forked_session.py"
_BAD = {"QTWEBENGINE_DISABLE_SANDBOX": "1", "http_proxy": "http://x.example:1", "QML_DEBUG": "1"}


def test_the_copy_has_what_a_new_process_would_have() -> None:
    reading, writing = os.pipe()
    ended = subprocess.run(
        [sys.executable, str(_PROGRAM)],
        env={**os.environ, **_BAD, "WAYLAND_DISPLAY": "wayland-7"},
        stdin=reading,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(reading)
    os.close(writing)
    assert ended.returncode == 7, ended.stderr
    found = json.loads(ended.stdout)
    environ = found["environ"]
    assert not _BAD.keys() & environ.keys()
    assert environ["WAYLAND_DISPLAY"] == "wayland-7"
    assert environ["MYCO_SESSION"].endswith(".1")
    assert found["argv"] == ["--launcher-fd"]
    assert found["leads"] is True
    assert found["input"] == "/dev/null"
    # Standard input, output and errors, and the one by which the folder was read.
    assert found["descriptors"][:3] == [0, 1, 2]
    assert len(found["descriptors"]) == 4
    assert found["pipe"] is True
    assert str(_PROGRAM.parent) not in found["path"]
    assert found["urls"] == ["https://a.example/"]

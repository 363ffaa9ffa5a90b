"""The launcher with a stand-in for sessions; otherwise the program as users start it.

$MYCO_TEST_SESSION names another stand-in than `session_stub`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from myco_browser import cli
from myco_browser.launcher import instance, start
from myco_browser.launcher.spawning import SessionProgram

if __name__ == "__main__":
    options = cli.parse(sys.argv[1:])
    claim = instance.claim(options)
    if claim is None:
        sys.exit(0)
    name = os.environ.get("MYCO_TEST_SESSION", "session_stub")
    program = str(Path(__file__).with_name(f"{name}.py"))
    sys.exit(start.run(options, claim, SessionProgram((sys.executable, "-P", program))))

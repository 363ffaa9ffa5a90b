"""The launcher with the stand-in for sessions; otherwise the program as users start it."""

from __future__ import annotations

import sys

from myco_browser import cli
from myco_browser.launcher import instance, start

if __name__ == "__main__":
    options = cli.parse(sys.argv[1:])
    claim = instance.claim(options)
    if claim is None:
        sys.exit(0)
    stub = __file__.replace("launcher_main", "session_stub")
    sys.exit(start.run(options, claim, (sys.executable, "-P", stub)))

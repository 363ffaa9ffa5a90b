"""The browser as users start it, but for sessions that a test can lead."""

from __future__ import annotations

import sys

from myco_browser import cli
from myco_browser.launcher import instance, start

if __name__ == "__main__":
    options = cli.parse(sys.argv[1:])
    claim = instance.claim(options)
    if claim is None:
        sys.exit(0)
    driven = __file__.replace("browser_main", "driven_session")
    sys.exit(start.run(options, claim, (sys.executable, "-P", driven)))

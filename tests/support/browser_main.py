"""The browser as users start it, but for sessions that a test can lead."""

from __future__ import annotations

import sys

from myco_browser import cli
from myco_browser.launcher import instance, start
from myco_browser.launcher.spawning import SessionProgram


def _driven_main() -> int:
    from support import driven_session

    return driven_session.main()


if __name__ == "__main__":
    options = cli.parse(sys.argv[1:])
    claim = instance.claim(options)
    if claim is None:
        sys.exit(0)
    driven = __file__.replace("browser_main", "driven_session")
    program = SessionProgram((sys.executable, "-P", driven), _driven_main)
    sys.exit(start.run(options, claim, program))

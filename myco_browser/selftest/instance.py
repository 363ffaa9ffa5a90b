"""The browser under test: the whole of it, but for a hand in each session that presses buttons."""

from __future__ import annotations

import sys

from myco_browser import cli
from myco_browser.launcher import instance, start
from myco_browser.launcher.spawning import SessionProgram
from myco_vpn.seal import die_with_parent

SESSION = SessionProgram((sys.executable, "-P", "-m", "myco_browser.app.tested"))


def main(session: SessionProgram = SESSION) -> int:
    """Runs as a process, which ends with the self-test."""
    die_with_parent()
    options = cli.parse(sys.argv[1:])
    try:
        claim = instance.claim(options)
    except instance.InstanceError as error:
        print(error, file=sys.stderr)
        return 2
    return 2 if claim is None else start.run(options, claim, session, is_self_test=True)


if __name__ == "__main__":
    sys.exit(main())

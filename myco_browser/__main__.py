"""`myco-browser`: hand the URLs to a running instance, or become one.

Until the hand-over is decided only light modules are imported: a second start must be done within
100 ms of exec.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from myco_browser import cli
from myco_browser.launcher import instance


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    options = cli.parse(sys.argv[1:] if arguments is None else arguments)
    if options.version:
        return _show_version()
    if os.geteuid() == 0:
        return _refuse(
            "Myco Browser does not run as root: the sandbox that keeps pages from your system "
            "works for ordinary users only. Start it as the user who is logged in."
        )
    if options.desktop:
        return _run_apart("myco_browser.app.desktop", options.desktop, options.language or "system")
    if options.self_test:
        from myco_browser.selftest import command  # asyncio, which no other start needs here

        return command.main(options.profile, as_json=options.json, seal=options.seal)
    try:
        claim = instance.claim(options)
    except instance.InstanceError as error:
        return _refuse(str(error))
    if claim is None:
        return 0
    # A second start has no use for it.
    from myco_browser.launcher import start
    from myco_browser.launcher.spawning import SessionProgram

    session = SessionProgram((sys.executable, "-P", "-m", "myco_browser.app"), _session_main)
    return start.run(options, claim, session)


def _session_main() -> int:
    from myco_browser.app.__main__ import main  # only a copy of the launcher needs it

    return main()


def _refuse(sentence: str) -> int:
    print(f"myco-browser: {sentence}", file=sys.stderr)
    return 2


def _show_version() -> int:
    return _run_apart("myco_browser.versions")


def _run_apart(module: str, *words: str) -> int:
    # In a process of its own: the launcher never loads Qt.
    import subprocess

    from myco_browser.launcher import environment

    command = [sys.executable, "-P", "-m", module, *words]
    return subprocess.run(command, env=environment.for_child(os.environ), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

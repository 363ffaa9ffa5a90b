"""A launcher that forks its first session, which tells as JSON what it was given."""

from __future__ import annotations

import json
import os
import signal
import sys

from myco_browser.launcher import environment
from myco_browser.launcher.spawning import (
    LauncherSettings,
    OpenRequest,
    SessionName,
    SessionProgram,
    fork_session,
)
from myco_vpn.framing import MessageSocket


def _tell() -> None:
    hello = MessageSocket.from_fd(int(sys.argv[2]), 10.0).receive()
    assert hello is not None
    hello.close_fds()
    descriptors = {int(name) for name in os.listdir("/proc/self/fd")}
    found = {
        "argv": sys.argv[1:2],
        "environ": dict(os.environ),
        "leads": os.getsid(0) == os.getpid(),
        "input": os.readlink("/proc/self/fd/0"),
        "descriptors": sorted(descriptors - {int(sys.argv[2])}),
        "pipe": signal.getsignal(signal.SIGPIPE) is signal.SIG_DFL,
        "path": sys.path,
        "urls": hello.body["urls"],
    }
    print(json.dumps(found), flush=True)


def main() -> int:
    """Both processes."""
    environ = environment.for_child(os.environ)
    settings = LauncherSettings(
        "/p", "/c", environ, True, None, "warning", (), "/e", SessionProgram(())
    )
    request = OpenRequest(("https://a.example/",))
    spawned = fork_session(settings, SessionName.everyday(), request)
    if spawned is None:
        _tell()
        return 7
    assert spawned.mark in {f"{environment.SESSION_MARK}={os.getpid()}.1"}
    _, status = os.waitpid(spawned.pid, 0)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main())

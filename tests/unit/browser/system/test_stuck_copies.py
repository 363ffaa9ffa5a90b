"""A copy of this process that stands still is ended: none that works, and no other program."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable

from myco_browser.system.stuck_copies import end_stuck_copies


def _copy(act: Callable[[], object]) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            act()
        finally:
            os._exit(1)
    return pid


def _work() -> None:
    while True:
        pass


def test_only_a_copy_that_stands_still_is_ended() -> None:
    stuck, busy = _copy(signal.pause), _copy(_work)
    program = subprocess.Popen(["sleep", "60"])
    try:
        watch = end_stuck_copies(0.05)
        _pid, status = os.waitpid(stuck, 0)
        watch.join()
        assert os.WTERMSIG(status) == signal.SIGKILL
        assert program.poll() is None
        assert os.waitpid(busy, os.WNOHANG) == (0, 0)
    finally:
        program.kill()
        program.wait()
        os.kill(busy, signal.SIGKILL)
        os.waitpid(busy, 0)

"""Hearing of the end of child processes.

The launcher adopts orphans of its sessions (a "child subreaper"), so that it must reap whatever
ends, not only what it started: one SIGCHLD handler does all of it.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable

from myco_vpn import kernel

OnExit = Callable[[int], None]
"""Called with the exit status; negative: the signal that ended it."""


class Children:
    """All processes of this launcher. To be made on the main thread, inside the loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._watched: dict[int, OnExit] = {}
        kernel.set_child_subreaper()
        self._loop.add_signal_handler(signal.SIGCHLD, self._reap)

    def watch(self, pid: int, on_exit: OnExit) -> None:
        """Call back once when the child `pid` ends, also if it has ended already."""
        self._watched[pid] = on_exit
        self._loop.call_soon(self._reap)

    def close(self) -> None:
        """Stop watching."""
        self._loop.remove_signal_handler(signal.SIGCHLD)

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            on_exit = self._watched.pop(pid, None)
            if on_exit is not None:
                on_exit(os.waitstatus_to_exitcode(status))

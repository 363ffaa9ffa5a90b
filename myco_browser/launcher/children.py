"""Starting child processes and hearing of their end.

The launcher adopts orphans of its sessions (a "child subreaper"), so that it must reap whatever
ends, not only what it started: one SIGCHLD handler does all of it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence

from myco_vpn import kernel

OnExit = Callable[[int], None]
"""Called with the exit status; negative: the signal that ended it."""


class Children:
    """All processes of this launcher. To be made on the main thread, inside the loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._running: dict[int, tuple[subprocess.Popen[bytes], OnExit]] = {}
        kernel.set_child_subreaper()
        self._loop.add_signal_handler(signal.SIGCHLD, self._reap)

    def spawn(
        self,
        command: Sequence[str],
        environ: Mapping[str, str],
        fds: Sequence[int],
        on_exit: OnExit,
    ) -> int:
        """Start `command` as leader of its own kernel session, with `fds` open. Raises OSError."""
        home = os.path.expanduser("~")
        process = subprocess.Popen(
            command,
            env=dict(environ),
            # Not in the caller's folder, which a child would keep busy.
            cwd=home if os.path.isdir(home) else "/",
            pass_fds=fds,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._running[process.pid] = (process, on_exit)
        return process.pid

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
            known = self._running.pop(pid, None)
            if known is not None:
                process, on_exit = known
                process.returncode = os.waitstatus_to_exitcode(status)
                on_exit(process.returncode)

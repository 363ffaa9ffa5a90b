"""Ends copies of this process that came to a standstill before they became another program.

The engine copies the process to start its first helper, past the C library's own precautions, and
the copy asks for memory. If another thread was just then in the allocator, its lock stays taken in
the copy for ever, and no page ever comes (seen with Qt 6.11: once in some hundred starts on a busy
machine). When the copy is gone, the engine gives up at once, and the session is started anew like
after any crash.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_LOOK_S = 1.0
_LOOKS = 10
_STANDSTILL = 3
"""So many looks without any work of the copy's mean that it stands still."""


def end_stuck_copies(look_s: float = _LOOK_S) -> threading.Thread:
    """Watches the copies that this thread makes, for ten looks; called before the engine starts."""
    thread = f"/proc/self/task/{threading.get_native_id()}"
    watch = threading.Thread(target=_watch, args=(thread, look_s), name="myco-copies", daemon=True)
    watch.start()
    return watch


def _watch(thread: str, look_s: float) -> None:
    idle: dict[tuple[int, int], int] = {}
    pause = threading.Event()
    for _look in range(_LOOKS):
        pause.wait(look_s)
        idle = {one: idle.get(one, 0) + 1 for one in _copies(thread)}
        for (pid, _work), looks in idle.items():
            if looks >= _STANDSTILL:
                with suppress(OSError):
                    os.kill(pid, signal.SIGKILL)


def _copies(thread: str) -> Iterator[tuple[int, int]]:
    """Children that wait and are no other program yet, and the work they did, in clock ticks."""
    # Not by /proc/PID/exe: a copy in a user namespace of its own does not let us look there.
    with suppress(OSError, ValueError, IndexError):
        name = _stat("self")[0]
        for pid in Path(thread, "children").read_text().split():
            its_name, fields = _stat(pid)
            if its_name == name and fields[0] == "S":
                yield int(pid), int(fields[11]) + int(fields[12])


def _stat(pid: str) -> tuple[str, list[str]]:
    """The command's name, and what follows it in /proc/PID/stat (proc(5))."""
    text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    end = text.rindex(")")
    return text[text.index("(") + 1 : end], text[end + 2 :].split()

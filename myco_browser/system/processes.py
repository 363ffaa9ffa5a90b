"""Process trees, read from /proc: who belongs to a session, and ending them all.

A process is named by pid and start time together, so that a pid used again is never hit.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    """One process as /proc/PID/stat tells it."""

    pid: int
    name: str
    """The command's name, at most 15 characters."""
    parent: int
    session: int
    start: int
    """Clock ticks since boot."""
    is_zombie: bool


def all_processes() -> list[Process]:
    """Every process that can be seen."""
    found = (read_process(int(name)) for name in os.listdir(_PROC) if name.isdigit())
    return [process for process in found if process is not None]


def read_process(pid: int) -> Process | None:
    """The process with this pid, if there is one."""
    try:
        text = (_PROC / str(pid) / "stat").read_text("utf-8", "replace")
    except OSError:
        return None
    # The command's name stands in parentheses and may hold anything, also parentheses.
    end = text.rindex(")")
    fields = text[end + 2 :].split()
    name = text[text.index("(") + 1 : end]
    return Process(pid, name, int(fields[1]), int(fields[3]), int(fields[19]), fields[0] in "ZX")


def descendants(root: int, processes: Iterable[Process]) -> set[Process]:
    """All that `root` started, directly or not, without itself."""
    children: dict[int, list[Process]] = {}
    for process in processes:
        children.setdefault(process.parent, []).append(process)
    found: set[Process] = set()
    waiting = [root]
    while waiting:
        for child in children.get(waiting.pop(), []):
            if child not in found:
                found.add(child)
                waiting.append(child.pid)
    return found


def tree_of(leader: int, mark: str) -> set[Process]:
    """All living processes of the session led by `leader`, also when that is gone.

    They are its descendants, the members of its kernel session, and whoever has `mark`
    ("NAME=value") in the environment, wherever they have gone since.
    """
    processes = [process for process in all_processes() if not process.is_zombie]
    found = descendants(leader, processes)
    found |= {p for p in processes if leader in (p.session, p.pid) or _has_mark(p, mark)}
    return found


def kill(processes: Iterable[Process]) -> None:
    """SIGKILL to each that is still the same process."""
    for process in processes:
        now = read_process(process.pid)
        if now is not None and now.start == process.start:
            try:
                os.kill(process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                continue


def _has_mark(process: Process, mark: str) -> bool:
    try:
        environ = (_PROC / str(process.pid) / "environ").read_bytes()
    except OSError:  # another user's, or one that hides its memory
        return False
    return mark.encode() in environ.split(b"\0")

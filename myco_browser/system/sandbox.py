"""Whether the engine's processes of pages are confined, as the kernel tells it (proc(5))."""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass

_STARTED = 19  # of the words after the name in /proc/PID/stat: when it began, in ticks
_BEGINNING_S = 3.0
_FILTERED = "2"  # seccomp(2): a filter decides on every system call


@dataclass(frozen=True, slots=True)
class Confinement:
    """How many processes draw pages, and how many of them are confined in which way."""

    renderers: int
    filtered: int
    apart: int
    """In a user namespace of their own."""

    @property
    def is_whole(self) -> bool:
        """Whether every one of them is confined in both ways."""
        return self.renderers > 0 and self.filtered == self.apart == self.renderers


def confinement() -> Confinement:
    """Of the renderers that descend from this process."""
    own = _link("self")
    found = [pid for pid in _descendants() if _draws_pages(pid) and not _is_beginning(pid)]
    filtered = sum(_is_filtered(pid) for pid in found)
    # Where not even the link may be read, the process is out of our reach, which is the point.
    apart = sum(_link(pid) != own for pid in found)
    return Confinement(len(found), filtered, apart)


def _is_filtered(pid: str) -> bool:
    return _field(pid, "Seccomp") == _FILTERED


def _is_beginning(pid: str) -> bool:
    """A process gets its filter some tenths of a second after it began, and before any page."""
    words = _read(pid, "stat").rpartition(")")[2].split()
    if _is_filtered(pid) or len(words) <= _STARTED:
        return False
    age_s = time.clock_gettime(time.CLOCK_BOOTTIME) - int(words[_STARTED]) / os.sysconf(
        "SC_CLK_TCK"
    )
    return age_s < _BEGINNING_S


def _draws_pages(pid: str) -> bool:
    """The engine forks them from its zygote: ours starts one, that one a second in the sandbox,
    and each child of the second, with the command line of both, draws pages."""
    line = [pid]
    for _step in range(2):
        line.append(_field(line[-1], "PPid"))
    return all("--type=zygote" in _read(one, "cmdline") for one in line)


def _descendants() -> list[str]:
    parents = {pid: _field(pid, "PPid") for pid in os.listdir("/proc") if pid.isdecimal()}
    ours = {str(os.getpid())}
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sorted(ours)


def _field(pid: str, name: str) -> str:
    for line in _read(pid, "status").splitlines():
        if line.startswith(f"{name}:"):
            return line.partition(":")[2].strip()
    return ""


def _read(pid: str, name: str) -> str:
    with contextlib.suppress(OSError), open(f"/proc/{pid}/{name}", errors="replace") as file:
        return file.read()
    return ""


def _link(pid: str) -> str:
    with contextlib.suppress(OSError):
        return os.readlink(f"/proc/{pid}/ns/user")
    return ""

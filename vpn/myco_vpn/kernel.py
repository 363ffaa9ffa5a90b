"""The few Linux calls that Python 3.11 does not offer, by ctypes.

Every function raises OSError with the kernel's number. Constants are from the kernel's uapi
headers and the same on all architectures.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Sequence

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
CLONE_NEWNS = 0x00020000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NAME = 15
_PR_SET_SECCOMP = 22
_PR_CAPBSET_DROP = 24
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4
_SECCOMP_MODE_FILTER = 2
_CAP_VERSION_3 = 0x20080522
_LAST_CAPABILITY = 63
_EINVAL = 22
_MCL_CURRENT, _MCL_FUTURE, _MCL_ONFAULT = 1, 2, 4

_libc = ctypes.CDLL(None, use_errno=True)


def unshare(flags: int) -> None:
    """unshare(2)."""
    _check(_libc.unshare(ctypes.c_int(flags)))


def setns(fd: int, kind: int) -> None:
    """setns(2)."""
    _check(_libc.setns(ctypes.c_int(fd), ctypes.c_int(kind)))


def set_parent_death_signal(signal: int) -> None:
    """Ask for `signal` when the thread that started this process ends; 0 asks for none.

    A change of credentials clears it, so it comes after those.
    """
    _prctl(_PR_SET_PDEATHSIG, signal)


def set_name(name: str) -> None:
    """Call this thread `name` in lists of processes: at most 15 bytes of it."""
    buffer = ctypes.create_string_buffer(name.encode())
    _check(_libc.prctl(ctypes.c_int(_PR_SET_NAME), buffer))


def set_child_subreaper() -> None:
    """Make orphaned descendants children of this process instead of init's."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def set_dumpable() -> None:
    """Give /proc/self back to our own user after a change of credentials."""
    _prctl(_PR_SET_DUMPABLE, 1)


def forbid_new_privileges() -> None:
    """Let no program that is executed from here gain rights by its file (set-user-ID and such)."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def filter_system_calls(instructions: Sequence[tuple[int, int, int, int]]) -> None:
    """Install a seccomp filter (code, jump if true, jump if false, operand); for good.

    It needs `forbid_new_privileges` before it.
    """
    program = b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions)
    buffer = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("@HP", len(instructions), ctypes.addressof(buffer))
    zero = ctypes.c_ulong(0)
    mode = ctypes.c_ulong(_SECCOMP_MODE_FILTER)
    _check(_libc.prctl(ctypes.c_int(_PR_SET_SECCOMP), mode, header, zero, zero))


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """mount(2)."""
    words = (source.encode(), os.fsencode(target), kind.encode())
    _check(_libc.mount(*words, ctypes.c_ulong(flags), options.encode()))


def lock_memory() -> None:
    """Keep this process's memory from being written to swap, as far as it is in use, for good."""
    _check(_libc.mlockall(ctypes.c_int(_MCL_CURRENT | _MCL_FUTURE | _MCL_ONFAULT)))


def drop_all_capabilities() -> None:
    """Leave this thread, and all it will execute, without any capability."""
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    for capability in range(_LAST_CAPABILITY + 1):
        try:
            _prctl(_PR_CAPBSET_DROP, capability)
        except OSError as error:
            if error.errno == _EINVAL:  # past the last one this kernel knows
                break
            raise
    header = ctypes.create_string_buffer(struct.pack("=Ii", _CAP_VERSION_3, 0))
    nothing = ctypes.create_string_buffer(struct.pack("=6I", 0, 0, 0, 0, 0, 0))
    _check(_libc.capset(header, nothing))


def _prctl(option: int, argument: int) -> None:
    zero = ctypes.c_ulong(0)
    _check(_libc.prctl(ctypes.c_int(option), ctypes.c_ulong(argument), zero, zero, zero))


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))

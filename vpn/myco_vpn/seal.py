"""Sealing a session: a process whose only network is a loopback of its own.

A sealed process lives in a new user and network namespace. It listens there and hands the
listening sockets to the door, which accepts on them from outside: a socket keeps the namespace it
was made in. So the kernel, not our care, keeps the session from reaching anything else.

Call `open_listeners` in a process with one thread, before anything that starts threads (Qt) is
imported. Whether the kernel allows it is found out by trying in a forked child: Ubuntu 24.04, for
one, lets `unshare` succeed and then refuses the uid map, which would leave this process crippled.

What a network namespace does not hide: sockets with a path (X11, Wayland, PulseAudio, a session
bus at a path). What it does hide: abstract AF_UNIX sockets, such as X11's `@/tmp/.X11-unix/X0`
(clients fall back to the path) and a session bus on an abstract address (no fallback).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import signal
import socket
import struct
from typing import NamedTuple

from myco_vpn import kernel

FIRST_PORT = 1080
"""Where a sealed session's proxy listens, on its own loopback; further listeners follow."""
MAX_LISTENERS = 16
NOT_WISHED = "not wished"
"""The reason when nobody tried; any other is in the words of the system."""
_BACKLOG = 4096
_SIOCSIFFLAGS = 0x8914
_IFF_UP_RUNNING = 0x41
_PROBE_SECONDS = 5


class Sealed(NamedTuple):
    """This process has no network but its own loopback, where the door listens."""

    listeners: tuple[socket.socket, ...]

    @property
    def ports(self) -> tuple[int, ...]:
        """The proxy ports, all on 127.0.0.1."""
        return _ports(self.listeners)


class Unsealed(NamedTuple):
    """This process keeps the host's network; only flags and the door's check of uids protect."""

    reason: str
    listeners: tuple[socket.socket, ...]

    @property
    def ports(self) -> tuple[int, ...]:
        """The proxy ports, all on 127.0.0.1."""
        return _ports(self.listeners)


def open_listeners(wish_sealed: bool, ports: int = 1) -> Sealed | Unsealed:
    """Seal this process if wished and possible, and listen for the engine's connections.

    Raises OSError when not even an ordinary loopback socket can be had.
    """
    if not 1 <= ports <= MAX_LISTENERS:
        raise ValueError(f"{ports} listeners")
    if not wish_sealed:
        return Unsealed(NOT_WISHED, _listen([0] * ports))
    reason = _why_not(ports)
    if reason:
        return Unsealed(reason, _listen([0] * ports))
    return Sealed(_seal(ports))


def die_with_parent() -> None:
    """Be killed when the parent is; to be called after `open_listeners`, which would undo it."""
    kernel.set_parent_death_signal(signal.SIGKILL)


def forbid_core_files() -> None:
    """Never write memory to disk: for sessions that keep nothing."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def lock_memory() -> bool:
    """Keep this process's memory out of swap; False where ordinary users may lock little only.

    A limit is no help: it counts what is reserved, and an engine reserves more than there is.
    """
    try:
        _soft, hard = resource.getrlimit(resource.RLIMIT_MEMLOCK)
        if hard != resource.RLIM_INFINITY:
            return False
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (hard, hard))
        kernel.lock_memory()
    except (OSError, ValueError):
        return False
    return True


def _why_not(ports: int) -> str:
    """Why sealing fails here ("" when it works), tried in a child that ends at once."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _report_attempt(ports, writing)
    os.close(writing)
    with open(reading, "rb") as pipe:
        answer = pipe.read(4096).decode("utf-8", "replace")
    os.waitpid(child, 0)
    if answer == "sealed":
        return ""
    return answer or "the attempt ended without an answer"


def _report_attempt(ports: int, writing: int) -> None:
    """The child's part: never returns, never runs the parent's exit handlers."""
    try:
        signal.alarm(_PROBE_SECONDS)
        _seal(ports)
        answer = "sealed"
    except OSError as error:
        answer = f"{error.strerror or error} ({error.filename or 'namespace'})"
    except BaseException as error:  # whatever it is, the parent must read it, not see it raised
        answer = repr(error)
    try:
        os.write(writing, answer.encode()[:4096])
    finally:
        os._exit(0)


def _seal(ports: int) -> tuple[socket.socket, ...]:
    uid, gid = os.getuid(), os.getgid()
    kernel.unshare(kernel.CLONE_NEWUSER | kernel.CLONE_NEWNET)
    kernel.set_dumpable()
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid} {uid} 1")
    _write("/proc/self/gid_map", f"{gid} {gid} 1")
    _bring_loopback_up()
    # A local server that the user allows is offered at its own port here, which may be a low one.
    with contextlib.suppress(OSError):  # sealing can do without
        _write("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0")
    listeners = _listen(range(FIRST_PORT, FIRST_PORT + ports))
    # The engine's own sandbox makes a user namespace below this one and is given a full set of
    # capabilities there, so that dropping ours takes nothing from it.
    kernel.drop_all_capabilities()
    kernel.set_dumpable()
    return listeners


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def _bring_loopback_up() -> None:
    request = struct.pack("16sh22x", b"lo", _IFF_UP_RUNNING)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, _SIOCSIFFLAGS, request)


def _listen(ports: range | list[int]) -> tuple[socket.socket, ...]:
    listeners = []
    for port in ports:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.bind(("127.0.0.1", port))
        listener.listen(_BACKLOG)
        listeners.append(listener)
    return tuple(listeners)


def _ports(listeners: tuple[socket.socket, ...]) -> tuple[int, ...]:
    return tuple(int(listener.getsockname()[1]) for listener in listeners)

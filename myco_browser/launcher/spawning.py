"""Starting processes, without asyncio: the first session is on its way before that is loaded.

A session is greeted at once; its answers wait in the socket until the supervisor reads them.
"""

from __future__ import annotations

import itertools
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from myco_browser.launcher.environment import SESSION_MARK
from myco_vpn.framing import JsonObject, message_pair, send_message

EVERYDAY = "everyday"
PRIVATE = "private"
_starts = itertools.count(1)


class SessionProgram(NamedTuple):
    """What a session runs, told twice."""

    command: tuple[str, ...]
    """As a command, for a process that begins anew."""
    main: Callable[[], int] | None = None
    """The same for a copy of this process, which needs no interpreter to be started first."""


class LauncherSettings(NamedTuple):
    """What does not change while a launcher runs."""

    profile: str
    cache: str
    environ: Mapping[str, str]
    seal: bool
    language: str | None
    log_level: str
    door_arguments: tuple[str, ...]
    exits: str
    """The folder with the user's exits (see myco_vpn.book)."""
    program: SessionProgram


class OpenRequest(NamedTuple):
    """Pages to open."""

    urls: tuple[str, ...] = ()
    new_window: bool = False
    activation_token: str | None = None

    def message(self) -> JsonObject:
        """As the session gets it."""
        return {
            "type": "open",
            "urls": list(self.urls),
            "new_window": self.new_window,
            "activation_token": self.activation_token,
        }


class SessionName(NamedTuple):
    """Which session: the everyday one, or a private one by its number."""

    kind: str
    number: int

    @classmethod
    def everyday(cls) -> SessionName:
        """The everyday session."""
        return cls(EVERYDAY, 0)

    @classmethod
    def private(cls, number: int) -> SessionName:
        """The private session with this number."""
        return cls(PRIVATE, number)

    def __str__(self) -> str:
        return self.kind if self.kind == EVERYDAY else f"{self.kind}-{self.number}"


class Spawned(NamedTuple):
    """A session process that was started and greeted."""

    pid: int
    channel: socket.socket
    """The launcher's end."""
    door_fd: int
    """The door's end of the session's control channel."""
    mark: str
    """What all processes of this start have in the environment."""
    request: OpenRequest
    """What it was greeted with."""


def spawn(
    command: Sequence[str],
    environ: Mapping[str, str],
    fds: Sequence[int],
    output: int | None = None,
) -> int:
    """Start `command` as leader of its own kernel session, with `fds` open. Raises OSError.

    `output` is a descriptor that gets what it prints; without one, that goes where ours goes.
    """
    printed = [] if output is None else [(os.POSIX_SPAWN_DUP2, output, 1)]
    for fd in fds:
        os.set_inheritable(fd, True)
    try:
        return os.posix_spawn(
            command[0],
            tuple(command),
            environ,
            file_actions=[(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0), *printed],
            setsid=True,
            setsigdef=[signal.SIGPIPE, signal.SIGXFSZ],  # which Python ignores, and passes on
        )
    finally:
        for fd in fds:
            os.set_inheritable(fd, False)


def spawn_session(
    settings: LauncherSettings,
    name: SessionName,
    request: OpenRequest,
    state_fd: int | None = None,
    crashes: int = 0,
) -> Spawned:
    """Start a session's process; `state_fd` holds tabs to bring back, `crashes` is how often it
    crashed of late. Raises OSError."""
    mark = _new_mark()
    ours, theirs = message_pair()
    with theirs:
        command = (*settings.program.command, "--launcher-fd", str(theirs.fileno()))
        pid = spawn(command, {**settings.environ, SESSION_MARK: mark}, [theirs.fileno()])
    hello = _hello(settings, name, request, crashes)
    spawned = Spawned(pid, ours, -1, mark, request)
    return _greet(spawned, hello, [] if state_fd is None else [state_fd])


def fork_session(
    settings: LauncherSettings, name: SessionName, request: OpenRequest
) -> Spawned | None:
    """As `spawn_session`, by a copy of this process; None in the copy, which is to be the session.

    Saves the start of an interpreter, which the first window would wait for. Only for a process
    with one thread, whose descriptors the caller closes in the copy. Raises OSError.
    """
    mark = _new_mark()
    ours, theirs = message_pair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        begin_copy({**settings.environ, SESSION_MARK: mark})
        sys.argv[1:] = ["--launcher-fd", str(theirs.detach())]
        return None
    theirs.close()
    return _greet(Spawned(pid, ours, -1, mark, request), _hello(settings, name, request, 0), [])


def begin_copy(environ: Mapping[str, str]) -> None:
    """Give a forked copy of this process what one that is started anew would have."""
    os.setsid()
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.environ.clear()
    os.environ.update(environ)
    if not sys.flags.safe_path:
        del sys.path[0]  # the folder of the program, or the caller's
    folders = environ.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:0] = [folder for folder in folders if folder and folder not in sys.path]


def _new_mark() -> str:
    # A restarted session must not be taken for what is left of the crashed one.
    return f"{os.getpid()}.{next(_starts)}"


def _greet(spawned: Spawned, hello: JsonObject, fds: Sequence[int]) -> Spawned:
    door_end, session_end = message_pair()
    with session_end:
        send_message(spawned.channel, hello, [session_end.fileno(), *fds])
    mark = f"{SESSION_MARK}={spawned.mark}"
    return spawned._replace(door_fd=door_end.detach(), mark=mark)


def _hello(
    settings: LauncherSettings,
    name: SessionName,
    request: OpenRequest,
    crashes: int,
) -> JsonObject:
    is_everyday = name.kind == EVERYDAY
    return {
        "type": "hello",
        "session": str(name),
        "kind": name.kind,
        "number": name.number,
        "profile": settings.profile if is_everyday else None,
        "cache": settings.cache if is_everyday else None,
        # Every session reads the same filter lists and settings; only the everyday one writes.
        "lists_from": settings.profile,
        "urls": list(request.urls),
        "new_window": request.new_window,
        "seal": settings.seal,
        "restored_after_crash": crashes > 0,
        "crashes": crashes,
        "language": settings.language,
        "log_level": settings.log_level,
    }

"""One launcher per profile: the lock, and the socket by which a second start hands its URLs over.

The lock (flock on a file in the profile) decides; the socket is only the way to the holder. It lies
in $XDG_RUNTIME_DIR/myco-browser and is named after the profile's device and inode, so that two
spellings of one path meet; without such a folder it lies in the profile itself. Both sides check
the other's uid.

Light: everything here runs before the hand-over is decided.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import socket
import struct
import time
from typing import NamedTuple

from myco_browser.cli import Options
from myco_browser.system import paths

MAX_REQUEST = 4 * 1024 * 1024
"""Bytes of one hand-over."""
_ANSWER_S = 5.0
_WAIT_S = 10.0
_RETRY_S = 0.02
_MAX_SOCKET_PATH = 107
_LOCK_NAME = "lock"
_SOCKET_NAME = "instance.sock"
_NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC)


class InstanceError(Exception):
    """The profile can neither be opened nor handed to; the message is for people."""


class Claim(NamedTuple):
    """The right to run for a profile, held as long as the lock's descriptor is open."""

    profile: str
    lock_fd: int
    listener: socket.socket
    is_temporary: bool


def claim(options: Options) -> Claim | None:
    """The right to run, or None when a running instance took the request. Raises InstanceError."""
    if options.temp_profile:
        import tempfile

        return _become(tempfile.mkdtemp(prefix="myco-"), True)
    profile = options.profile or paths.data_directory(os.environ)
    try:
        paths.make_private(profile)
    except OSError as error:
        raise InstanceError(f"the profile {profile} cannot be made: {error.strerror}") from error
    deadline = time.monotonic() + _WAIT_S
    while True:
        if hand_over(profile, _request(options)):
            return None
        claimed = _become(profile, False)
        if claimed is not None:
            return claimed
        # Somebody holds the lock but does not answer: it is starting, or about to end.
        if time.monotonic() > deadline:
            raise InstanceError(f"another instance holds the profile {profile} but is silent")
        time.sleep(_RETRY_S)


def hand_over(profile: str, request: dict[str, object]) -> bool:
    """Give `request` to the instance that runs for `profile`; whether it took it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(_ANSWER_S)
        try:
            with _Address(profile) as address:
                sock.connect(address)
            if peer_uid(sock) != os.geteuid():
                return False
            sock.sendall(json.dumps(request).encode())
            sock.shutdown(socket.SHUT_WR)
            return sock.recv(16) == b"ok"
        except OSError:
            return False


def peer_uid(sock: socket.socket) -> int:
    """The uid of the process at the other end (SO_PEERCRED)."""
    credentials = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", credentials)[1])


def _request(options: Options) -> dict[str, object]:
    token = os.environ.get("XDG_ACTIVATION_TOKEN") or os.environ.get("DESKTOP_STARTUP_ID")
    return {
        "urls": options.urls,
        "private": options.private,
        "new_window": options.new_window,
        "activation_token": token,
    }


def _become(profile: str, is_temporary: bool) -> Claim | None:
    """Take the lock and listen; None when somebody else has it. Raises InstanceError."""
    try:
        lock_fd = _open_lock(profile)
    except OSError as error:
        raise InstanceError(f"the profile {profile} cannot be used: {error.strerror}") from error
    try:
        fcntl.flock(lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock_fd)
        return None
    return Claim(profile, lock_fd, _listen(profile), is_temporary)


def _open_lock(profile: str) -> int:
    """The file to be locked; of a profile that may not be written, as it is, or the folder."""
    path, safe = os.path.join(profile, _LOCK_NAME), os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | safe, 0o600)
    except OSError as error:
        if error.errno not in _NOT_WRITABLE:
            raise
    try:
        return os.open(path, os.O_RDONLY | safe)
    except FileNotFoundError:
        return os.open(profile, os.O_RDONLY | os.O_DIRECTORY | safe)


def _listen(profile: str) -> socket.socket:
    """Listen in the place of whatever a dead instance left. The lock must be held."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with _Address(profile) as address:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(address)
            listener.bind(address)
            os.chmod(address, 0o600)
    except OSError as error:
        if error.errno not in _NOT_WRITABLE:
            raise
        # Nobody can hand anything over: a second start is told that this one is silent.
        listener.bind("")
    listener.listen(64)
    return listener


def remove_socket(profile: str) -> None:
    """Leave no name behind at the end; the lock must still be held."""
    with _Address(profile) as address, contextlib.suppress(FileNotFoundError):
        os.unlink(address)


class _Address:
    """The path of a profile's socket, short enough for AF_UNIX while the context lasts."""

    def __init__(self, profile: str) -> None:
        self._profile = profile
        self._folder_fd: int | None = None

    def __enter__(self) -> str:
        folder = paths.runtime_directory(os.environ)
        if folder is None:
            path = os.path.join(self._profile, _SOCKET_NAME)
        else:
            status = os.stat(self._profile)
            path = os.path.join(folder, f"{status.st_dev:x}-{status.st_ino:x}.sock")
        if len(os.fsencode(path)) <= _MAX_SOCKET_PATH:
            return path
        # The kernel follows /proc/self/fd, which makes any path short.
        self._folder_fd = os.open(os.path.dirname(path), os.O_PATH | os.O_CLOEXEC)
        return f"/proc/self/fd/{self._folder_fd}/{os.path.basename(path)}"

    def __exit__(self, *_: object) -> None:
        if self._folder_fd is not None:
            os.close(self._folder_fd)

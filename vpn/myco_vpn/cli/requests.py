"""How `myco-vpn` reaches the holder of a tunnel that is up, and starts one."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import socket
from collections.abc import Callable, Mapping
from pathlib import Path

JsonObject = dict[str, object]
_ANSWER_S = 60.0


def runtime_folder(environ: Mapping[str, str]) -> Path:
    """A folder that only this user may enter. Raises OSError when it is somebody else's."""
    base = environ.get("XDG_RUNTIME_DIR", "")
    folder = Path(base) if os.path.isabs(base) else Path(f"/tmp/myco-vpn-{os.geteuid()}")  # noqa: S108 - checked below
    folder /= "myco-vpn"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = os.lstat(folder)
    if status.st_uid != os.geteuid() or status.st_mode & 0o077:
        raise PermissionError(f"{folder} is open to others")
    return folder


class HolderLink:
    """The holder of this user, if one runs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / "holder.sock"

    def ask(self, request: JsonObject) -> JsonObject | None:
        """Its answer; None when none runs."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
            sock.settimeout(_ANSWER_S)
            try:
                sock.connect(str(self._path))
                sock.sendall(json.dumps(request).encode() + b"\n")
                with sock.makefile("rb") as answers:
                    answer = json.loads(answers.readline())
            except (OSError, ValueError):
                return None
        return answer if isinstance(answer, dict) else None

    def start(self, listener: socket.socket, run: Callable[[socket.socket], None]) -> None:
        """Become two: the child runs until it is told to end, the parent returns."""
        lock = os.open(self._folder / "holder.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()
        requests = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        requests.bind(str(self._path))
        self._path.chmod(0o600)
        requests.listen(16)
        if os.fork():
            requests.close()
            listener.close()
            os.close(lock)
            return
        self._run_detached(requests, run)

    def _run_detached(self, requests: socket.socket, run: Callable[[socket.socket], None]) -> None:
        status = 1
        try:
            os.setsid()
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
            null = os.open(os.devnull, os.O_RDWR)
            for fd in (0, 1, 2):
                os.dup2(null, fd)
            os.chdir("/")
            run(requests)
            status = 0
        finally:
            with contextlib.suppress(OSError):
                self._path.unlink()
            os._exit(status)

"""A launcher with stand-in sessions, led by a test."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from myco_browser.system import processes
from myco_browser.system.processes import Process
from myco_vpn.door import PROCESS_NAME

_SUPPORT = Path(__file__).parent
_ROOT = _SUPPORT.parent.parent
DEADLINE_S = 20.0
Line = dict[str, object]


def wait_until(condition: Callable[[], bool], seconds: float = DEADLINE_S) -> bool:
    """Whether `condition` came true in time; polls, for what gives no signal."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        threading.Event().wait(0.01)
    return True


class StubSession:
    """One stand-in session, as it reports to the test."""

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(DEADLINE_S)
        self._connection = connection
        self._lines = connection.makefile("rw")
        self._events: list[Line] = []
        first = self._read()
        hello = first["hello"]
        assert isinstance(hello, dict)
        self.hello: Line = hello
        self.pid = int(str(first["pid"]))
        self.is_sealed = first["sealed"] is True

    def ask(self, do: str, **arguments: object) -> Line:
        """Have the session do something; its answer."""
        self._write({"do": do, **arguments})
        while "event" in (line := self._read()):
            self._events.append(line)
        return line

    def send(self, body: Line) -> None:
        """Have the session send a message to the launcher."""
        self.ask("send", body=json.dumps(body))

    def send_kept(self, body: Line, state: object) -> None:
        """Have the session send a message with a value in memory of its own beside it."""
        self.ask("send-kept", body=json.dumps(body), state=json.dumps(state))

    def end(self, status: int) -> None:
        """Have the session's process end."""
        self._write({"do": "end", "status": status})

    def next_event(self) -> Line:
        """The next message that the launcher sent, but for the count that it tells by itself."""
        while True:
            line = self._events.pop(0) if self._events else self._read()
            assert "event" in line
            body = line.get("body")
            if not (isinstance(body, dict) and body.get("type") == "others"):
                return line

    def close(self) -> None:
        """Close the test's side."""
        self._lines.close()
        self._connection.close()

    def _write(self, body: Line) -> None:
        self._lines.write(json.dumps(body) + "\n")
        self._lines.flush()

    def _read(self) -> Line:
        line = json.loads(self._lines.readline())
        assert isinstance(line, dict)
        return line


@dataclass
class LauncherRig:
    """A folder to start launchers in."""

    folder: Path
    control: socket.socket
    environ: dict[str, str]
    sessions: list[StubSession] = field(default_factory=list)
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def profile(self) -> Path:
        """The profile that launchers use if not told otherwise."""
        return self.folder / "profile"

    def start(self, *arguments: str, own_profile: bool = True) -> subprocess.Popen[str]:
        """Start a launcher."""
        place = ["--profile", str(self.profile)] if own_profile else []
        command = [sys.executable, str(_SUPPORT / "launcher_main.py"), *place, *arguments]
        process = subprocess.Popen(
            command, env=self.environ, cwd=self.folder, stderr=subprocess.PIPE, text=True
        )
        self.started.append(process)
        return process

    def session(self) -> StubSession:
        """The next session that a launcher starts."""
        connection, _ = self.control.accept()
        session = StubSession(connection)
        self.sessions.append(session)
        return session

    def host_map(self, lines: str) -> str:
        """A file with these lines."""
        path = self.folder / "hosts"
        path.write_text(lines)
        return str(path)


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for a process; its status and what it said."""
    _, errors = process.communicate(timeout=DEADLINE_S)
    return process.returncode, errors


def children_of(pid: int) -> set[Process]:
    """The living descendants of a process."""
    found = processes.descendants(pid, processes.all_processes())
    return {process for process in found if not process.is_zombie}


def door_of(launcher: subprocess.Popen[str]) -> int:
    """The pid of a launcher's door: the launcher's own child, not what was forked off it.

    The first session is on its way before the door is; so the door is waited for.
    """
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        for process in children_of(launcher.pid):
            with contextlib.suppress(OSError):
                folder = Path(f"/proc/{process.pid}")
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == launcher.pid and (folder / "comm").read_text() == f"{PROCESS_NAME}\n":
                    return process.pid
        threading.Event().wait(0.01)
    raise LookupError("no door runs")


def is_alive(pid: int) -> bool:
    """Whether the process runs."""
    process = processes.read_process(pid)
    return process is not None and not process.is_zombie


@contextlib.contextmanager
def launcher_rig(folder: Path) -> Iterator[LauncherRig]:
    """A rig whose launchers and sessions are gone afterwards."""
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    control = socket.socket(socket.AF_UNIX)
    control.settimeout(DEADLINE_S)
    control.bind(str(folder / "control"))
    control.listen()
    packages = [str(_ROOT / part) for part in (".", "filters", "vpn", "resources", "tests")]
    environ = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(packages),
        "XDG_RUNTIME_DIR": str(runtime),
        "MYCO_TEST_CONTROL": str(folder / "control"),
    }
    rig = LauncherRig(folder, control, environ)
    try:
        yield rig
    finally:
        for session in rig.sessions:
            session.close()
        for process in rig.started:
            _end(process)
        control.close()


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=DEADLINE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
    elif process.stderr is not None:
        process.stderr.close()

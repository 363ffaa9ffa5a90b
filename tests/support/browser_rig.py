"""The whole browser, started as users start it and led from a test."""

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
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_SUPPORT = Path(__file__).parent
_ROOT = _SUPPORT.parent.parent
DEADLINE_S = 45.0


class LedSession:
    """One session process that runs code for the test."""

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(DEADLINE_S)
        self._connection = connection
        self._lines = connection.makefile("rw")
        hello = json.loads(self._lines.readline())
        self.pid: int = hello["pid"]
        self.name: str = hello["name"]

    def run(self, code: str) -> Any:
        """Runs the body of a function of `session` on the Qt thread; its JSON value."""
        self._lines.write(json.dumps({"code": code}) + "\n")
        self._lines.flush()
        line = self._lines.readline()
        assert line, "the session ended"
        answer = json.loads(line)
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer["result"]

    def wait_for(self, expression: str, seconds: float = DEADLINE_S) -> Any:
        """The value of an expression of `session`, `window` and `tab` once it is true."""
        code = f"{_NAMES}\nreturn {expression}"
        deadline = time.monotonic() + seconds
        while not (value := self.run(code)):
            if time.monotonic() > deadline:
                state = self.run(f"{_NAMES}\nreturn [tab.title, tab.urlstr, tab.loading]")
                raise AssertionError(f"never true: {expression}; tab: {state}")
            threading.Event().wait(0.02)
        return value

    def value(self, expression: str) -> Any:
        """The value of an expression of `session`, `window` and `tab`."""
        return self.run(f"{_NAMES}\nreturn {expression}")

    def do(self, statement: str) -> None:
        """Runs a statement with `session`, `window` and `tab`."""
        self.run(f"{_NAMES}\n{statement}")

    def open(self, text: str) -> None:
        """Types into the address bar and waits until the page is there, or its failure."""
        # What the tab is doing (the start page) must not be taken for what is opened now.
        self.wait_for("tab.progress == 100 and not tab.loading")
        self.do(
            "session.loads = []\n"
            "tab.page.loadFinished.connect(lambda ok, loads=session.loads: loads.append(ok))\n"
            f"window.open_text({text!r})"
        )
        self.wait_for("session.loads and not tab.loading")

    def script(self, source: str) -> Any:
        """The value of a script in the page's own world."""
        self.do(
            "session.answers = []\n"
            f"tab.page.runJavaScript({source!r}, 0, lambda value: session.answers.append(value))"
        )
        self.wait_for("len(session.answers)")
        return self.value("session.answers[0]")

    def wait_for_script(self, source: str, value: Any) -> None:
        """Waits until a script in the page gives `value`."""
        deadline = time.monotonic() + DEADLINE_S
        while (found := self.script(source)) != value:
            assert time.monotonic() < deadline, f"{source} stays {found!r}, not {value!r}"
            threading.Event().wait(0.02)

    def wait_painted(self) -> None:
        """Waits until the page can be clicked: before it is painted, the engine drops clicks."""
        self.wait_for_script("performance.getEntriesByType('paint').length > 0", True)

    def click(self, selector: str, held: str = "NoModifier") -> None:
        """A click into the middle of an element, which the engine takes for the user's."""
        self.wait_painted()
        place = f"document.querySelector({selector!r}).getBoundingClientRect()"
        x, y = self.script(f"(r => [r.x + r.width / 2, r.y + r.height / 2])({place})")
        self.do(
            "from PyQt6.QtTest import QTest\n"
            "from PyQt6.QtCore import QPoint, Qt\n"
            "QTest.mouseClick(tab.view.focusProxy(), Qt.MouseButton.LeftButton, "
            f"Qt.KeyboardModifier.{held}, QPoint({int(x)}, {int(y)}))"
        )

    def forget_site(self, key: str) -> None:
        """Forgets a site; waits until the engine's cache is empty, and pages can be loaded."""
        self.do(
            "session.cleared = []\n"
            "tab.page.profile().clearHttpCacheCompleted.connect(\n"
            "    lambda cleared=session.cleared: cleared.append(1))\n"
            f"session._context.forgetting.forget_site({key!r})"
        )
        self.wait_for("session.cleared")

    def picture(self, path: Path) -> None:
        """Saves a picture of the window."""
        self.do(f"window.grab().save({str(path)!r})")

    def close(self) -> None:
        """Lets the control connection go."""
        self._lines.close()
        self._connection.close()


_NAMES = """
window = session._manager.active_window()
tab = window.current() if window is not None and len(window.tabs) else None
"""


def set_level(site: str, level: str) -> str:
    """The statement that gives a site one of the levels STANDARD, STRICT and OFF."""
    return (
        "from myco_browser.domain.site_settings import Level\n"
        f"session._context.policy.set_level({site!r}, Level.{level})"
    )


@dataclass
class BrowserRig:
    """A folder to run browsers in."""

    folder: Path
    control: socket.socket
    environ: dict[str, str]
    sessions: list[LedSession] = field(default_factory=list)
    started: list[subprocess.Popen[str]] = field(default_factory=list)
    inside: tuple[str, ...] = ()
    """A command that runs the browser, such as one that gives it a disk of its own."""
    settings: dict[str, object] = field(default_factory=lambda: {"content.https_first": False})

    @property
    def profile(self) -> Path:
        """The profile in use."""
        return self.folder / "profile"

    def start(self, *arguments: str, hosts: str = "") -> LedSession:
        """Starts the browser; its first session."""
        self.launch(*arguments, hosts=hosts)
        return self.session()

    def launch(
        self, *arguments: str, hosts: str = "", is_new: bool = False
    ) -> subprocess.Popen[str]:
        """Starts the browser; unless `is_new`, the page of a new profile counts as seen."""
        if not is_new:
            self._prefer()
            self.profile.mkdir(mode=0o700, exist_ok=True)
            (self.profile / "welcome-shown").touch()
        more = ["--profile", str(self.profile)]
        if hosts:
            path = self.folder / "hosts"
            path.write_text(hosts)
            more += ["--host-map", str(path)]
        log = (self.folder / "log").open("a")
        process = subprocess.Popen(
            [*self.inside, sys.executable, "-P", str(_SUPPORT / "browser_main.py"), *more,
             *arguments],
            env=self.environ, cwd=self.folder, stderr=log, text=True,
        )  # fmt: skip
        log.close()
        self.started.append(process)
        return process

    def _prefer(self) -> None:
        """Writes the settings of a new profile: most test sites have no encryption."""
        file = self.profile / "settings.json"
        if not file.exists():
            self.profile.mkdir(mode=0o700, exist_ok=True)
            file.write_text(json.dumps(self.settings))

    def session(self) -> LedSession:
        """The next session that starts."""
        try:
            connection, _ = self.control.accept()
        except TimeoutError as error:
            raise AssertionError(self.log()) from error
        session = LedSession(connection)
        self.sessions.append(session)
        return session

    def log(self) -> str:
        """What the browser said."""
        path = self.folder / "log"
        return path.read_text()[-4000:] if path.exists() else ""


@contextlib.contextmanager
def browser_rig(folder: Path) -> Iterator[BrowserRig]:
    """A rig whose browsers are gone afterwards."""
    for name in ("run", "home"):
        (folder / name).mkdir(mode=0o700)
    control = socket.socket(socket.AF_UNIX)
    control.settimeout(DEADLINE_S)
    control.bind(str(folder / "control"))
    control.listen()
    packages = [str(_ROOT / part) for part in (".", "filters", "vpn", "resources", "tests")]
    environ = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(packages),
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "HOME": str(folder / "home"),
        "MYCO_TEST_CONTROL": str(folder / "control"),
        "LANG": "C.UTF-8",
    }
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        environ.pop(name, None)
    if "DISPLAY" not in environ and "WAYLAND_DISPLAY" not in environ:
        environ["QT_QPA_PLATFORM"] = "offscreen"
    rig = BrowserRig(folder, control, environ)
    try:
        yield rig
    finally:
        for process in rig.started:
            _end(process)
        for session in rig.sessions:
            session.close()
        control.close()
        # Shown beside what failed.
        print(rig.log(), file=sys.stderr)


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(DEADLINE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

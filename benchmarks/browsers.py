"""Myco and Debian's Chromium for the benchmarks: started on the same pages of one local server.

Names below .test are mapped to the server by each browser's own means. Each start has a copy of a
profile that was used once before, so that starts are warm and do not depend on each other.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parents[1]
PARTS = [str(ROOT / part) for part in (".", "filters", "vpn", "resources", "tests")]
sys.path[:0] = PARTS
PATIENCE_S = 60.0
_LOOK_S = 0.5
_QUIET_LOOKS = 4
_AT_REST = 0.04
"""The share of one core that a browser uses when nothing happens."""
CHROMIUM_FLAGS = (
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-default-browser-check",
    "--password-store=basic",
)
_PARAGRAPH = "<p>The door counts what leaves; what it does not know stays at home. </p>" * 60
_PICTURE = (
    "<svg width=120 height=80><rect width=120 height=80 fill='#2a9d8f'/>"
    "<circle cx=60 cy=40 r=30 fill='#e9c46a'/></svg>"
)
PAGE = f"""<!doctype html><meta charset=utf-8><title>benchmark</title><link rel=icon href=data:,>
<style>body{{font:16px sans-serif;margin:2em;columns:2}}svg{{margin:4px}}</style>
<h1>A page</h1>{_PICTURE * 24}{_PARAGRAPH}<script>
addEventListener('load', () => fetch('/loaded'));
requestAnimationFrame(() => requestAnimationFrame(() => fetch('/painted')));
</script>""".encode()


@dataclass
class Server:
    """The pages' server; `arrivals` holds (host, path) and when it came (time.monotonic)."""

    port: int = 0
    arrivals: list[tuple[str, str, float]] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)

    def note(self, host: str, path: str) -> None:
        """One request came."""
        with self.news:
            self.arrivals.append((host, path, time.monotonic()))
            self.news.notify_all()

    def wait_for(self, host: str, path: str) -> float:
        """When that request came. Raises TimeoutError."""
        with self.news:
            if not self.news.wait_for(lambda: self._find(host, path) is not None, PATIENCE_S):
                raise TimeoutError(f"{host}{path} was never asked for")
            found = self._find(host, path)
            assert found is not None
            return found

    def _find(self, host: str, path: str) -> float | None:
        return next((at for h, p, at in self.arrivals if (h, p) == (host, path)), None)


@contextlib.contextmanager
def serve() -> Iterator[Server]:
    """A server on loopback."""
    seen = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            seen.note((self.headers["Host"] or "").partition(":")[0], self.path)
            body = PAGE if self.path == "/" else b""
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    seen.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        server.shutdown()


class Browser:
    """One browser, with a profile to start from."""

    name = ""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder = folder / self.name
        self.folder.mkdir()
        self.server = server
        self.model = self.folder / "model"
        self.profile = self.model
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, url: str) -> list[str]:
        """The command that opens `url`, in the running instance if there is one."""
        raise NotImplementedError

    def warm_up(self) -> None:
        """Makes the profile that starts are made from."""
        self.model.mkdir()
        self.start("warm.test", renew=False)
        self.server.wait_for("warm.test", "/painted")
        self.settle()
        self.stop()

    def settle(self) -> None:
        """Waits until a first start has done what it does once."""
        assert self.process is not None
        wait_for_rest(self.process.pid)

    def start(self, host: str, *, renew: bool = True) -> float:
        """Starts it on a fresh copy of the profile; when (time.monotonic)."""
        if renew:
            self.profile = self.folder / host
            shutil.copytree(self.model, self.profile, symlinks=True)
        log = (self.folder / "log").open("ab")
        at = time.monotonic()
        self.process = subprocess.Popen(
            self.command(f"http://{host}/"), env=self._environ(), stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
        log.close()
        return at

    def open(self, host: str) -> None:
        """Opens another tab and waits until its page is there."""
        subprocess.run(
            self.command(f"http://{host}/"), env=self._environ(), check=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=PATIENCE_S,
        )  # fmt: skip
        self.server.wait_for(host, "/loaded")

    def stop(self) -> None:
        """Ends it, and forgets this start's profile."""
        process, self.process = self.process, None
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if self.profile != self.model:
            shutil.rmtree(self.profile, ignore_errors=True)

    def _environ(self) -> dict[str, str]:
        (self.folder / "run").mkdir(mode=0o700, exist_ok=True)
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(PARTS),
            "HOME": str(self.folder),
            "XDG_RUNTIME_DIR": str(self.folder / "run"),
        }


class Myco(Browser):
    """This checkout."""

    name = "myco"

    def command(self, url: str) -> list[str]:
        hosts = self.folder / "hosts"
        hosts.write_text(f"*.test 127.0.0.1:{self.server.port}\n")
        program = [sys.executable, "-P", "-m", "myco_browser"]
        return [*program, "--profile", str(self.profile), "--host-map", str(hosts), url]

    def warm_up(self) -> None:
        from support.stored_lists import store_lists

        self.model.mkdir()
        # The pages' server has no encryption.
        (self.model / "settings.json").write_text('{"content.https_first": false}')
        real = store_lists(self.model)
        print(f"myco: {real} real filter lists")
        self.start("warm.test", renew=False)
        self.server.wait_for("warm.test", "/painted")
        self.settle()
        self.stop()

    def settle(self) -> None:
        # The lists are compiled beside the first window; later starts find the result.
        deadline = time.monotonic() + PATIENCE_S
        while not list(self.model.glob("filters/engine-*.cache")):
            if time.monotonic() > deadline:
                raise TimeoutError("the filter lists were never compiled")
            time.sleep(0.5)  # between two looks for the file; nothing is timed here
        super().settle()


class Chromium(Browser):
    """Debian's Chromium, with its sandbox."""

    name = "chromium"

    def command(self, url: str) -> list[str]:
        rules = f"MAP *.test 127.0.0.1:{self.server.port}"
        profile = f"--user-data-dir={self.profile}"
        return ["chromium", *CHROMIUM_FLAGS, profile, f"--host-resolver-rules={rules}", url]


def browsers(folder: Path, server: Server) -> list[Browser]:
    """Those that are installed, with profiles made ready."""
    found: list[Browser] = [Myco(folder, server)]
    if shutil.which("chromium"):
        found.append(Chromium(folder, server))
    for browser in found:
        browser.warm_up()
    return found


def wait_for_rest(pid: int) -> None:
    """Until a process and its descendants have used hardly any processor time for two seconds.

    Neither browser tells when it has tidied up after its start. On a machine that never lets them
    rest it ends after a time.
    """
    deadline = time.monotonic() + PATIENCE_S / 2
    quiet, used = 0, _processor_s(pid)
    while quiet < _QUIET_LOOKS and time.monotonic() < deadline:
        time.sleep(_LOOK_S)  # the length over which processor time is measured
        before, used = used, _processor_s(pid)
        quiet = quiet + 1 if used - before < _AT_REST * _LOOK_S else 0


def _processor_s(pid: int) -> float:
    ticks = 0
    for member in tree(pid):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> set[int]:
    """A process and all its descendants, wherever their namespaces are."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                stat = (entry / "stat").read_text()
                parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found

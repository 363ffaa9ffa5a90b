"""Runs a browser of its own past the self-test's servers and brings back what they saw."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from myco_browser.launcher import environment, instance
from myco_browser.selftest import servers
from myco_browser.selftest.evidence import Seen
from myco_browser.selftest.pages import KINDS, start_url
from myco_browser.selftest.servers import Servers
from myco_browser.system.processes import Process, all_processes, descendants

INSTANCE = (sys.executable, "-P", "-m", "myco_browser.selftest.instance")
_START_S = 30.0
_WAY_S = 90.0
_END_S = 10.0
_LOOK_S = 0.2
# Whatever the user chose, the pages have to run, and nothing else is to be asked for.
_FIXED = {
    "content.javascript": True,
    "private.javascript": True,
    "blocking.updates": False,
    "start.restore": False,
    "start.home": "",
}


class NotRunError(Exception):
    """The self-test could not be run to its end; the text says why."""


async def gather(
    settings: Mapping[str, object], *, seal: bool = True, command: tuple[str, ...] = INSTANCE
) -> Seen:
    """What the servers saw of a private and an everyday session with these settings.

    Raises NotRunError and OSError.
    """
    with tempfile.TemporaryDirectory(prefix="myco-self-test-") as name:
        folder = Path(name)
        async with servers.running() as running:
            arguments = _prepare(folder, running, settings, seal=seal)
            process = await asyncio.create_subprocess_exec(
                *command, *arguments, env=_environment(folder), cwd=folder,
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
                stderr=(folder / "log").open("wb"),
            )  # fmt: skip
            try:
                await _lead(folder, process, running)
            except NotRunError as error:
                said = (folder / "log").read_text("utf-8", "replace").strip()
                raise NotRunError("\n".join(filter(None, (str(error), said[-600:])))) from None
            finally:
                await _end(process)
            return running.seen


def _prepare(
    folder: Path, running: Servers, settings: Mapping[str, object], *, seal: bool
) -> list[str]:
    profile = folder / "profile"
    profile.mkdir(mode=0o700)
    (profile / "settings.json").write_text(json.dumps({**settings, **_FIXED}), "utf-8")
    hosts = folder / "hosts"
    hosts.write_text(running.host_map(), "utf-8")
    arguments = ["--profile", str(profile), "--host-map", str(hosts), "--log-level", "error"]
    if not seal:
        arguments.append("--no-seal")
    return [*arguments, "--private", start_url("private", running.port)]


def _environment(folder: Path) -> dict[str, str]:
    own = {
        # No window on the user's screen, and nothing kept.
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CACHE_HOME": str(folder / "cache"),
    }
    return environment.for_child(os.environ) | own


async def _lead(folder: Path, process: asyncio.subprocess.Process, running: Servers) -> None:
    profile = str(folder / "profile")
    loop = asyncio.get_running_loop()
    request = {"urls": [start_url("everyday", running.port)], "private": False}
    deadline = loop.time() + _START_S
    while not await asyncio.to_thread(instance.hand_over, profile, request):
        _check(process)
        if loop.time() > deadline:
            raise NotRunError("the browser did not start")
        await asyncio.sleep(_LOOK_S)
    deadline = loop.time() + _WAY_S
    while not all(map(running.is_done, KINDS)):
        _check(process)
        if loop.time() > deadline:
            break
        running.news.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(_LOOK_S):
                await running.news.wait()
    if not any(running.seen.of(kind).requests for kind in KINDS):
        raise NotRunError("the browser asked for none of the pages")
    _look_at_kernel(process.pid, running.seen)


def _check(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        raise NotRunError(f"the browser ended with status {process.returncode}")


def _look_at_kernel(launcher: int, seen: Seen) -> None:
    """Whether the sessions have a network of nothing but a loopback: that is what sealing is."""
    sessions = [one for one in descendants(launcher, all_processes()) if _is_session(one)]
    for kind in KINDS:
        seen.of(kind).sealed = bool(sessions) and all(map(_has_loopback_only, sessions))


def _is_session(process: Process) -> bool:
    with suppress(OSError):
        return b"--launcher-fd" in Path(f"/proc/{process.pid}/cmdline").read_bytes().split(b"\0")
    return False


def _has_loopback_only(process: Process) -> bool:
    with suppress(OSError):
        lines = Path(f"/proc/{process.pid}/net/dev").read_text().splitlines()[2:]
        return {line.partition(":")[0].strip() for line in lines} == {"lo"}
    return False


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    with suppress(TimeoutError):
        async with asyncio.timeout(_END_S):
            await process.wait()
            return
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()

"""Becomes the launcher that stays: the first session is started, then the supervisor is loaded."""

from __future__ import annotations

import contextlib
import os
import signal
import sys

from myco_browser.cli import Options
from myco_browser.launcher import environment, instance, preferences
from myco_browser.launcher.instance import Claim
from myco_browser.launcher.spawning import (
    LauncherSettings,
    OpenRequest,
    SessionName,
    SessionProgram,
    fork_session,
    spawn_session,
)
from myco_browser.system import paths

BAD_ARGUMENT_STATUS = 2


def run(
    options: Options,
    claim: Claim,
    program: SessionProgram,
    *,
    is_self_test: bool = False,
) -> int:
    """Supervise until the last session has ended; the exit status.

    The door is a copy of this process, and so is the first session if `program` can be run so.
    There, this returns the copy's exit status, and leaves alone what is the launcher's.
    Only the self-test's door may lead every other name to a listener of its own.
    """
    launcher = os.getpid()
    try:
        settings = _settings(options, claim, program)
        home = os.path.expanduser("~")
        # Not in the caller's folder, which a browser would keep busy.
        os.chdir(home if os.path.isdir(home) else "/")
        private = options.private or preferences.read(settings.profile).invisible
        name = SessionName.private(1) if private else SessionName.everyday()
        start = spawn_session if program.main is None else fork_session
        first = start(settings, name, OpenRequest(options.urls, options.new_window))
        if first is None:
            assert program.main is not None
            _let_go(claim)
            return program.main()
        # The session takes longer to start than a mistake in the map takes to be found.
        if problem := host_map_problem(options.host_map, is_self_test=is_self_test):
            os.kill(first.pid, signal.SIGKILL)
            os.waitpid(first.pid, 0)
            print(f"myco-browser: {problem}", file=sys.stderr)
            return BAD_ARGUMENT_STATUS
        # asyncio; the session is loading meanwhile
        from myco_browser.launcher import serving
        from myco_browser.launcher.door import fork_door, run_door

        door = fork_door(settings)
        if isinstance(door, int):
            _let_go(claim)
            first.channel.close()
            os.close(first.door_fd)
            return run_door(settings, door)
        return serving.serve(settings, claim.listener, door, name, first)
    finally:
        if os.getpid() == launcher:
            _leave(claim)


def host_map_problem(path: str | None, *, is_self_test: bool) -> str:
    """Why the door cannot be given this map; "" if it can."""
    if path is None:
        return ""
    from pathlib import Path  # only developers pay for these

    from myco_vpn.hostmap import HostMapError, parse_host_map

    try:
        host_map = parse_host_map(Path(path).read_text("utf-8"))
    except (OSError, UnicodeError, HostMapError) as error:
        return f"the host map cannot be used: {error}"
    if host_map.otherwise is not None and not is_self_test:
        return "the host map cannot be used: only the self-test leads every other name elsewhere"
    return ""


def _settings(options: Options, claim: Claim, program: SessionProgram) -> LauncherSettings:
    arguments: tuple[str, ...] = ("--log-level", options.log_level)
    if options.host_map is not None:
        arguments += ("--host-map", options.host_map)
    return LauncherSettings(
        profile=claim.profile,
        cache=paths.cache_directory(os.environ, claim.profile),
        environ=environment.for_child(os.environ),
        seal=options.seal,
        language=options.language,
        log_level=options.log_level,
        door_arguments=arguments,
        exits=_exits_folder(options, claim),
        program=program,
    )


def _exits_folder(options: Options, claim: Claim) -> str:
    """The usual profile shares its exits with `myco-vpn`; another one has its own."""
    if options.profile is None and not claim.is_temporary:
        base = os.environ.get("XDG_DATA_HOME", "")
        base = base if os.path.isabs(base) else os.path.expanduser("~/.local/share")
        return os.path.join(base, "myco-vpn")
    return os.path.join(claim.profile, "exits")


def _let_go(claim: Claim) -> None:
    """In a copy: these are the launcher's. Closing a copy of the lock does not open it."""
    claim.listener.close()
    os.close(claim.lock_fd)


def _leave(claim: Claim) -> None:
    """Leave nothing behind that a later start could stumble over."""
    claim.listener.close()
    with contextlib.suppress(OSError):
        instance.remove_socket(claim.profile)
    if claim.is_temporary:
        import shutil

        shutil.rmtree(claim.profile, ignore_errors=True)
    os.close(claim.lock_fd)
